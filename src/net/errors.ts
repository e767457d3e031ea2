/** Failures between us and a server. None of them ever means that a package does not exist. */

import { PexError } from "../base/errors.ts";

/** This machine has no network, or cannot look up any name. */
export class NetworkDown extends PexError {
  readonly code = "NETWORK_DOWN";
}

/** A server of the index cannot be reached, keeps silent, breaks off or answers with its own failure. */
export class IndexUnreachable extends PexError {
  readonly code = "INDEX_UNREACHABLE";
}

/** The server asks for credentials, or refuses those it got. */
export class IndexAuthError extends PexError {
  readonly code = "INDEX_AUTH";
}

/** No trusted encrypted connection can be made. */
export class TlsError extends PexError {
  readonly code = "TLS_ERROR";
}

/** The proxy cannot be reached, or does not let us through. */
export class ProxyError extends PexError {
  readonly code = "PROXY";
}

/** An answer that no client can use: a status, redirect or encoding outside the protocol. */
export class UnexpectedAnswer extends PexError {
  readonly code = "UNEXPECTED_ANSWER";
}

/** Nobody may be asked, and the cache does not have it. */
export class NotCached extends PexError {
  readonly code = "NOT_CACHED";

  /** URLs or names of files. */
  readonly things: readonly string[];

  constructor(things: readonly string[]) {
    super(
      `Not in the cache:${things.length === 1 ? ` ${things[0] ?? ""}` : things.map((each) => `\n  ${each}`).join("")}`,
      {
        hint: "do it once without --offline, which brings into the cache what is needed",
        facts: { missing: things },
      },
    );
    this.things = things;
  }
}

/** A configured file or value about the network is unusable. */
export class NetworkConfigError extends PexError {
  readonly code = "NETWORK_CONFIG";
}
