/** Whom we believe on the other end of a TLS connection. */

import { createSecureContext, type PeerCertificate, type SecureContext, type TLSSocket } from "node:tls";
import { join } from "node:path";

import { messageOf } from "../base/errors.ts";
import { isDirectory, isFile, listDirectory, readBytesIfExists, readText, writeFileAtomically } from "../base/fs.ts";
import type { Host } from "../base/host.ts";
import { sha256 } from "../base/digest.ts";

import { NetworkConfigError } from "./errors.ts";

export interface TrustOptions {
  readonly host: Host;
  /** A file or directory of certificates that replaces all others (`--cert`). */
  readonly cert: string | undefined;
  /** A file with our own certificate and its private key (`--client-cert`). */
  readonly clientCert: string | undefined;
  /** Where to remember which authority vouches for which server; nothing is remembered without. */
  readonly cacheDirectory: string | undefined;
}

/** Where Linux distributions and macOS keep the system's authorities, as one file. */
const SYSTEM_BUNDLES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/** One way to check a server: `undefined` authorities are Node's own. */
type Authorities = () => string | undefined;

/**
 * Makes TLS contexts, cheapest first.
 *
 * Parsing a bundle of 150 authorities takes 20 ms, more than a handshake. So the one authority that vouched for a
 * server last time is remembered and tried alone first. It counts only while it stands, letter for letter, in the
 * bundle that is in force now: the memory can make a connection faster, but never make one trusted.
 */
export class Trust {
  readonly #options: TrustOptions;
  readonly #bundles: readonly Authorities[];
  readonly #contexts = new Map<Authorities, SecureContext>();
  #clientPem: string | undefined;

  constructor(options: TrustOptions) {
    this.#options = options;
    this.#bundles = bundlesInForce(options);
  }

  /** Makers of contexts for a server in the order to try them; the next one matters only if this one distrusts it. */
  contexts(server: string): (() => SecureContext)[] {
    const remembered = this.#recall(server);
    const whole = this.#bundles.map((bundle) => () => this.#contextOf(bundle));
    return remembered === undefined ? whole : [() => this.#context(remembered), ...whole];
  }

  /** Remembers the authority at the end of a connection's verified chain. */
  remember(server: string, socket: TLSSocket): void {
    const path = this.#memory(server);
    if (path === undefined || !socket.authorized || socket.destroyed) return;
    const pem = pemOf(rootOf(socket.getPeerCertificate(true)));
    if (pem === undefined || !this.#isInForce(pem)) return;
    try {
      if (readBytesIfExists(path)?.toString("latin1") !== pem) writeFileAtomically(path, pem);
    } catch {
      // A cache that cannot be written costs time on the next run, nothing else.
    }
  }

  #recall(server: string): string | undefined {
    const path = this.#memory(server);
    const pem = path === undefined ? undefined : readBytesIfExists(path)?.toString("latin1");
    const isWhole = pem !== undefined && pem.startsWith(BEGIN) && pem.endsWith(END);
    return isWhole && this.#isInForce(pem) ? pem : undefined;
  }

  #isInForce(pem: string): boolean {
    return this.#bundles.some((bundle) => bundle()?.includes(pem));
  }

  #memory(server: string): string | undefined {
    const { cacheDirectory } = this.#options;
    return cacheDirectory === undefined
      ? undefined
      : join(cacheDirectory, "authorities", `${sha256(server).slice(0, 32)}.pem`);
  }

  #contextOf(bundle: Authorities): SecureContext {
    const known = this.#contexts.get(bundle);
    if (known) return known;
    const context = this.#context(bundle());
    this.#contexts.set(bundle, context);
    return context;
  }

  #context(authorities: string | undefined): SecureContext {
    const client = this.#clientCertificate();
    try {
      return createSecureContext({
        ...(authorities !== undefined && { ca: authorities }),
        ...(client !== undefined && { cert: client, key: client }),
      });
    } catch (error) {
      const source = this.#options.clientCert ?? this.#options.cert ?? "the configured certificates";
      throw new NetworkConfigError(`Unusable certificate in ${source}: ${messageOf(error)}`, {
        cause: error,
        hint: "give PEM files; --client-cert needs the certificate and its unencrypted key in one file",
      });
    }
  }

  #clientCertificate(): string | undefined {
    if (this.#options.clientCert === undefined) return undefined;
    this.#clientPem ??= readText(this.#options.clientCert);
    return this.#clientPem;
  }
}

/** `--cert`, else what the environment names for Python's `requests`, else for OpenSSL, else Node's and the system's. */
function bundlesInForce({ host: { env }, cert }: TrustOptions): Authorities[] {
  const only = cert ?? (env["REQUESTS_CA_BUNDLE"] || env["CURL_CA_BUNDLE"] || undefined);
  if (only !== undefined) return [once(() => checked(readAuthorities(only), only))];
  const file = env["SSL_CERT_FILE"];
  const directory = env["SSL_CERT_DIR"];
  if (file && isFile(file)) {
    const authorities = once(() => readAuthorities(file));
    return directory ? [authorities, once(() => readAuthorities(file) + readAuthorities(directory))] : [authorities];
  }
  if (directory && isDirectory(directory)) return [once(() => readAuthorities(directory))];
  const system = SYSTEM_BUNDLES.find((path) => isFile(path));
  return [() => undefined, ...(system === undefined ? [] : [once(() => readAuthorities(system))])];
}

function readAuthorities(path: string): string {
  if (!isDirectory(path)) return readText(path);
  return listDirectory(path)
    .filter((name) => /\.(?:pem|crt|cer|\d+)$/.test(name))
    .map((name) => join(path, name))
    .filter((file) => isFile(file))
    .map((file) => `${readText(file)}\n`)
    .filter((text) => text.includes(BEGIN))
    .join("");
}

function checked(authorities: string, path: string): string {
  if (/-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/.test(authorities)) return authorities;
  throw new NetworkConfigError(`No certificates in ${path}`, { hint: "give a PEM file, or a directory of PEM files" });
}

function once(read: () => string): Authorities {
  let text: string | undefined;
  return () => (text ??= read());
}

const BEGIN = "-----BEGIN CERTIFICATE-----";
const END = "-----END CERTIFICATE-----";

function rootOf(certificate: PeerCertificate): Buffer | undefined {
  let current: PeerCertificate & { readonly issuerCertificate?: PeerCertificate } = certificate;
  for (let depth = 0; depth < 20; depth++) {
    const issuer = current.issuerCertificate;
    if (!issuer || issuer.raw === undefined || issuer.fingerprint256 === current.fingerprint256) return current.raw;
    current = issuer;
  }
  return undefined;
}

/** The usual text form, 64 characters a line: what bundles hold. */
function pemOf(certificate: Buffer | undefined): string | undefined {
  if (!certificate) return undefined;
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return [BEGIN, ...lines, END].join("\n");
}
