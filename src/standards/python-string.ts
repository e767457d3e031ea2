/** String literals of Python ("String and Bytes literals" of its reference), as markers may hold them. */

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** Hexadecimal digits after `\x`, `\u` and `\U`. */
const HEXADECIMAL_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/**
 * The value of what stands between the quotes of a one-line literal, or `undefined` where Python would refuse it.
 * Characters by name (`\N{DASH}`) are refused too: their table is not ours to carry.
 */
export function decodePythonString(body: string): string | undefined {
  // The tokenizer takes a raw line end for the end of an unfinished literal, unless it is escaped.
  if (body.includes("\0")) return undefined;
  if (!body.includes("\\")) return /[\r\n]/.test(body) ? undefined : body;
  let value = "";
  let index = 0;
  while (index < body.length) {
    const character = body.charAt(index);
    if (character === "\n" || character === "\r") return undefined;
    if (character !== "\\") {
      value += character;
      index++;
      continue;
    }
    const escape = decodeEscape(body, index + 1);
    if (escape === undefined) return undefined;
    value += escape.value;
    index = escape.end;
  }
  return value;
}

/** The escape whose first character after the backslash stands at `start`. */
function decodeEscape(body: string, start: number): { value: string; end: number } | undefined {
  const letter = body.charAt(start);
  if (letter === "" || letter === "N") return undefined;
  if (letter === "\r") return { value: "", end: start + (body.charAt(start + 1) === "\n" ? 2 : 1) };
  const simple = Object.hasOwn(SIMPLE_ESCAPES, letter) ? SIMPLE_ESCAPES[letter] : undefined;
  if (simple !== undefined) return { value: simple, end: start + 1 };
  const octal = /^[0-7]{1,3}/.exec(body.slice(start, start + 3))?.[0];
  if (octal !== undefined) return { value: String.fromCodePoint(Number.parseInt(octal, 8)), end: start + octal.length };
  const count = Object.hasOwn(HEXADECIMAL_DIGITS, letter) ? HEXADECIMAL_DIGITS[letter] : undefined;
  // Python keeps the backslash of an escape that it does not know.
  if (count === undefined) return { value: `\\${letter}`, end: start + 1 };
  const digits = body.slice(start + 1, start + 1 + count);
  if (digits.length !== count || !/^[0-9A-Fa-f]+$/.test(digits)) return undefined;
  const code = Number.parseInt(digits, 16);
  return code > 0x10ffff ? undefined : { value: String.fromCodePoint(code), end: start + 1 + count };
}
