/** Words of a text as a POSIX shell splits them. */

import { UsageError } from "../base/errors.ts";

/** One word: runs of plain characters, `'…'`, `"…"` and `\x`, with nothing between them. */
const WORD = /(?:[^\s'"\\]|'[^']*'|"(?:[^"\\]|\\[^])*"|\\[^])+/gy;
const PIECE = /'([^']*)'|"((?:[^"\\]|\\[^])*)"|\\([^])|([^\s'"\\]+)/g;
const BLANKS = /\s*/y;

/**
 * Splits like Python's `shlex.split`: single quotes are literal, a backslash protects the next character, within double
 * quotes only `"` and `\`.
 *
 * @param subject How the error names the text.
 * @throws UsageError when a quote is not closed.
 */
export function splitShellWords(text: string, subject: string): string[] {
  const words: string[] = [];
  let at = skipBlanks(text, 0);
  while (at < text.length) {
    WORD.lastIndex = at;
    const word = WORD.exec(text)?.[0];
    const end = at + (word?.length ?? 0);
    if (word === undefined || /['"\\]/.test(text.charAt(end))) {
      throw new UsageError(`${subject} has an unclosed quote or a trailing backslash: ${text}`, {
        hint: "Close the quote, or protect it with a backslash.",
      });
    }
    words.push(unquote(word));
    at = skipBlanks(text, end);
  }
  return words;
}

function skipBlanks(text: string, at: number): number {
  BLANKS.lastIndex = at;
  return at + (BLANKS.exec(text)?.[0].length ?? 0);
}

function unquote(word: string): string {
  return word.replaceAll(PIECE, (_match, single?: string, double?: string, escaped?: string, plain?: string) => {
    if (double !== undefined) return double.replaceAll(/\\(["\\])/g, "$1");
    return single ?? escaped ?? plain ?? "";
  });
}
