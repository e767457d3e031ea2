/** HTTP/1.1 over a few keep-alive connections. */

import { Agent, request, type ClientRequest, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";

import { Semaphore } from "../base/concurrency.ts";

import { Aborted, StaleConnection, type Answer, type Exchange, type Headers, type Transport } from "./exchange.ts";
import { SilenceClock } from "./silence.ts";

/** Enough to hide latency; more of them cost more handshakes than they save. */
const CONNECTIONS = 8;

export interface Http1Options {
  /** Opens one more connection. */
  readonly open: () => Promise<Socket>;
  /** A connection that is open already. */
  readonly first?: Socket;
  /** Present when requests go to a proxy and name the whole URL; what to tell the proxy. */
  readonly proxyHeaders?: Headers;
}

/** Requests to one server, each on its own connection while it lasts. */
export class Http1Transport implements Transport {
  isOpen = true;
  readonly #options: Http1Options;
  readonly #agent: DialingAgent;
  // The agent's own limit does not count connections that are still being made.
  readonly #places = new Semaphore(CONNECTIONS);

  constructor(options: Http1Options) {
    this.#options = options;
    this.#agent = new DialingAgent(options);
  }

  send(exchange: Exchange): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#places.run(() => this.#exchange(exchange, resolve)).catch(reject);
    });
  }

  close(): void {
    this.isOpen = false;
    this.#agent.destroy();
  }

  /** Hands over the answer, and lasts until the connection is free again. */
  #exchange(exchange: Exchange, answer: (answer: Answer) => void): Promise<void> {
    const { url, method, signal } = exchange;
    if (signal?.aborted) return Promise.reject(new Aborted("aborted"));
    return new Promise((resolve, reject) => {
      const sent = request({
        agent: this.#agent,
        method,
        headers: this.#headers(exchange),
        setHost: false,
        // Only names the pool: the agent dials by itself, and Node's own look-up is never used.
        host: url.hostname,
        path: `${this.#options.proxyHeaders ? url.origin : ""}${url.pathname}${url.search}`,
      });
      const abort = () => sent.destroy(new Aborted("aborted"));
      signal?.addEventListener("abort", abort, { once: true });
      const clock = watch(sent, exchange.timeout);
      sent.on("error", (error) => {
        clock.stop();
        reject(isStale(sent, error) ? new StaleConnection(error.message, { cause: error }) : error);
      });
      sent.once("response", (response) => {
        clock.stop();
        answer(answerOf(response));
      });
      sent.once("close", () => {
        signal?.removeEventListener("abort", abort);
        resolve();
      });
      sent.end();
    });
  }

  #headers(exchange: Exchange): Record<string, string> {
    const headers: Record<string, string> = { host: exchange.url.host };
    for (const [name, value] of Object.entries({ ...exchange.headers, ...this.#options.proxyHeaders })) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  }
}

/** Waiting for a free connection is not silence: the clock starts when there is one. */
function watch(sent: ClientRequest, timeout: number): { stop(): void } {
  let clock: SilenceClock | undefined;
  sent.once("socket", (socket) => {
    if (sent.destroyed) return;
    clock = new SilenceClock({ timeout, received: () => socket.bytesRead, onSilence: (error) => sent.destroy(error) });
  });
  return { stop: () => clock?.stop() };
}

function isStale(sent: ClientRequest, error: Error): boolean {
  return sent.reusedSocket && "code" in error && (error.code === "ECONNRESET" || error.code === "EPIPE");
}

function answerOf(response: IncomingMessage): Answer {
  const { socket } = response;
  return {
    status: response.statusCode ?? 0,
    headers: flatten(response),
    body: response,
    isWhole: () => response.complete,
    received: () => socket.bytesRead,
  };
}

function flatten(response: IncomingMessage): Headers {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return headers;
}

/** Node's pool of connections, with our way to open them. */
class DialingAgent extends Agent {
  readonly #open: () => Promise<Socket>;
  #first: Socket | undefined;

  constructor({ open, first }: Http1Options) {
    super({ keepAlive: true, maxFreeSockets: CONNECTIONS, scheduling: "lifo" });
    this.#open = open;
    this.#first = first;
  }

  override createConnection(_options: object, callback?: (error: Error | null, socket: Socket) => void): undefined {
    void this.#connect(callback ?? (() => {}));
    return undefined;
  }

  async #connect(callback: (error: Error | null, socket: Socket) => void): Promise<void> {
    const first = this.#first;
    this.#first = undefined;
    try {
      callback(null, first && !first.destroyed ? first : await this.#open());
    } catch (error) {
      callback(error instanceof Error ? error : new Error(String(error)), undefined as never);
    }
  }

  override destroy(): void {
    this.#first?.destroy();
    super.destroy();
  }
}
