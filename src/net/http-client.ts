/** The one HTTP client: redirects, credentials, retries and resumed downloads over HTTP/2 or HTTP/1.1. */

import { setMaxListeners } from "node:events";

import { silent, type Listener } from "../base/log.ts";
import { SafeUrl } from "../base/safe-url.ts";

import { bodyPieces, discardBody, readBody } from "./body.ts";
import { ACCEPTED_ENCODINGS, decodeBody } from "./content-encoding.ts";
import { CredentialStore } from "./credentials.ts";
import { Dialer } from "./dial.ts";
import { NotCached, UnexpectedAnswer } from "./errors.ts";
import { Aborted, type Answer, type Headers } from "./exchange.ts";
import { BadStatus, explain, isTransient } from "./explain.ts";
import { NameLookup, type Resolver } from "./name-lookup.ts";
import { proxyFor } from "./proxy.ts";
import { pause, waitAfter, withRetries } from "./retry.ts";
import { Server } from "./server.ts";
import type { NetworkSettings } from "./settings.ts";
import { Trust } from "./trust.ts";

export interface HttpClientOptions {
  /** Ends small requests that have no signal of their own: a user who wants no more does not wait for a page. */
  readonly signal?: AbortSignal | undefined;
  readonly listener?: Listener;
  /** A directory of ours for what makes the next process connect faster. */
  readonly cacheDirectory?: string | undefined;
  /** What to call ourselves. */
  readonly userAgent?: string;
  /** Milliseconds before the first retry. */
  readonly retryDelay?: number;
  /** Looks up names instead of the operating system. */
  readonly resolver?: Resolver;
}

export interface RequestOptions {
  readonly headers?: Headers;
  readonly signal?: AbortSignal | undefined;
}

export interface GetOptions extends RequestOptions {
  /** Statuses that are an answer; every other one is an error. 200 alone by default. */
  readonly accept?: readonly number[];
  /** Bytes of the decoded body that are too many. */
  readonly limit: number;
  /** Whether the server may compress; never for anything whose bytes are hashed or counted. */
  readonly compressed?: boolean;
}

/** A whole answer. */
export interface HttpResponse {
  /** Where it came from in the end. */
  readonly url: SafeUrl;
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** An answer with status 200 that arrives piece by piece; a broken connection is resumed on the way. */
export interface HttpStream {
  readonly url: SafeUrl;
  readonly headers: Headers;
  /** Bytes in all, where the server tells. */
  readonly size: number | undefined;
  /** The bytes as the server stores them. Must be read to the end or returned. */
  readonly pieces: AsyncGenerator<Buffer, void, void>;
}

/** A part of a resource. */
export interface HttpPart {
  /** Where the part starts, in bytes. */
  readonly start: number;
  /** Bytes of the whole resource. */
  readonly size: number;
  readonly bytes: Buffer;
}

/** An answer after redirects. */
interface Reply {
  readonly url: SafeUrl;
  readonly answer: Answer;
}

const REDIRECTS = 20;
const REDIRECT_STATUS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Bytes of a part that are too many. */
const LARGEST_PART = 256 * 1024 * 1024;
/** Times that one download may be resumed, however much each part brings. */
const RESUMES = 50;

/** Talks to servers on behalf of everything above; make one per process, and close it. */
export class HttpClient {
  readonly #settings: NetworkSettings;
  readonly #options: HttpClientOptions;
  readonly #credentials: CredentialStore;
  readonly #dialer: Dialer;
  readonly #servers = new Map<string, Server>();
  readonly #closing = new AbortController();

  constructor(settings: NetworkSettings, options: HttpClientOptions = {}) {
    const { host, timeout, cert, clientCert, keyring } = settings;
    setMaxListeners(0, this.#closing.signal);
    this.#settings = settings;
    this.#options = options;
    this.#credentials = new CredentialStore({ host, keyring, listener: options.listener ?? silent });
    this.#dialer = new Dialer({
      names: new NameLookup(options.resolver),
      trust: new Trust({ host, cert, clientCert, cacheDirectory: options.cacheDirectory }),
      trustedHosts: new Set(settings.trustedHosts),
      timeout,
      signal: this.#closing.signal,
    });
  }

  /** Makes the credentials in an index's URL count for everything on its server. */
  addIndex(url: SafeUrl): void {
    this.#credentials.addIndex(url);
  }

  /** Whether every request fails with `NotCached`. */
  get isOffline(): boolean {
    return this.#settings.offline;
  }

  /** Connects ahead of a request that will come; never fails. */
  preconnect(url: SafeUrl): void {
    if (!this.isOffline) this.#server(url.reveal()).preconnect();
  }

