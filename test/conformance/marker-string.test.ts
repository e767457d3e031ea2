import { expect, test } from "vitest";

import { decodePythonString } from "../../src/standards/python-string.ts";
import { askPython } from "../support/python-oracle.ts";
import { SeededRandom } from "../support/seeded-random.ts";

const ORACLE = `
import ast

def answer(question):
    try:
        return ast.literal_eval("'" + question + "'")
    except (SyntaxError, ValueError):
        return None
`;

const PIECES = [
  "\\",
  "\\",
  "\\",
  "x",
  "u",
  "U",
  "0",
  "1",
  "7",
  "8",
  "4",
  "1",
  "e",
  "9",
  "F",
  "a",
  "b",
  "n",
  "t",
  "v",
  "q",
  '"',
];
const RARE_PIECES = ["\n", "\r", "\r\n", "\u0000", "é", "😀", "\f", "0010", "00110000"];

test("the value of a quoted text is that of a Python literal", () => {
  const random = new SeededRandom(42);
  const bodies = random.times(20_000, () => {
    return random.times(random.below(12), () => random.pick(random.chance(0.05) ? RARE_PIECES : PIECES)).join("");
  });
  const expected = askPython<string | null>(ORACLE, bodies);
  const differences = bodies.flatMap((body, index) => {
    const ours = decodePythonString(body) ?? null;
    return ours === expected[index] ? [] : [{ body, ours, python: expected[index] }];
  });
  expect(expected.filter((answer) => answer === null).length).toBeGreaterThan(2_000);
  expect(differences.slice(0, 10)).toEqual([]);
});
