/** A place in a text that is being parsed, shared by the grammars of markers and requirements (PEP 508). */

import type { Span } from "../base/text.ts";
import type { Fault } from "./source-error.ts";
import { isAlphanumeric } from "./version-scanner.ts";

const SPACE = 0x20;
const TAB = 0x09;
const DASH = 0x2d;
const DOT = 0x2e;
const UNDERSCORE = 0x5f;

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

  get isAtSpace(): boolean {
    return this.code === SPACE || this.code === TAB;
  }

  /** Moves over spaces and tabs, the only white space that PEP 508 knows; tells whether there was any. */
  skipSpace(): boolean {
    const start = this.position;
    while (this.isAtSpace) this.position++;
    return this.position > start;
  }

  /** Moves over the text if it stands here. */
  take(text: string): boolean {
    if (!this.source.startsWith(text, this.position)) return false;
    this.position += text.length;
    return true;
  }

  /** Moves over the word if it stands here and ends here. */
  takeWord(word: string): boolean {
    const end = this.position + word.length;
    if (isWordCharacter(this.source.charCodeAt(end))) return false;
    return this.take(word);
  }

  /** Moves over a name of letters, digits, `.`, `-` and `_`, which does not begin or end with a dash or a dot. */
  takeName(): string | undefined {
    const start = this.position;
    if (!isAlphanumeric(this.code)) return undefined;
    let end = start + 1;
    for (let position = end; isNameCharacter(this.source.charCodeAt(position)); position++) {
      if (isWordCharacter(this.source.charCodeAt(position))) end = position + 1;
    }
    this.position = end;
    return this.source.slice(start, end);
  }

  /** Moves over everything up to the next space or tab. */
  takeUntilSpace(): string {
    const start = this.position;
    while (!this.isAtEnd && !this.isAtSpace) this.position++;
    return this.source.slice(start, this.position);
  }

  /** From `start` to the end of the word at the position: what a caret should underline. */
  spanFrom(start: number): Span {
    let end = Math.max(this.position, start);
    while (end < this.source.length && !/[\s;,()[\]]/.test(this.source.charAt(end))) end++;
    return { start, end: Math.max(end, start + 1) };
  }

  /** @throws the error of this cursor's language. */
  fail(what: string, details: { readonly span?: Span; readonly hint?: string | undefined } = {}): never {
    throw this.#report({
      what,
      source: this.source,
      span: details.span ?? this.spanFrom(this.position),
      hint: details.hint,
    });
  }
}

/** What `\w` matches of ASCII. */
export function isWordCharacter(code: number): boolean {
  return isAlphanumeric(code) || code === UNDERSCORE;
}

function isNameCharacter(code: number): boolean {
  return isWordCharacter(code) || code === DOT || code === DASH;
}
