/** From the network's many errors to the few that a user can act upon. */

import { Cancelled, PexError, systemCode } from "../base/errors.ts";
import type { SafeUrl } from "../base/safe-url.ts";

import { BodyTooLarge } from "./body.ts";
import { UnknownEncoding, WrongEncoding } from "./content-encoding.ts";
import { ProxyTrouble } from "./dial.ts";
import { IndexAuthError, IndexUnreachable, NetworkDown, ProxyError, TlsError, UnexpectedAnswer } from "./errors.ts";
import { Aborted, CutShort, NotProcessed, StaleConnection } from "./exchange.ts";
import { TooSlow } from "./silence.ts";
import { SilenceError } from "./tcp.ts";

/** The server answered with a status that is no answer to the question. */
export class BadStatus extends Error {
  readonly status: number;
  /** The `Retry-After` header. */
  readonly retryAfter: string | undefined;

  constructor(status: number, retryAfter?: string) {
    super(`status ${status}`);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** Whether the same request may succeed in a moment. */
export function isTransient(error: unknown): boolean {
  if (error instanceof BadStatus) return RETRYABLE_STATUS.has(error.status);
  if (error instanceof ProxyTrouble) return error.status === undefined ? isTransient(error.cause) : error.status >= 500;
  if (error instanceof SilenceError || error instanceof CutShort) return true;
  if (error instanceof StaleConnection || error instanceof NotProcessed) return true;
  const code = systemCode(error) ?? "";
  return TRANSIENT.has(code) || code.startsWith("ERR_HTTP2_");
}

/**
 * The error to show for one that ended a request; a defect of ours is thrown as it is.
 *
 * @param url What was asked for.
 * @param signal Aborted means that whatever the error says, it happened because the caller wanted no more.
 */
export function explain(error: unknown, url: SafeUrl, signal?: AbortSignal): PexError {
  if (error instanceof PexError) return error;
  if (error instanceof Aborted || signal?.aborted) return new Cancelled("Cancelled", { cause: error });
  if (error instanceof ProxyTrouble) return explainProxy(error);
  if (error instanceof BadStatus) return explainStatus(error, url);
  if (error instanceof BodyTooLarge) {
    return new UnexpectedAnswer(`Unreasonably large answer from ${url.toString()}: ${error.message}`, {
      cause: error,
      hint: "check that the URL is that of a package index, and look at what it sends",
    });
  }
  if (error instanceof WrongEncoding) {
    return new UnexpectedAnswer(`The answer is not \`${error.message}\`, as its header says: ${url.toString()}`, {
      cause: error,
      hint: "tell whoever runs the server, or the proxy on the way to it",
    });
  }
  if (error instanceof UnknownEncoding) {
    return new UnexpectedAnswer(`Unknown content encoding from ${url.toString()}: \`${error.message}\``, {
      cause: error,
      hint: "tell whoever runs the server, or the proxy on the way to it",
    });
  }
  const code = systemCode(error) ?? "";
  if (NO_NETWORK.has(code)) {
    const what = code === "EAI_AGAIN" ? "cannot look up the name" : "no way to";
    return new NetworkDown(`The network is down: ${what} ${url.host}`, { cause: error, hint: NETWORK_HINT });
  }
  if (code === "ENOTFOUND") {
    return new IndexUnreachable(`Cannot reach ${url.host}: there is no server of that name`, {
      cause: error,
      hint: "check the spelling of the URL, the network connection, and whether a proxy is needed (--proxy)",
    });
  }
  if (!isNetworkError(error)) throw error;
  return explainTls(error, url) ?? explainConnection(error, url);
}

/** Whether an error is of the network; any other is a defect of ours, which must not be dressed up. */
function isNetworkError(error: unknown): boolean {
  return systemCode(error) !== undefined || KNOWN.some((kind) => error instanceof kind);
}

const KNOWN = [SilenceError, TooSlow, CutShort, StaleConnection, NotProcessed];

const RETRYABLE_STATUS: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 527]);

const TRANSIENT: ReadonlySet<string> = new Set([
  "EAI_AGAIN",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETDOWN",
  "ENETUNREACH",
  "EPIPE",
  "ETIMEDOUT",
]);

const NO_NETWORK: ReadonlySet<string> = new Set(["EAI_AGAIN", "EHOSTUNREACH", "ENETDOWN", "ENETUNREACH"]);

const NETWORK_HINT =
  "check the network connection and whether a proxy is needed (--proxy); " +
  "to build from a local directory alone, use --no-index --find-links DIRECTORY";

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "the connection was reset",
  ENOTFOUND: "there is no server of that name",
  EPIPE: "the connection was closed",
  ETIMEDOUT: "the connection timed out",
};