  /**
   * Fetches a small resource whole.
   *
   * @throws NetworkDown, IndexUnreachable, IndexAuthError, TlsError, ProxyError, UnexpectedAnswer, Cancelled
   */
  async get(url: SafeUrl, options: GetOptions): Promise<HttpResponse> {
    const { limit, accept = [200], signal = this.#options.signal } = options;
    const headers = { "accept-encoding": options.compressed ? ACCEPTED_ENCODINGS : "identity", ...options.headers };
    return this.#retrying(url, signal, async () => {
      const { url: finalUrl, answer } = await this.#follow(url, { headers, signal });
      if (!accept.includes(answer.status)) throw refuse(answer);
      const raw = await readBody(answer, { timeout: this.#settings.timeout, limit });
      const encoding = options.compressed ? answer.headers["content-encoding"] : undefined;
      const body = await decodeBody(raw, { encoding, limit });
      return { url: finalUrl, status: answer.status, headers: answer.headers, body };
    });
  }

  /** Fetches a large resource piece by piece. @throws what `get` throws, also while the pieces are read */
  async stream(url: SafeUrl, options: RequestOptions = {}): Promise<HttpStream> {
    const reply = await this.#retrying(url, options.signal, () => this.#open(url, { ...options, accept: [200] }));
    return this.#streamOf(reply, url, options);
  }

  /**
   * Fetches a part of a resource.
   *
   * @param options.range Such as `bytes=0-99`, or `bytes=-100` for the end.
   * @returns The part, or all of the resource from a server that knows no ranges.
   * @throws what `get` throws
   */
  async part(url: SafeUrl, options: RequestOptions & { readonly range: string }): Promise<HttpPart | HttpStream> {
    const headers = { ...options.headers, range: options.range };
    return this.#retrying(url, options.signal, async () => {
      const reply = await this.#open(url, { ...options, headers, accept: [200, 206] });
      const place = contentRange(reply.answer);
      if (reply.answer.status === 200) return this.#streamOf(reply, url, options);
      if (place?.size === undefined) throw refuse(reply.answer);
      const bytes = await readBody(reply.answer, { timeout: this.#settings.timeout, limit: LARGEST_PART });
      return { start: place.start, size: place.size, bytes };
    });
  }

  /** Ends all connections, those being made too. */
  close(): void {
    this.#closing.abort();
    for (const server of this.#servers.values()) server.close();
    this.#servers.clear();
  }

  #streamOf(reply: Reply, url: SafeUrl, options: RequestOptions): HttpStream {
    const { headers } = reply.answer;
    return { url: reply.url, headers, size: sizeOf(headers), pieces: this.#resuming(reply, url, options) };
  }

  async #open(url: SafeUrl, options: RequestOptions & { readonly accept: readonly number[] }): Promise<Reply> {
    const headers = { "accept-encoding": "identity", ...options.headers };
    const reply = await this.#follow(url, { headers, signal: options.signal });
    if (!options.accept.includes(reply.answer.status)) throw refuse(reply.answer);
    return reply;
  }

  async *#resuming(first: Reply, url: SafeUrl, options: RequestOptions): AsyncGenerator<Buffer, void, void> {
    const { signal } = options;
    const { timeout, resumeRetries } = this.#settings;
    const original = first.answer.headers;
    let answer = first.answer;
    let received = 0;
    let skip = 0;
    let failures = 0;
    for (let resumes = 0; ; resumes++) {
      try {
        for await (const piece of bodyPieces(answer, { timeout })) {
          const fresh = piece.subarray(Math.min(skip, piece.length));
          skip -= piece.length - fresh.length;
          if (fresh.length === 0) continue;
          received += fresh.length;
          failures = 0;
          yield fresh;
        }
        return;
      } catch (error) {
        if (!isTransient(error) || failures >= resumeRetries || resumes >= RESUMES) throw explain(error, url, signal);
        await this.#pause(waitAfter(error, failures, this.#options.retryDelay ?? DELAY), url, signal);
        failures++;
      }
      const headers = { ...options.headers, range: `bytes=${received}-`, "if-range": strongValidator(original) };
      const again = { ...options, headers, accept: [200, 206] };
      ({ answer } = await this.#retrying(url, signal, () => this.#open(url, again)));
      skip = offsetOf(answer, { received, size: sizeOf(original), url });
    }
  }

  async #retrying<Value>(url: SafeUrl, signal: AbortSignal | undefined, task: () => Promise<Value>): Promise<Value> {
    if (this.isOffline) throw new NotCached([url.toString()]);
    // One signal may end hundreds of requests; Node would take their listeners for a leak.
    if (signal) setMaxListeners(0, signal);
    try {
      return await withRetries(task, {
        retries: this.#settings.retries,
        delay: this.#options.retryDelay ?? DELAY,
        patience: this.#settings.timeout,
        signal,
      });
    } catch (error) {
      throw explain(error, url, signal);
    }
  }

