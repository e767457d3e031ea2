/** Opens connections: straight or through a proxy, plain or encrypted. */

import { isIP, type Socket } from "node:net";
import { connect as connectTls, type SecureContext, type TLSSocket } from "node:tls";

import { systemCode } from "../base/errors.ts";
import type { SafeUrl } from "../base/safe-url.ts";

import { Aborted } from "./exchange.ts";
import type { NameLookup } from "./name-lookup.ts";
import { proxyAuthorization } from "./proxy.ts";
import { connectTcp, SilenceError } from "./tcp.ts";
import type { Trust } from "./trust.ts";

/** The proxy failed or refused, not the server behind it. */
export class ProxyTrouble extends Error {
  readonly proxy: SafeUrl;
  /** Status of its answer to `CONNECT`, if it gave one. */
  readonly status: number | undefined;

  constructor(proxy: SafeUrl, details: { readonly cause?: unknown; readonly status?: number }) {
    super(details.cause instanceof Error ? details.cause.message : `status ${details.status}`, {
      cause: details.cause,
    });
    this.proxy = proxy;
    this.status = details.status;
  }
}

export interface DialerOptions {
  readonly names: NameLookup;
  readonly trust: Trust;
  /** Hosts, with or without port, whose certificates are not checked. */
  readonly trustedHosts: ReadonlySet<string>;
  /** Milliseconds for each step. */
  readonly timeout: number;
  /** Ends everything that is under way. */
  readonly signal: AbortSignal;
}

/** Where a connection goes. */
export interface Destination {
  readonly url: URL;
  readonly proxy: SafeUrl | undefined;
}

/** Makes connections to servers. */
export class Dialer {
  readonly #options: DialerOptions;

  constructor(options: DialerOptions) {
    this.#options = options;
  }

  /** A plain connection for an `http:` resource: to its server, or to the proxy that fetches it for us. */
  async plain({ url, proxy }: Destination): Promise<Socket> {
    return proxy ? this.#toProxy(proxy) : this.#tcp(url);
  }

  /**
   * An encrypted connection to the server of an `https:` resource; its `alpnProtocol` tells what the server speaks.
   *
   * @param protocols What to offer, best first, by ALPN name.
   */
  secure({ url, proxy }: Destination, protocols: string[]): Promise<TLSSocket> {
    return this.#encrypt(url, protocols, () => (proxy ? this.#tunnel(proxy, url) : this.#tcp(url)));
  }

  async #tcp(url: URL): Promise<Socket> {
    const { names, timeout, signal } = this.#options;
    const addresses = await names.addresses(url.hostname);
    return connectTcp(addresses, { port: portOf(url), timeout, signal });
  }

  async #toProxy(proxy: SafeUrl): Promise<Socket> {
    const url = proxy.reveal();
    try {
      if (url.protocol !== "https:") return await this.#tcp(url);
      return await this.#encrypt(url, ["http/1.1"], () => this.#tcp(url));
    } catch (error) {
      throw new ProxyTrouble(proxy, { cause: error });
    }
  }

  async #tunnel(proxy: SafeUrl, url: URL): Promise<Socket> {
    const socket = await this.#toProxy(proxy);
    const target = `${url.hostname}:${portOf(url)}`;
    const authorization = proxyAuthorization(proxy);
    const { request } = await import("node:http");
    return new Promise((resolve, reject) => {
      const connect = request({
        method: "CONNECT",
        path: target,
        headers: { host: target, ...(authorization !== undefined && { "proxy-authorization": authorization }) },
        setHost: false,
        createConnection: () => socket,
      });
      const timer = setTimeout(() => connect.destroy(new SilenceError(this.#options.timeout)), this.#options.timeout);
      connect.once("connect", (response, tunnel: Socket, head) => {
        clearTimeout(timer);
        const status = response.statusCode ?? 0;
        if (status >= 200 && status < 300) {
          if (head.length > 0) tunnel.unshift(head);
          resolve(tunnel);
          return;
        }
        tunnel.destroy();
        reject(new ProxyTrouble(proxy, { status }));
      });
      connect.once("error", (cause) => {
        clearTimeout(timer);
        reject(new ProxyTrouble(proxy, { cause }));
      });
      connect.end();
    });
  }

  async #encrypt(url: URL, protocols: string[], open: () => Promise<Socket>): Promise<TLSSocket> {
    const { trust, trustedHosts } = this.#options;
    const server = `${url.hostname}:${portOf(url)}`;
    const isTrusted = trustedHosts.has(url.hostname) || trustedHosts.has(server);
    let distrust: unknown = new TypeError("No certificate authorities");
    for (const makeContext of trust.contexts(server)) {
      const opening = open();
      // Making the context takes up to 20 ms; meanwhile the kernel connects.
      const context = orClose(opening, makeContext);
      const raw = await opening;
      try {
        const socket = await this.#handshake(raw, { url, protocols, context, isTrusted });
        if (socket.authorized) setImmediate(() => trust.remember(server, socket));
        return socket;
      } catch (error) {
        raw.destroy();
        if (!DISTRUST.has(systemCode(error) ?? "")) throw error;
        distrust = error;
      }
    }
    throw distrust;
  }

  #handshake(raw: Socket, options: Handshake): Promise<TLSSocket> {
    const { timeout, signal } = this.#options;
    const host = options.url.hostname.replace(/^\[|\]$/g, "");
    return new Promise((resolve, reject) => {
      const socket = connectTls({
        socket: raw,
        host,
        ...(isIP(host) === 0 && { servername: host }),
        ALPNProtocols: options.protocols,
        secureContext: options.context,
        rejectUnauthorized: !options.isTrusted,
      });
      const timer = setTimeout(() => socket.destroy(new SilenceError(timeout)), timeout);
      const abort = () => socket.destroy(new Aborted("closed"));
      signal.addEventListener("abort", abort, { once: true });
      const settle = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", abort);
      };
      socket.once("secureConnect", () => {
        settle();
        resolve(socket);
      });
      // Stays for the socket's life: whoever uses the connection hears of its end by other means.
      socket.on("error", (error) => {
        settle();
        reject(error);
      });
    });
  }
}

interface Handshake {
  readonly url: URL;
  readonly protocols: string[];
  readonly context: SecureContext;
  readonly isTrusted: boolean;
}

function orClose(opening: Promise<Socket>, makeContext: () => SecureContext): SecureContext {
  opening.catch(() => {});
  try {
    return makeContext();
  } catch (error) {
    opening.then(
      (socket) => socket.destroy(),
      () => {},
    );
    throw error;
  }
}

/** The port of a URL, the scheme's own included. */
export function portOf(url: URL): number {
  if (url.port !== "") return Number(url.port);
  return url.protocol === "https:" ? 443 : 80;
}

/** Codes of a server that this set of authorities does not vouch for; another set may. */
const DISTRUST: ReadonlySet<string> = new Set([
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_SIGNATURE_FAILURE",
  "CERT_UNTRUSTED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "INVALID_CA",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);
