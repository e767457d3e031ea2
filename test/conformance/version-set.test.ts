import { describe, expect, test } from "vitest";

import { InvalidSpecifier, parseSpecifierSet, type SpecifierSet } from "../../src/standards/specifier.ts";
import {
  anyVersion,
  equals,
  intersect,
  isDisjoint,
  isEmpty,
  isSubset,
  versionSetOf,
} from "../../src/standards/version-set.ts";
import { specifierText } from "../support/packaging-cases.ts";
import { askPython } from "../support/python-oracle.ts";
import { SeededRandom } from "../support/seeded-random.ts";

const ORACLE = `
from packaging.specifiers import SpecifierSet

def answer(question):
    left, right = (SpecifierSet(text, prereleases=True) for text in question)
    return [left.is_unsatisfiable(), (left & right).is_unsatisfiable(), left.is_subset(right), left.is_disjoint(right)]
`;

describe("version sets agree with packaging", () => {
  test("on what is empty, a subset, disjoint", () => {
    const random = new SeededRandom(442);
    const sets: SpecifierSet[] = [];
    while (sets.length < 15_000) {
      const set = tryParse(specifierText(random, true));
      if (set === undefined || set.some(({ operator }) => operator === "===")) continue;
      // For packaging, `>=0.dev0` leaves something out: it counts texts that are no versions.
      if (set.length > 0 && equals(versionSetOf(set), anyVersion)) continue;
      sets.push(set);
    }
    const pairs = sets.slice(1).map((right, index) => [sets[index]!, right] as const);
    const questions = pairs.map((pair) =>
      pair.map((set) => set.map((clause) => clause.operator + clause.version).join(",")),
    );
    const expected = askPython<boolean[]>(ORACLE, questions);
    const differences = pairs.flatMap((pair, index) => {
      const [left, right] = [versionSetOf(pair[0]), versionSetOf(pair[1])];
      const ours = [isEmpty(left), isEmpty(intersect(left, right)), isSubset(left, right), isDisjoint(left, right)];
      const packaging = expected[index];
      return JSON.stringify(ours) === JSON.stringify(packaging)
        ? []
        : [{ question: questions[index], ours, packaging }];
    });
    for (const column of [0, 1, 2, 3]) {
      expect(expected.filter((answer) => answer[column]).length).toBeGreaterThan(1_000);
    }
    expect(differences.slice(0, 10)).toEqual([]);
  });
});

function tryParse(text: string): SpecifierSet | undefined {
  try {
    return parseSpecifierSet(text);
  } catch (error) {
    if (error instanceof InvalidSpecifier) return undefined;
    throw error;
  }
}
