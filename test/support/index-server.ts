/** A package index on this machine with whatever habits and faults a test needs. */

import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";

import type { Certificate } from "./certificates.ts";

/** A file that the index offers. */
export interface IndexedFile {
  readonly filename: string;
  readonly bytes: Uint8Array;
  /** METADATA, for indexes that serve it separately. */
  readonly metadata?: string;
  readonly requiresPython?: string;
  readonly yanked?: string;
  /** ISO 8601; only JSON pages tell it. */
  readonly uploadTime?: string;
  /** A digest to announce instead of the right one. */
  readonly sha256?: string;
}

export interface IndexServerOptions {
  /** Form of the project pages; `negotiate` looks at `Accept`. Default `html`. */
  readonly pages?: "html" | "json" | "negotiate";
  /** Whether METADATA is served beside the wheels (PEP 658). */
  readonly metadataFiles?: boolean;
  /** Whether range requests work; default true. */
  readonly ranges?: boolean;
  /** Whether pages tell the files' digests; default true. */
  readonly hashes?: boolean;
  readonly etag?: boolean;
  readonly lastModified?: boolean;
  /** Seconds for which pages are fresh. */
  readonly maxAge?: number;
  readonly encoding?: "gzip" | "deflate" | "br";
  readonly credentials?: { readonly user: string; readonly password: string };
  /** Milliseconds before each answer. */
  readonly delay?: number;
  /** Serves over TLS: with HTTP/2 unless `http2` is false. */
  readonly tls?: Certificate;
  readonly http2?: boolean;
  /** An authority (PEM) whose certificate clients must show. */
  readonly clientAuthority?: string;
}

/** A request as it came. */
export interface SeenRequest {
  readonly path: string;
  readonly httpVersion: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  status: number;
}

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

/** Answers instead of the server; returns whether it did. */
export type Interceptor = (request: Request, response: Response, seen: SeenRequest) => boolean | Promise<boolean>;

