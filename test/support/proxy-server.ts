/** An HTTP proxy on this machine: absolute-form requests and CONNECT tunnels, with a password if wanted. */

import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, type AddressInfo, type Socket } from "node:net";
import type { Duplex } from "node:stream";

import type { Certificate } from "./certificates.ts";

export interface ProxyServerOptions {
  readonly credentials?: { readonly user: string; readonly password: string };
  /** Serves the proxy itself over TLS. */
  readonly tls?: Certificate;
  /** The status of every answer to CONNECT, instead of opening tunnels. */
  readonly refuse?: number;
}

export class ProxyServer {
  /** `GET http://…` and `CONNECT host:port`, as they came. */
  readonly requests: string[] = [];
  readonly #options: ProxyServerOptions;
  readonly #sockets = new Set<Duplex>();
  #server: Server | undefined;
  #port = 0;

  private constructor(options: ProxyServerOptions) {
    this.#options = options;
  }

  static async start(options: ProxyServerOptions = {}): Promise<ProxyServer> {
    const proxy = new ProxyServer(options);
    await proxy.#listen();
    return proxy;
  }

  get url(): string {
    return `${this.#options.tls ? "https" : "http"}://127.0.0.1:${this.#port}`;
  }

  urlWith(user: string, password: string): string {
    return this.url.replace("://", `://${encodeURIComponent(user)}:${encodeURIComponent(password)}@`);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  #listen(): Promise<void> {
    const { tls } = this.#options;
    const server = tls ? createTlsServer({ cert: tls.certificate, key: tls.key }) : createServer();
    this.#server = server;
    server.on("request", (request, response) => this.#forward(request, response));
    server.on("connect", (request, socket, head) => this.#tunnel(request, socket, head));
    server.on("connection", (socket: Socket) => this.#track(socket));
    return new Promise((resolve) => {
      server.listen(0, "127.0.0.1", () => {
        this.#port = (server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  #isAllowed(request: IncomingMessage): boolean {
    const { credentials } = this.#options;
    if (!credentials) return true;
    const expected = Buffer.from(`${credentials.user}:${credentials.password}`).toString("base64");
    return request.headers["proxy-authorization"] === `Basic ${expected}`;
  }

  #forward(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(`${request.method} ${request.url}`);
    if (!this.#isAllowed(request)) {
      response.writeHead(407, { "proxy-authenticate": "Basic" }).end();
      return;
    }
    const headers = { ...request.headers };
    delete headers["proxy-authorization"];
    const onward = forward(request.url ?? "", { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.writeHead(502).end());
    request.pipe(onward);
  }

  #tunnel(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.requests.push(`CONNECT ${request.url}`);
    this.#track(socket);
    const refused = this.#isAllowed(request) ? this.#options.refuse : 407;
    if (refused !== undefined) {
      socket.end(`HTTP/1.1 ${refused} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const [host = "", port = ""] = (request.url ?? "").split(":");
    const onward = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      onward.write(head);
      onward.pipe(socket);
      socket.pipe(onward);
    });
    this.#track(onward);
    onward.on("error", () => socket.destroy());
  }

  #track(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => this.#sockets.delete(socket));
  }
}
