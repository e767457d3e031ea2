/** What every failure that a user can meet has in common. */

/** Details of a failure beyond its message. */
export interface ErrorDetails {
  /** The next thing to do or to type, as one imperative sentence. */
  readonly hint?: string | undefined;
  /** What went wrong one level below. */
  readonly cause?: unknown;
  /** What a program may want to know of it besides, as `--json` prints it. */
  readonly facts?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The root of all errors that users see: a stable `code`, a one-line `message`, an optional `hint`.
 *
 * Subclasses name one concept each. Anything thrown that is not a `PexError` is a defect of ours.
 */
export abstract class PexError extends Error {
  /** Stable, documented identifier in `UPPER_SNAKE_CASE`. */
  abstract readonly code: string;
  readonly hint: string | undefined;
  readonly facts: Readonly<Record<string, unknown>> | undefined;

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.hint = details.hint;
    this.facts = details.facts;
  }
}

/** The command line or a request to the Node API is contradictory or incomplete; exit status 2. */
export class UsageError extends PexError {
  readonly code = "USAGE";
}

/** The option or input is understood, but what it asks for is not built yet. */
export class NotImplemented extends PexError {
  readonly code = "NOT_IMPLEMENTED";
}

/** The user or the caller's `AbortSignal` stopped the work; exit status 130. */
export class Cancelled extends PexError {
  readonly code = "CANCELLED";
}

/** Closes a `switch` over a union: reaching it is a compile-time error. */
export function assertNever(value: never): never {
  throw new TypeError(`Unexpected variant: ${JSON.stringify(value)}`);
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The operating system's code of a thrown error (`ENOENT`), or `undefined`. */
export function systemCode(error: unknown): string | undefined {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return undefined;
}
