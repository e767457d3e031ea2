/** HTTP/2 (RFC 9113): all requests to a server share one connection. */

import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream } from "node:http2";
import type { TLSSocket } from "node:tls";

import { Semaphore } from "../base/concurrency.ts";

import {
  Aborted,
  CutShort,
  endEarly,
  NotProcessed,
  type Answer,
  type Exchange,
  type Headers,
  type Transport,
} from "./exchange.ts";
import { SilenceClock } from "./silence.ts";

/** Bytes that a server may send on one stream, and on the connection, before it has to wait for us. */
const STREAM_WINDOW = 16 * 1024 * 1024;
const CONNECTION_WINDOW = 64 * 1024 * 1024;
/** Requests under way at the same time, also when the server would take more. */
const STREAMS = 100;

/** Requests to one server over one connection. */
export class Http2Transport implements Transport {
  readonly #session: ClientHttp2Session;
  readonly #socket: TLSSocket;
  readonly #places = new Semaphore(STREAMS);
  #isLeaving = false;

  constructor(origin: string, socket: TLSSocket) {
    this.#socket = socket;
    this.#session = connect(origin, {
      createConnection: () => socket,
      settings: { initialWindowSize: STREAM_WINDOW, enablePush: false },
      // Megabytes; more streams are refused beyond it, and ours are bounded by the windows anyway.
      maxSessionMemory: 1000,
    });
    this.#session.on("error", () => {});
    this.#session.on("goaway", () => (this.#isLeaving = true));
    this.#session.on("connect", () => this.#session.setLocalWindowSize(CONNECTION_WINDOW));
    // Whoever waits for an answer has a clock running; an idle connection must not keep the process alive.
    this.#session.unref();
  }

  get isOpen(): boolean {
    return !this.#isLeaving && !this.#session.closed && !this.#session.destroyed && !this.#socket.destroyed;
  }

  send(exchange: Exchange): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#places.run(() => this.#exchange(exchange, resolve)).catch(reject);
    });
  }

  close(): void {
    this.#isLeaving = true;
    endEarly(this.#session);
    endEarly(this.#socket);
  }

  /** Hands over the answer, and lasts as long as the stream. */
  #exchange(exchange: Exchange, answer: (answer: Answer) => void): Promise<void> {
    const { signal } = exchange;
    if (!this.isOpen) return Promise.reject(new NotProcessed("the connection is closing"));
    if (signal?.aborted) return Promise.reject(new Aborted("aborted"));
    const stream = this.#session.request(requestHeaders(exchange), { endStream: true });
    const received = () => this.#socket.bytesRead;
    return new Promise((resolve, reject) => {
      let isAnswered = false;
      const clock = new SilenceClock({
        timeout: exchange.timeout,
        received,
        onSilence: (error) => this.#silent(error),
      });
      const abort = () => endEarly(stream, new Aborted("aborted"));
      signal?.addEventListener("abort", abort, { once: true });
      stream.once("response", (headers) => {
        clock.stop();
        isAnswered = true;
        answer({
          status: headers[":status"] ?? 0,
          headers: flatten(headers),
          body: stream,
          isWhole: () => isWhole(stream),
          received,
        });
      });
      stream.on("error", reject);
      stream.once("close", () => {
        clock.stop();
        signal?.removeEventListener("abort", abort);
        if (isAnswered) resolve();
        else reject(this.isOpen ? new CutShort() : new NotProcessed("the connection was closed"));
      });
    });
  }

  /** Nothing arrives on the whole connection: it is dead, and so is every request on it. */
  #silent(error: Error): void {
    this.#isLeaving = true;
    endEarly(this.#session, error);
  }
}

function requestHeaders({ url, method, headers }: Exchange): Record<string, string> {
  const all: Record<string, string> = {
    [constants.HTTP2_HEADER_METHOD]: method,
    [constants.HTTP2_HEADER_SCHEME]: "https",
    [constants.HTTP2_HEADER_AUTHORITY]: url.host,
    [constants.HTTP2_HEADER_PATH]: `${url.pathname}${url.search}`,
  };
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) all[name] = value;
  return all;
}

function isWhole(stream: ClientHttp2Stream): boolean {
  return !stream.aborted && stream.rstCode === constants.NGHTTP2_NO_ERROR;
}

function flatten(answered: object): Headers {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answered)) {
    if (name.startsWith(":")) continue;
    if (Array.isArray(value)) headers[name] = value.join(", ");
    else if (typeof value === "string" || typeof value === "number") headers[name] = String(value);
  }
  return headers;
}
