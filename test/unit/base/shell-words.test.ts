import { expect, test } from "vitest";

import { shellWords, UnbalancedQuotes } from "../../../src/base/shell-words.ts";

test.each([
  ["", []],
  ["  \t\n ", []],
  ["example:app --port 8888", ["example:app", "--port", "8888"]],
  ["a 'b c' d", ["a", "b c", "d"]],
  [`a"b c"'d e'\\ f`, ["ab cd e f"]],
  [`"\\"" "\\\\" "\\n"`, ['"', "\\", "\\n"]],
  [`'\\'`, ["\\"]],
  [`'' ""`, ["", ""]],
  ["a\\\nb", ["a\nb"]],
  ["é ü", ["é", "ü"]],
])("splits %j like a shell", (text, words) => {
  expect(shellWords(text).map((word) => word.text)).toEqual(words);
});

test.each(['"', "'a", "a\\", 'a "b\\"'])("refuses %j, which does not end", (text) => {
  expect(() => shellWords(text)).toThrow(UnbalancedQuotes);
});