  async #pause(milliseconds: number, url: SafeUrl, signal: AbortSignal | undefined): Promise<void> {
    try {
      await pause(milliseconds, signal);
    } catch (error) {
      throw explain(error, url, signal);
    }
  }

  /** Sends a request and follows redirects; credentials are looked up anew for every server on the way. */
  async #follow(
    start: SafeUrl,
    options: { readonly headers: Headers; readonly signal: AbortSignal | undefined },
  ): Promise<Reply> {
    let url = start;
    for (let count = 0; count <= REDIRECTS; count++) {
      const answer = await this.#ask(url.reveal(), options);
      const location = answer.headers["location"];
      if (!REDIRECT_STATUS.has(answer.status) || location === undefined) return { url, answer };
      discardBody(answer);
      const next = SafeUrl.parse(location, url);
      if (!next) throw new UnexpectedAnswer(`Malformed redirect from ${url.toString()}`, { hint: "check the URL" });
      this.#checkRedirect(url, next);
      url = next;
    }
    throw new UnexpectedAnswer(`Too many redirects: ${start.toString()}`, { hint: "check the URL" });
  }

  #checkRedirect(from: SafeUrl, to: SafeUrl): void {
    const { hostname } = to.reveal();
    const isTrusted = this.#settings.trustedHosts.some((host) => host === hostname || host === to.host);
    const isAllowed = to.protocol === "https:" || (to.protocol === "http:" && (from.protocol === "http:" || isTrusted));
    if (isAllowed) return;
    throw new UnexpectedAnswer(`Refused an unsafe redirect from ${from.toString()} to ${to.toString()}`, {
      hint: "use the URL of the target, if you trust it",
    });
  }

  async #ask(
    url: URL,
    { headers, signal }: { readonly headers: Headers; readonly signal: AbortSignal | undefined },
  ): Promise<Answer> {
    const server = this.#server(url);
    const { timeout } = this.#settings;
    const send = (authorization: string | undefined) =>
      server.send({
        method: "GET",
        url,
        headers: { "user-agent": this.#options.userAgent ?? "pexjs", ...headers, authorization },
        timeout,
        signal,
      });
    if (signal?.aborted || this.#closing.signal.aborted) throw new Aborted("aborted");
    const authorization = this.#credentials.authorization(url);
    const answer = await send(authorization);
    if (answer.status !== 401) return answer;
    const { signal: closing } = this.#closing;
    const end = signal === undefined ? closing : AbortSignal.any([signal, closing]);
    const other = await this.#credentials.authorizationFromKeyring(url, end);
    if (other === undefined || other === authorization) return answer;
    discardBody(answer);
    return send(other);
  }

  #server(url: URL): Server {
    const known = this.#servers.get(url.origin);
    if (known) return known;
    const server = new Server(this.#dialer, { url, proxy: proxyFor(url, this.#settings.proxies) });
    this.#servers.set(url.origin, server);
    return server;
  }
}

/** Milliseconds before the first retry. */
const DELAY = 100;

function refuse(answer: Answer): BadStatus {
  discardBody(answer);
  return new BadStatus(answer.status, answer.headers["retry-after"]);
}

function sizeOf(headers: Headers): number | undefined {
  const text = headers["content-length"];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** `Content-Range` (RFC 9110 §14.4) of a 206: where the part starts, and the size of the whole if the server knows it. */
function contentRange({
  status,
  headers,
}: Answer): { readonly start: number; readonly size: number | undefined } | undefined {
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers["content-range"] ?? "");
  if (status !== 206 || !range) return undefined;
  return { start: Number(range[1]), size: range[2] === "*" ? undefined : Number(range[2]) };
}

function strongValidator(headers: Headers): string | undefined {
  const { etag } = headers;
  return etag !== undefined && !etag.startsWith("W/") ? etag : headers["last-modified"];
}

/** Bytes at the start of a resumed answer that we have already. @throws UnexpectedAnswer when the resource changed */
function offsetOf(
  answer: Answer,
  { received, size, url }: { readonly received: number; readonly size: number | undefined; readonly url: SafeUrl },
): number {
  if (answer.status === 200 && (size === undefined || sizeOf(answer.headers) === size)) return received;
  const place = contentRange(answer);
  const isSameSize = place?.size === undefined || size === undefined || place.size === size;
  if (place && isSameSize && place.start <= received) return received - place.start;
  discardBody(answer);
  throw new UnexpectedAnswer(`Changed on the server while it was downloaded: ${url.toString()}`, { hint: "try again" });
}
