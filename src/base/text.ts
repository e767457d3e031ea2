/** Small operations on text that must not depend on the locale. */

/** Half-open range of UTF-16 offsets into a source text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Orders strings by code unit, the same on every machine. */
export function compareOrdinal(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * The source with a line of carets below the span:
 *
 * ```text
 *     flask==
 *          ^^
 * ```
 */
export function caretFrame(source: string, span: Span): string {
  const lineStart = source.lastIndexOf("\n", Math.max(0, span.start - 1)) + 1;
  const newline = source.indexOf("\n", lineStart);
  const line = source.slice(lineStart, newline === -1 ? source.length : newline);
  const column = Math.max(0, Math.min(span.start - lineStart, line.length));
  const width = Math.max(1, Math.min(span.end - span.start, line.length - column));
  const shown = escapeControl(line.slice(0, column)).length;
  return `    ${escapeControl(line)}\n    ${" ".repeat(shown)}${"^".repeat(width)}`;
}

/** Makes control characters of foreign text visible, so that they cannot steer a terminal. */
export function escapeControl(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}

/** The candidate that was probably meant, or `undefined` when none is close enough. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `1 wheel`, `2 wheels`. */
export function plural(count: number, noun: string, many: string = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : many}`;
}

/** Joins words as `a`, `a and b`, `a, b and c`. */
export function sentenceList(words: readonly string[], conjunction = "and"): string {
  if (words.length < 2) return words[0] ?? "";
  return `${words.slice(0, -1).join(", ")} ${conjunction} ${words.at(-1) ?? ""}`;
}

/** The text as one word of a POSIX shell. */
export function quoteForShell(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
}

/** Optimal string alignment distance, given up at `limit`. */
function editDistance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) >= limit) return limit;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      let cost = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]) {
        cost = Math.min(cost, (beforePrevious[column - 2] ?? 0) + 1);
      }
      current.push(cost);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[right.length] ?? limit;
}
