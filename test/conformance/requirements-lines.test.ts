import * as fc from "fast-check";
import { expect, test } from "vitest";

import { logicalLines } from "../../src/inputs/requirements-text.ts";
import { shellWords } from "../../src/base/shell-words.ts";
import { askPython } from "../support/python-oracle.ts";

const PIECES = [
  "flask",
  "==1",
  " ",
  "  ",
  "\t",
  "#",
  " # note",
  "\\",
  "\\\n",
  "\n",
  "\r\n",
  "\r",
  "\f",
  "\u2028",
  "'",
  '"',
  "-r a",
  "--hash=x",
  "é",
];
const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }).map((pieces) => pieces.join(""));

test("logical lines are those of pip, on texts made of all that is special", () => {
  const samples = fc.sample(text, { numRuns: 5000, seed: 1 });
  const expected = askPython<[number, string][]>(
    "from pip._internal.req.req_file import preprocess\ndef answer(text): return [list(line) for line in preprocess(text)]",
    samples,
  );
  for (const [index, sample] of samples.entries()) {
    const ours = logicalLines(sample).map(({ line, text }) => [line, text]);
    expect(ours, JSON.stringify(sample)).toEqual(expected[index]);
  }
});

test("words are those of Python's shlex", () => {
  const samples = fc.sample(text, { numRuns: 5000, seed: 2 });
  const expected = askPython<string[] | null>(
    "import shlex\ndef answer(text):\n    try: return shlex.split(text)\n    except ValueError: return None",
    samples,
  );
  for (const [index, sample] of samples.entries()) {
    let ours: string[] | null;
    try {
      ours = shellWords(sample).map((word) => word.text);
    } catch {
      ours = null;
    }
    expect(ours, JSON.stringify(sample)).toEqual(expected[index]);
  }
});
