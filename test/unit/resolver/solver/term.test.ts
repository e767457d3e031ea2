import { describe, expect, test } from "vitest";

import { PackageTable } from "../../../../src/resolver/solver/package.ts";
import { difference, intersectTerms, relate, type Term } from "../../../../src/resolver/solver/term.ts";
import { parseProjectName } from "../../../../src/standards/project-name.ts";
import { parseSpecifierSet } from "../../../../src/standards/specifier.ts";
import { formatVersionSet, versionSetOf } from "../../../../src/standards/version-set.ts";

const foo = new PackageTable().project(parseProjectName("foo"));

/** `>=1` or `not >=1`. */
function term(text: string): Term {
  const positive = !text.startsWith("not ");
  const set = versionSetOf(parseSpecifierSet(text.replace("not ", "")));
  return { package: foo, positive, set };
}

function textOf({ positive, set }: Term): string {
  return `${positive ? "" : "not "}${formatVersionSet(set)}`;
}

describe("what is known and a term", () => {
  test.each([
    [">=1,<2", ">=1", "satisfied"],
    [">=1", ">=1,<2", "inconclusive"],
    [">=2", "<2", "contradicted"],
    [">=2", "not <2", "satisfied"],
    [">=1,<2", "not >=1", "contradicted"],
    [">=1", "not >=2", "inconclusive"],
    ["not >=1", ">=2", "contradicted"],
    ["not >=2", ">=1", "inconclusive"],
    // Perhaps no version is chosen at all.
    ["not >=2", "<2", "inconclusive"],
    ["not >=1", "not >=2", "satisfied"],
    ["not >=2", "not >=1", "inconclusive"],
  ])("%s makes %s %s", (known, other, relation) => {
    expect(relate(term(known), term(other))).toBe(relation);
  });
});

test.each([
  [">=1", "<2", ">=1,<2"],
  [">=1", "not >=2", ">=1,<2"],
  ["not >=2", ">=1", ">=1,<2"],
  ["not >=2", "not <1", "not <1 or >=2"],
])("%s and %s is %s", (left, right, both) => {
  expect(textOf(intersectTerms(term(left), term(right)))).toBe(both);
});

test.each([
  [">=1", ">=2", ">=1,<2"],
  [">=1", "not >=2", ">=2"],
  [">=2", ">=1", undefined],
])("%s says beyond %s: %s", (left, right, rest) => {
  const found = difference(term(left), term(right));
  expect(found && textOf(found)).toBe(rest);
});
