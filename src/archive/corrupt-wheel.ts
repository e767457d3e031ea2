/** What is said about a wheel that cannot be used. */

import { PexError } from "../base/errors.ts";
import { escapeControl } from "../base/text.ts";

import type { ZipError } from "./zip-error.ts";

/** A file with the name of a wheel is none, or a broken one. */
export class CorruptWheel extends PexError {
  readonly code = "CORRUPT_WHEEL";
}

/** The complaint about a wheel whose zip file cannot be read. */
export function unreadableWheel(filename: string, error: ZipError): CorruptWheel {
  return corruptWheel(filename, error.message.charAt(0).toLowerCase() + error.message.slice(1), error);
}

/** @param reason A part of a sentence, such as `it has no METADATA`. */
export function corruptWheel(filename: string, reason: string, cause?: unknown): CorruptWheel {
  return new CorruptWheel(`The wheel is corrupt, ${escapeControl(reason)}: ${escapeControl(filename)}`, {
    cause,
    hint: "fetch or build it again; if it stays, tell whoever published it",
  });
}
