/** One request and its answer, as the transports of both protocols see it. */

import type { Readable } from "node:stream";

/** Header values by lower-case name. */
export type Headers = Readonly<Record<string, string | undefined>>;

export interface Exchange {
  readonly method: "GET" | "HEAD";
  readonly url: URL;
  readonly headers: Headers;
  /** Milliseconds of silence after which the request fails. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
}

/** The head of an answer and its body, not decoded. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Must be read to its end, or ended by {@link endEarly}. */
  readonly body: Readable;
  /** After the body's end: whether the server said that this was all. */
  readonly isWhole: () => boolean;
  /** Bytes the connection has received so far, for this request and for others. */
  readonly received: () => number;
}

/** Connections to one server. */
export interface Transport {
  /** Whether new requests are welcome; when not, make a new transport. */
  readonly isOpen: boolean;
  /** Sends the request and waits for the head of its answer. @throws the network's error, SilenceError or Aborted */
  send(exchange: Exchange): Promise<Answer>;
  close(): void;
}

/**
 * Ends a stream whose rest nobody wants, once the event loop is through with what it is handing over. Node.js before 24 frees a
 * stream of HTTP/2 that is ended while its data are handed over, and reads it afterwards: the process then dies some time later.
 */
export function endEarly(stream: { destroy(error?: Error): unknown }, error?: Error): void {
  setImmediate(() => stream.destroy(error));
}

/** The caller is not interested any more. */
export class Aborted extends Error {}

/** A kept connection ended just as we used it: trying again at once is safe and likely to work. */
export class StaleConnection extends Error {}

/** The server closed the connection before it looked at the request. */
export class NotProcessed extends Error {}

/** The body ended before its announced end. */
export class CutShort extends Error {
  constructor(details: { readonly cause?: unknown } = {}) {
    super("the connection broke off", details);
  }
}