/** Ways to fail one request. */
export type Fault =
  | { readonly kind: "status"; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** Closes the connection without a word. */
  | { readonly kind: "reset" }
  /** Closes the connection after that many bytes of the body. */
  | { readonly kind: "cut"; readonly after: number }
  /** Never answers. */
  | { readonly kind: "silence" }
  /** Answers, then stops in the middle of the body. */
  | { readonly kind: "stall"; readonly after: number };

export class IndexServer {
  /** Everything that was asked, in order. */
  readonly requests: SeenRequest[] = [];
  /** Connections that were made. */
  connections = 0;
  intercept: Interceptor | undefined;
  readonly #options: IndexServerOptions;
  readonly #projects = new Map<string, IndexedFile[]>();
  readonly #faults = new Map<string, Fault[]>();
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  private constructor(options: IndexServerOptions) {
    this.#options = options;
  }

  static async start(options: IndexServerOptions = {}): Promise<IndexServer> {
    const server = new IndexServer(options);
    await server.#listen();
    return server;
  }

  get origin(): string {
    return `${this.#options.tls ? "https" : "http"}://127.0.0.1:${this.#port}`;
  }

  /** The URL of the index. */
  get url(): string {
    return `${this.origin}/simple/`;
  }

  /** The same with a user and password. */
  urlWith(user: string, password: string): string {
    return this.url.replace("://", `://${encodeURIComponent(user)}:${encodeURIComponent(password)}@`);
  }

  /** Offers a file of the project that its name begins with, or of the one named. */
  add(file: IndexedFile, project = normalized(file.filename.split("-")[0] ?? "")): void {
    const files = this.#projects.get(project) ?? [];
    this.#projects.set(project, [...files.filter(({ filename }) => filename !== file.filename), file]);
  }

  /** Faults for the next requests of a path, in order; afterwards all is well. */
  fail(path: string, ...faults: readonly Fault[]): void {
    this.#faults.set(path, [...faults]);
  }

  /** Paths asked for since the last call. */
  takePaths(): string[] {
    return this.requests.splice(0).map(({ path }) => path);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  #listen(): Promise<void> {
    const { tls, http2, clientAuthority } = this.#options;
    const handler = (request: Request, response: Response): void => {
      this.#handle(request, response).catch((error: unknown) => response.destroy(error as Error));
    };
    const secure = tls && {
      cert: tls.certificate,
      key: tls.key,
      ...(clientAuthority !== undefined && { ca: clientAuthority, requestCert: true, rejectUnauthorized: true }),
    };
    const server = secure
      ? http2 === false
        ? createTlsServer(secure, handler)
        : createSecureServer({ ...secure, allowHTTP1: true }, handler)
      : createServer(handler);
    server.on("connection", (socket: Socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => this.#sockets.delete(socket));
    });
    server.on("tlsClientError", () => {});
    server.on("sessionError", () => {});
    this.#server = server as unknown as Server;
    return new Promise((resolve) => {
      server.listen(0, "127.0.0.1", () => {
        this.#port = (server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  async #handle(request: Request, response: Response): Promise<void> {
    const path = decodeURIComponent((request.url ?? "").split("?", 1)[0] ?? "");
    const headers = request.headers as Record<string, string | undefined>;
    const seen: SeenRequest = { path, headers, httpVersion: request.httpVersion, status: 0 };
    this.requests.push(seen);
    if (this.#options.delay) await new Promise((resolve) => setTimeout(resolve, this.#options.delay));
    if (await this.intercept?.(request, response, seen)) return;
    const fault = this.#faults.get(path)?.shift();
    const answer = fault?.kind === "status" ? { status: fault.status, headers: fault.headers } : this.#answer(seen);
    seen.status = answer.status;
    send(request, response, { ...answer, fault });
  }

  #answer(seen: SeenRequest): Answer {
    const { credentials } = this.#options;
    if (credentials) {
      const expected = Buffer.from(`${credentials.user}:${credentials.password}`).toString("base64");
      if (seen.headers["authorization"] !== `Basic ${expected}`) {
        return { status: 401, headers: { "www-authenticate": 'Basic realm="index"' } };
      }
    }
    const page = /^\/simple\/([^/]+)\/$/.exec(seen.path);
    if (page) return this.#page(page[1] ?? "", seen);
    const file = /^\/files\/([^/]+)$/.exec(seen.path)?.[1];
    const found = [...this.#projects.values()].flat().find(({ filename }) => filename === file);
    if (found) return this.#ranged(Buffer.from(found.bytes), seen);
    const owner = [...this.#projects.values()].flat().find(({ filename }) => `${filename}.metadata` === file);
    if (owner?.metadata !== undefined && this.#options.metadataFiles) {
      return { status: 200, body: Buffer.from(owner.metadata) };
    }
    return { status: 404 };
  }

  #page(project: string, seen: SeenRequest): Answer {
    const files = this.#projects.get(project);
    if (!files) return { status: 404 };
    const { pages = "html", etag, lastModified, maxAge, encoding } = this.#options;
    const isJson = pages === "json" || (pages === "negotiate" && seen.headers["accept"]?.includes("json") === true);
    const text = isJson ? this.#json(project, files) : this.#html(project, files);
    const tag = `"${sha256(text).slice(0, 16)}"`;
    const headers: Record<string, string> = {
      "content-type": isJson ? "application/vnd.pypi.simple.v1+json" : "text/html; charset=utf-8",
      ...(etag && { etag: tag }),
      ...(lastModified && { "last-modified": new Date(0).toUTCString() }),
      ...(maxAge !== undefined && { "cache-control": `max-age=${maxAge}, public` }),
    };
    if (etag && seen.headers["if-none-match"] === tag) return { status: 304, headers };
    const body = Buffer.from(text);
    const isWanted = encoding && seen.headers["accept-encoding"]?.includes(encoding);
    if (!isWanted) return { status: 200, headers, body };
    const encode = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync }[encoding];
    return { status: 200, headers: { ...headers, "content-encoding": encoding }, body: encode(body) };
  }

  #html(project: string, files: readonly IndexedFile[]): string {
    const links = files.map((file) => {
      const attributes = [
        `href="../../files/${encodeURIComponent(file.filename)}${this.#options.hashes === false ? "" : `#sha256=${digestOf(file)}`}"`,
        ...(file.requiresPython === undefined ? [] : [`data-requires-python="${escapeHtml(file.requiresPython)}"`]),
        ...(file.yanked === undefined ? [] : [`data-yanked="${escapeHtml(file.yanked)}"`]),
        ...(this.#hasMetadata(file) ? [`data-core-metadata="sha256=${sha256(file.metadata ?? "")}"`] : []),
      ];
      return `<a ${attributes.join(" ")}>${escapeHtml(file.filename)}</a><br/>`;
    });
    return `<!DOCTYPE html>\n<html>\n<head><title>Links for ${project}</title></head>\n<body>\n${links.join("\n")}\n</body>\n</html>\n`;
  }

  #json(project: string, files: readonly IndexedFile[]): string {
    return JSON.stringify({
      meta: { "api-version": "1.1" },
      name: project,
      files: files.map((file) => ({
        filename: file.filename,
        url: `../../files/${encodeURIComponent(file.filename)}`,
        hashes: this.#options.hashes === false ? {} : { sha256: digestOf(file) },
        size: file.bytes.length,
        "requires-python": file.requiresPython ?? null,
        yanked: file.yanked ?? false,
        "upload-time": file.uploadTime,
        "core-metadata": this.#hasMetadata(file) ? { sha256: sha256(file.metadata ?? "") } : false,
      })),
    });
  }

  #hasMetadata(file: IndexedFile): boolean {
    return this.#options.metadataFiles === true && file.metadata !== undefined;
  }

  #ranged(body: Buffer, seen: SeenRequest): Answer {
    const headers = { etag: `"${sha256(body).slice(0, 16)}"`, "content-type": "application/octet-stream" };
    const range = /^bytes=(\d*)-(\d*)$/.exec(seen.headers["range"] ?? "");
    const isStale = seen.headers["if-range"] !== undefined && seen.headers["if-range"] !== headers.etag;
    if (!range || isStale || this.#options.ranges === false) return { status: 200, headers, body };
    const [, first = "", last = ""] = range;
    const start = first === "" ? Math.max(0, body.length - Number(last)) : Number(first);
    const end = first === "" || last === "" ? body.length : Math.min(body.length, Number(last) + 1);
    if (start >= end) return { status: 416, headers: { "content-range": `bytes */${body.length}` } };
    const part = body.subarray(start, end);
    return {
      status: 206,
      headers: { ...headers, "content-range": `bytes ${start}-${end - 1}/${body.length}` },
      body: part,
    };
  }
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: Buffer;
  readonly fault?: Fault | undefined;
}

function send(request: Request, response: Response, { status, headers, body, fault }: Answer): void {
  if (fault?.kind === "silence") return;
  if (fault?.kind === "reset") {
    abort(request, response);
    return;
  }
  const plain = response as ServerResponse;
  plain.writeHead(status, { ...headers, ...(body && { "content-length": String(body.length) }) });
  if (fault?.kind === "cut" || fault?.kind === "stall") {
    const part = (body ?? Buffer.alloc(0)).subarray(0, fault.after);
    const done = () => fault.kind === "cut" && setTimeout(() => abort(request, response), 10);
    plain.write(part, done);
    return;
  }
  plain.end(body);
}

/** Breaks the connection, or in HTTP/2 the whole session. */
function abort(request: Request, response: Response): void {
  const { stream } = response as Http2ServerResponse;
  if (stream?.session) stream.session.destroy();
  else request.socket.destroy();
}

function digestOf(file: IndexedFile): string {
  return file.sha256 ?? sha256(file.bytes);
}

function sha256(data: Uint8Array | string): string {
  return createHash("sha256").update(data).digest("hex");
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

function normalized(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}
