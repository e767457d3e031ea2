/** Which requests go through which proxy: the environment's variables as Python's `requests` reads them. */

import { isIPv4 } from "node:net";

import { SafeUrl } from "../base/safe-url.ts";

import { NetworkConfigError } from "./errors.ts";

/** The proxies in force. */
export interface ProxySettings {
  /** For `http:` resources. */
  readonly http: SafeUrl | undefined;
  /** For `https:` resources. */
  readonly https: SafeUrl | undefined;
  /** Hosts, domains, `host:port`, IPv4 networks or `*` that are reached directly. */
  readonly direct: readonly string[];
}

/**
 * Reads `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, lower case first, upper case else.
 *
 * @param explicit `--proxy`, which stands for both kinds of resources.
 * @throws NetworkConfigError when a proxy is no URL or of an unknown kind.
 */
export function proxySettings(
  env: Readonly<Record<string, string | undefined>>,
  explicit: string | undefined,
): ProxySettings {
  const value = (name: string) => env[name] || env[name.toUpperCase()] || undefined;
  const all = value("all_proxy");
  return {
    http: parseProxy(explicit ?? value("http_proxy") ?? all),
    https: parseProxy(explicit ?? value("https_proxy") ?? all),
    direct: (value("no_proxy") ?? "")
      .split(/[\s,]+/)
      .map((entry) => entry.toLowerCase())
      .filter((entry) => entry !== ""),
  };
}

/** The proxy for a resource, or `undefined` when it is reached directly. */
export function proxyFor(url: URL, settings: ProxySettings): SafeUrl | undefined {
  const proxy = url.protocol === "https:" ? settings.https : settings.http;
  if (!proxy || settings.direct.some((entry) => bypasses(url, entry))) return undefined;
  return proxy;
}

/** The value of `Proxy-Authorization` for the credentials in the proxy's URL, or `undefined` without any. */
export function proxyAuthorization(proxy: SafeUrl): string | undefined {
  const { username, password } = proxy.reveal();
  if (username === "" && password === "") return undefined;
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}

function parseProxy(text: string | undefined): SafeUrl | undefined {
  if (text === undefined || text === "") return undefined;
  const url = SafeUrl.parse(text.includes("://") ? text : `http://${text}`);
  if (!url)
    throw new NetworkConfigError("Malformed proxy URL", { hint: "write it as `http://user:password@host:port`" });
  if (url.protocol === "http:" || url.protocol === "https:") return url;
  throw new NetworkConfigError(`Unsupported kind of proxy: \`${url.toString()}\``, {
    hint: "name an HTTP proxy, such as `http://host:port`; SOCKS is not supported",
  });
}

function bypasses(url: URL, entry: string): boolean {
  if (entry === "*") return true;
  const host = url.hostname.replace(/^\[|\]$/g, "").toLowerCase();
  if (entry.includes("/")) return isIPv4(host) && inNetwork(host, entry);
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  const name = entry.replace(/^\*?\./, "").replace(/^\[|\]$/g, "");
  return [name, name.replace(/:\d+$/, "")].some((candidate, index) => {
    if (index === 1 && !name.endsWith(`:${port}`)) return false;
    return host === candidate || host.endsWith(`.${candidate}`);
  });
}

function inNetwork(host: string, network: string): boolean {
  const [base = "", bits = ""] = network.split("/");
  const width = Number(bits);
  if (!isIPv4(base) || !/^\d+$/.test(bits) || width > 32) return false;
  const mask = width === 0 ? 0 : (-1 << (32 - width)) >>> 0;
  return (toNumber(host) & mask) >>> 0 === (toNumber(base) & mask) >>> 0;
}

function toNumber(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}
