/** TOML documents, read by smol-toml, which loads on first use. */

import { PexError } from "./errors.ts";
import { caretFrame } from "./text.ts";

/** A TOML document is not well formed. */
export class TomlError extends PexError {
  readonly code = "INVALID_TOML";
}

/** A value of a TOML document. */
export type TomlValue = string | number | bigint | boolean | Date | readonly TomlValue[] | TomlTable;

/** A table of a TOML document. */
export interface TomlTable {
  readonly [key: string]: TomlValue;
}

/**
 * The root table of a document.
 *
 * @param name What messages call the document, such as its path.
 * @throws TomlError with the offending line.
 */
export async function parseToml(source: string, name: string): Promise<TomlTable> {
  const { parse, TomlError: SyntaxFault } = await import("smol-toml");
  try {
    return parse(source, { integersAsBigInt: "asNeeded" });
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    const start = offsetOf(source, error.line, error.column);
    const what = error.message.split("\n", 1)[0]?.replace(/^Invalid TOML document: /, "") ?? "syntax error";
    throw new TomlError(
      `Invalid TOML in ${name}, line ${error.line}: ${what}\n${caretFrame(source, { start, end: start + 1 })}`,
    );
  }
}

function offsetOf(source: string, line: number, column: number): number {
  let start = 0;
  for (let current = 1; current < line; current++) start = source.indexOf("\n", start) + 1;
  return start + column - 1;
}
