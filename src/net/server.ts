/** One server: which protocol it speaks, and the transport in use. */

import type { Dialer, Destination } from "./dial.ts";
import { Aborted, type Answer, type Exchange, type Transport } from "./exchange.ts";
import { proxyAuthorization } from "./proxy.ts";

/** Sends requests to one origin, connecting when needed and again when the connection is gone. */
export class Server {
  readonly #dialer: Dialer;
  readonly #destination: Destination;
  #transport: Transport | undefined;
  #connecting: Promise<Transport> | undefined;
  #isHttp1Only = false;

  constructor(dialer: Dialer, destination: Destination) {
    this.#dialer = dialer;
    this.#destination = destination;
  }

  /** Connects ahead of the first request; failures show with that request. */
  preconnect(): void {
    this.#connected().catch(() => {});
  }

  async send(exchange: Exchange): Promise<Answer> {
    const transport = await orAborted(this.#connected(), exchange.signal);
    try {
      return await transport.send(exchange);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes("HTTP_1_1_REQUIRED")) throw error;
      this.#isHttp1Only = true;
      transport.close();
      return (await this.#connected()).send(exchange);
    }
  }

  close(): void {
    this.#transport?.close();
  }

  #connected(): Promise<Transport> {
    if (this.#transport?.isOpen) return Promise.resolve(this.#transport);
    // Everyone waits for one connection: only it can tell whether more are needed.
    this.#connecting ??= this.#connect().then(
      (transport) => {
        this.#connecting = undefined;
        this.#transport = transport;
        return transport;
      },
      (error: unknown) => {
        this.#connecting = undefined;
        throw error;
      },
    );
    return this.#connecting;
  }

  async #connect(): Promise<Transport> {
    const dialer = this.#dialer;
    const destination = this.#destination;
    const { url, proxy } = destination;
    if (url.protocol === "http:") {
      const { Http1Transport } = await import("./http1.ts");
      const authorization = proxy && proxyAuthorization(proxy);
      return new Http1Transport({
        open: () => dialer.plain(destination),
        ...(proxy && { proxyHeaders: { "proxy-authorization": authorization } }),
      });
    }
    const protocols = this.#isHttp1Only ? ["http/1.1"] : ["h2", "http/1.1"];
    const dialing = dialer.secure(destination, protocols);
    dialing.catch(() => {});
    // Loading the protocol's module takes a few milliseconds, which the handshake needs anyway.
    const { Http2Transport } = await import("./http2.ts");
    const socket = await dialing;
    socket.unref();
    if (socket.alpnProtocol === "h2") return new Http2Transport(url.origin, socket);
    const { Http1Transport } = await import("./http1.ts");
    return new Http1Transport({ open: () => dialer.secure(destination, ["http/1.1"]), first: socket });
  }
}

/** The connection is everybody's and goes on; who is aborted stops waiting for it. */
function orAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(new Aborted("aborted"));
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
