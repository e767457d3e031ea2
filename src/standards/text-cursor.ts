/** A place in a text that is being parsed, shared by the grammars of markers and requirements (PEP 508). */

import type { Span } from "../base/text.ts";
import type { Fault } from "./source-error.ts";

const SPACE = 0x20;
const TAB = 0x09;

/** Reads a source from left to right; `position` only moves forward. */
export class TextCursor {
  readonly source: string;
  position = 0;
  readonly #report: (fault: Fault) => Error;

  /** @param report makes the error that `fail` throws. */
  constructor(source: string, report: (fault: Fault) => Error) {
    this.source = source;
    this.#report = report;
  }

  /** The UTF-16 unit at the position, `NaN` at the end. */
  get code(): number {
    return this.source.charCodeAt(this.position);
  }

  get isAtEnd(): boolean {
    return this.position >= this.source.length;
  }

  /** Moves over spaces and tabs, the only white space that PEP 508 knows; tells whether there was any. */
  skipSpace(): boolean {
    const start = this.position;
    for (let code = this.code; code === SPACE || code === TAB; code = this.code) this.position++;
    return this.position > start;
  }

  /** Moves over the text if it stands here. */
  take(text: string): boolean {
    if (!this.source.startsWith(text, this.position)) return false;
    this.position += text.length;
    return true;
  }

  /** The text matched here by a sticky expression; moves over it. */
  match(expression: RegExp): string | undefined {
    expression.lastIndex = this.position;
    const found = expression.exec(this.source)?.[0];
    if (found !== undefined) this.position += found.length;
    return found;
  }

  /** From `start` to the end of the word at the position: what a caret should underline. */
  spanFrom(start: number): Span {
    let end = Math.max(this.position, start);
    while (end < this.source.length && !/[\s;,()[\]]/.test(this.source.charAt(end))) end++;
    return { start, end: Math.max(end, start + 1) };
  }

  /** @throws the error of this cursor's language. */
  fail(what: string, details: { readonly span?: Span; readonly hint?: string } = {}): never {
    throw this.#report({
      what,
      source: this.source,
      span: details.span ?? this.spanFrom(this.position),
      hint: details.hint,
    });
  }
}
