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

/** A configured file or value about the network is unusable. */
export class NetworkConfigError extends PexError {
  readonly code = "NETWORK_CONFIG";
}
