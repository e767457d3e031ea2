/** Words of a line as a POSIX shell splits them, with their places. */

import { PexError } from "./errors.ts";
import type { Span } from "./text.ts";

/** Quotes or a backslash of a line do not come to an end. */
export class UnbalancedQuotes extends PexError {
  readonly code = "UNBALANCED_QUOTES";
  readonly span: Span;

  constructor(message: string, span: Span) {
    super(message);
    this.span = span;
  }
}

export interface ShellWord {
  /** Without quotes and escapes. */
  readonly text: string;
  /** With them, in the source. */
  readonly span: Span;
}

const BLANK = /[ \t\r\n]/;

/**
 * Splits like Python's `shlex.split`: single quotes are literal, a backslash protects the next character, within double
 * quotes only `"` and `\`.
 *
 * @throws UnbalancedQuotes
 */
export function shellWords(source: string): ShellWord[] {
  const words: ShellWord[] = [];
  let at = 0;
  while (at < source.length) {
    if (BLANK.test(source.charAt(at))) {
      at++;
      continue;
    }
    const word = readWord(source, at);
    words.push(word);
    at = word.span.end;
  }
  return words;
}

function readWord(source: string, start: number): ShellWord {
  let text = "";
  let at = start;
  while (at < source.length && !BLANK.test(source.charAt(at))) {
    const character = source.charAt(at);
    if (character === "'" || character === '"') {
      const quoted = readQuoted(source, at);
      text += quoted.text;
      at = quoted.end;
    } else if (character === "\\") {
      if (at + 1 === source.length) throw new UnbalancedQuotes("No character behind `\\`", { start: at, end: at + 1 });
      text += source.charAt(at + 1);
      at += 2;
    } else {
      text += character;
      at++;
    }
  }
  return { text, span: { start, end: at } };
}

function readQuoted(source: string, start: number): { readonly text: string; readonly end: number } {
  const quote = source.charAt(start);
  let text = "";
  for (let at = start + 1; at < source.length; at++) {
    const character = source.charAt(at);
    if (character === quote) return { text, end: at + 1 };
    const next = source.charAt(at + 1);
    if (character === "\\" && quote === '"' && (next === '"' || next === "\\")) {
      text += next;
      at++;
    } else {
      text += character;
    }
  }
  throw new UnbalancedQuotes(`No closing ${quote}`, { start, end: source.length });
}
