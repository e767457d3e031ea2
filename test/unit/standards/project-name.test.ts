import { expect, test } from "vitest";

import { InvalidProjectName, normalizeName, parseProjectName } from "../../../src/standards/project-name.ts";

test.each([
  ["flask", "flask"],
  ["Flask", "flask"],
  ["zope.interface", "zope-interface"],
  ["A__b..C-_.d", "a-b-c-d"],
  ["3to2", "3to2"],
])("%s is normalised to %s", (name, normalized) => {
  expect(normalizeName(name)).toBe(normalized);
  expect(parseProjectName(name)).toBe(normalized);
});

test.each(["", "-a", "a-", "a_", ".a", "a b", "é", "a\u001b[31m", "a/b", "１"])("%j is no project name", (text) => {
  expect(() => parseProjectName(text)).toThrow(InvalidProjectName);
});

test("the message of a bad name is safe to print and short", () => {
  expect(() => parseProjectName("a\u001b[31m")).toThrow("Invalid project name: `a\\x1b[31m`");
  expect(() => parseProjectName("-".repeat(100_000))).toThrow(/^.{100,200}$/);
});
