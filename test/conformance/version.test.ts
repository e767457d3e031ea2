import { describe, expect, test } from "vitest";

import { compareVersions, formatVersion, isPrerelease, tryParseVersion } from "../../src/standards/version.ts";
import { damaged, holdsHugeNumber, padded, respelled, versionText } from "../support/packaging-cases.ts";
import { askPython } from "../support/python-oracle.ts";
import { SeededRandom } from "../support/seeded-random.ts";

const ORACLE = `
from packaging.version import Version, InvalidVersion

def answer(question):
    if isinstance(question, str):
        try:
            version = Version(question)
        except InvalidVersion:
            return None
        return [str(version), version.is_prerelease]
    left, right = map(Version, question)
    return (left > right) - (left < right)
`;

describe("versions agree with packaging", () => {
  test("on what is a version, its normal form, and whether it is a pre-release", () => {
    const random = new SeededRandom(440);
    const texts = random
      .times(30_000, () => {
        const text = padded(random, versionText(random));
        return random.chance(0.3) ? damaged(random, text) : text;
      })
      .filter((text) => !holdsHugeNumber(text));
    const expected = askPython<[string, boolean] | null>(ORACLE, texts);
    const differences = texts.flatMap((text, index) => {
      const version = tryParseVersion(text);
      const ours = version === undefined ? null : [formatVersion(version), isPrerelease(version)];
      return JSON.stringify(ours) === JSON.stringify(expected[index])
        ? []
        : [{ text, ours, packaging: expected[index] }];
    });
    expect(expected.filter((answer) => answer === null).length).toBeGreaterThan(2_000);
    expect(differences.slice(0, 10)).toEqual([]);
  });

  test("on the order of any two", () => {
    const random = new SeededRandom(441);
    const pairs = random.times(30_000, () => {
      const small = random.chance(0.8);
      const left = versionText(random, small);
      return [left, random.chance(0.3) ? respelled(random, left) : versionText(random, small)] as const;
    });
    const expected = askPython<number>(ORACLE, pairs);
    const differences = pairs.flatMap(([left, right], index) => {
      const ours = Math.sign(compareVersions(tryParseVersion(left)!, tryParseVersion(right)!));
      return ours === expected[index] ? [] : [{ left, right, ours, packaging: expected[index] }];
    });
    expect(expected.filter((answer) => answer === 0).length).toBeGreaterThan(500);
    expect(differences.slice(0, 10)).toEqual([]);
  });
});
