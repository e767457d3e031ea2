import { expect, test } from "vitest";

import { decodePythonString } from "../../../src/standards/python-string.ts";

test.each([
  ["", ""],
  ["plain é 😀", "plain é 😀"],
  ["a\\tb\\\\c\\'", "a\tb\\c'"],
  ["\\x41\\u00e9\\U0001F600", "Aé😀"],
  ["\\101\\0\\7778", "A\0\u01ff8"],
  ["kept \\d \\q", "kept \\d \\q"],
  ["a\\\nb\\\r\nc", "abc"],
])("%j means %j", (body, value) => {
  expect(decodePythonString(body)).toBe(value);
});

test.each(["\\", "\\x4", "\\xg1", "\\u123", "\\U00110000", "\\N{DASH}", "a\nb", "a\rb", "a\0b"])(
  "%j is refused",
  (body) => {
    expect(decodePythonString(body)).toBeUndefined();
  },
);
