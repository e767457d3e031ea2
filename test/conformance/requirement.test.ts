import { describe, expect, test } from "vitest";

import { formatMarker } from "../../src/standards/marker.ts";
import { formatRequirement, InvalidRequirement, parseRequirement } from "../../src/standards/requirement.ts";
import { formatSpecifierSet } from "../../src/standards/specifier.ts";
import { damaged, holdsHugeNumber, requirementText, tokenSoup } from "../support/packaging-cases.ts";
import { askPython } from "../support/python-oracle.ts";
import { SeededRandom } from "../support/seeded-random.ts";

const ORACLE = `
from packaging.requirements import Requirement, InvalidRequirement
from packaging.utils import canonicalize_name

def answer(question):
    try:
        requirement = Requirement(question)
    except InvalidRequirement:
        return None
    if any(clause.operator == "~=" and "\u017f" in clause.version for clause in requirement.specifier):
        return None  # its pattern for ~= takes a long s for an s, and an assertion fails as soon as it is compared
    return [
        str(requirement),
        requirement.name,
        canonicalize_name(requirement.name),
        sorted(set(map(canonicalize_name, requirement.extras))),
        str(requirement.specifier),
        requirement.url,
        str(requirement.marker) if requirement.marker else None,
    ]
`;

describe("requirements agree with packaging", () => {
  test("on validity, every field and the printed form", () => {
    const random = new SeededRandom(509);
    const texts = random
      .times(30_000, () => {
        if (random.chance(0.1)) return `flask${random.pick(["", ";", "[", ">=1"])}${tokenSoup(random)}`;
        const text = requirementText(random);
        return random.chance(0.2) ? damaged(random, text) : text;
      })
      .filter((text) => !holdsHugeNumber(text));
    const expected = askPython<unknown>(ORACLE, texts);
    const differences = texts.flatMap((text, index) => {
      const ours = answer(text);
      return JSON.stringify(ours) === JSON.stringify(expected[index])
        ? []
        : [{ text, ours, packaging: expected[index] }];
    });
    expect(expected.filter((answer) => answer === null).length).toBeGreaterThan(4_000);
    expect(expected.filter((answer) => answer !== null).length).toBeGreaterThan(6_000);
    expect(differences.slice(0, 10)).toEqual([]);
  });
});

function answer(text: string): unknown {
  try {
    const requirement = parseRequirement(text);
    return [
      formatRequirement(requirement),
      requirement.name,
      requirement.project,
      requirement.extras,
      formatSpecifierSet(requirement.specifier),
      requirement.url ?? null,
      requirement.marker === undefined ? null : formatMarker(requirement.marker),
    ];
  } catch (error) {
    if (error instanceof InvalidRequirement) return null;
    throw error;
  }
}