function explainConnection(error: unknown, url: SafeUrl): PexError {
  if (error instanceof TooSlow) {
    return new IndexUnreachable(`${url.host} sends too slowly: ${error.message}`, {
      cause: error,
      hint: "try again later or from another server, or wait longer with --timeout SECONDS",
    });
  }
  const code = systemCode(error) ?? "";
  const text = error instanceof SilenceError || error instanceof CutShort ? error.message : REASONS[code];
  const hint =
    error instanceof SilenceError
      ? "try again, or wait longer with --timeout SECONDS"
      : "check the URL and the network connection, and whether a proxy is needed (--proxy)";
  const said = error instanceof Error ? error.message : String(error);
  const reason = text ?? (code.startsWith("HPE_") ? `it does not speak HTTP as it should (${said})` : said);
  return new IndexUnreachable(`Cannot reach ${url.host}: ${reason}`, { cause: error, hint });
}

function explainTls(error: unknown, url: SafeUrl): TlsError | undefined {
  const code = systemCode(error) ?? "";
  const isAboutTls = code === "EPROTO" || code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_");
  if (!isAboutTls && !/CERT|SIGNED|SIGNATURE|INVALID_CA|CRL/.test(code)) return undefined;
  if (code.includes("WRONG_VERSION_NUMBER") || String(error).includes("wrong version number")) {
    return new TlsError(`No encrypted connection to ${url.host}: the server does not speak TLS`, {
      cause: error,
      hint: "check scheme and port of the URL, or the proxy's scheme",
    });
  }
  if (code.includes("ALERT_CERTIFICATE_REQUIRED") || code.includes("HANDSHAKE_FAILURE")) {
    return new TlsError(`No encrypted connection to ${url.host}: ${reasonOf(error)}`, {
      cause: error,
      hint: "if the server asks for a client certificate, pass it with --client-cert FILE",
    });
  }
  return new TlsError(`Cannot trust ${url.host}: ${reasonOf(error)}`, {
    cause: error,
    hint: "pass the file of the certificate authority with --cert FILE, or name it in SSL_CERT_FILE",
  });
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // OpenSSL's own errors look like `…:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:…`.
  return /SSL routines:[^:]*:([^:]+):/.exec(message)?.[1] ?? message.replace(/\.$/, "");
}

function explainProxy(error: ProxyTrouble): PexError {
  const proxy = error.proxy.toString();
  if (error.status === 407) {
    return new ProxyError(`The proxy asks for a user and password: ${proxy}`, {
      cause: error,
      hint: "put them into the proxy's URL, as in `http://user:password@host:port`",
    });
  }
  if (error.status !== undefined) {
    return new ProxyError(`The proxy refuses the connection with status ${error.status}: ${proxy}`, {
      cause: error,
      hint: "ask who runs the proxy, or name the server in NO_PROXY to go around it",
    });
  }
  const reason =
    explainTls(error.cause, error.proxy)?.message ?? REASONS[systemCode(error.cause) ?? ""] ?? error.message;
  return new ProxyError(`Cannot reach the proxy ${proxy}: ${reason}`, {
    cause: error,
    hint: "check --proxy, HTTPS_PROXY, HTTP_PROXY and ALL_PROXY, or name the server in NO_PROXY",
  });
}

function explainStatus({ status, message }: BadStatus, url: SafeUrl): PexError {
  const cause = new Error(message);
  if (status === 407) {
    return new ProxyError("The proxy asks for a user and password", {
      cause,
      hint: "put them into the proxy's URL, as in `http://user:password@host:port`",
    });
  }
  if (status === 401 || status === 403) {
    const what = status === 401 ? "asks for credentials or refuses those it got" : "forbids access";
    return new IndexAuthError(`The server ${what} (${status}): ${url.toString()}`, {
      cause,
      hint:
        "put user and password into the URL (`https://user:password@…`) or into ~/.netrc, " +
        "or use `--keyring-provider subprocess` with the user in the URL",
    });
  }
  if (RETRYABLE_STATUS.has(status)) {
    return new IndexUnreachable(`The server fails with status ${status}: ${url.toString()}`, {
      cause,
      hint:
        status === 429
          ? "wait a while: the server limits how often it is asked"
          : "try again later: the fault is the server's",
    });
  }
  return new UnexpectedAnswer(`Unexpected status ${status} from ${url.toString()}`, { cause, hint: "check the URL" });
}
