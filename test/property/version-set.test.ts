import * as fc from "fast-check";
import { expect, test } from "vitest";

import { parseSpecifierSet, specifierContains, type SpecifierSet } from "../../src/standards/specifier.ts";
import {
  complement,
  contains,
  equals,
  exactly,
  formatVersionSet,
  intersect,
  isDisjoint,
  isEmpty,
  isSubset,
  onlyVersion,
  union,
  type VersionSet,
  versionSetOf,
} from "../../src/standards/version-set.ts";
import { compareVersions, formatVersion, parseVersion } from "../../src/standards/version.ts";
import { anySpecifiers, anyVersions } from "../support/version-arbitraries.ts";

const anySets: fc.Arbitrary<VersionSet> = fc
  .array(anySpecifiers, { minLength: 1, maxLength: 3 })
  .map((all) => all.map(versionSetOf).reduce(union));

test("the set of a specifier has the members that the specifier accepts", () => {
  fc.assert(
    fc.property(anySpecifiers, anyVersions, (specifiers, version) => {
      expect(contains(versionSetOf(specifiers), version)).toBe(acceptsSomeSpelling(specifiers, formatVersion(version)));
    }),
    { numRuns: 5_000 },
  );
});

test("membership in complements, intersections and unions is decided point by point", () => {
  fc.assert(
    fc.property(anySets, anySets, anyVersions, (a, b, version) => {
      const [inA, inB] = [contains(a, version), contains(b, version)];
      expect(contains(complement(a), version)).toBe(!inA);
      expect(contains(intersect(a, b), version)).toBe(inA && inB);
      expect(contains(union(a, b), version)).toBe(inA || inB);
    }),
    { numRuns: 2_000 },
  );
});

test("equal sets have equal cuts: the laws of set algebra hold exactly", () => {
  fc.assert(
    fc.property(anySets, anySets, anySets, (a, b, c) => {
      expect(equals(complement(complement(a)), a)).toBe(true);
      expect(equals(complement(union(a, b)), intersect(complement(a), complement(b)))).toBe(true);
      expect(equals(intersect(a, union(b, c)), union(intersect(a, b), intersect(a, c)))).toBe(true);
      expect(equals(union(a, intersect(a, b)), a)).toBe(true);
      expect(isEmpty(intersect(a, complement(a)))).toBe(true);
      expect(isEmpty(complement(union(a, complement(a))))).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test("relations agree with the sets they speak of", () => {
  fc.assert(
    fc.property(anySets, anySets, (a, b) => {
      expect(isSubset(a, b)).toBe(isEmpty(intersect(a, complement(b))));
      expect(isDisjoint(a, b)).toBe(isEmpty(intersect(a, b)));
      expect(equals(a, b)).toBe(isSubset(a, b) && isSubset(b, a));
      expect(isSubset(intersect(a, b), a) && isSubset(a, union(a, b))).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test("single versions: `exactly` is ==, `onlyVersion` leaves local versions out", () => {
  fc.assert(
    fc.property(anyVersions, anyVersions, (version, other) => {
      expect(equals(exactly(version), versionSetOf(parseSpecifierSet(`==${formatVersion(version)}`)))).toBe(true);
      expect(contains(onlyVersion(version), other)).toBe(compareVersions(version, other) === 0);
    }),
    { numRuns: 1_000 },
  );
});

test("every set has a text, and a text that reads as specifiers means nearly the set", () => {
  fc.assert(
    fc.property(anySets, fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 5, maxLength: 5 }), (set, release) => {
      const text = formatVersionSet(set);
      expect(text).not.toBe("");
      // A plain release longer than all that stand in the sets is at no end of a range.
      const version = parseVersion([...release, 1].join("."));
      expect(readsAsMember(text, formatVersion(version))).toBe(contains(set, version));
    }),
    { numRuns: 2_000 },
  );
});

function readsAsMember(text: string, version: string): boolean {
  if (text === "no version") return false;
  if (text === "any version") return true;
  return text.split(" or ").some((part) => specifierContains(parseSpecifierSet(part), parseVersion(version)));
}

/** `===` compares text, so `1.0` and `1.0.0` differ for it; a set of versions cannot tell them apart. */
function acceptsSomeSpelling(specifiers: SpecifierSet, version: string): boolean {
  return specifiers.every((clause) => {
    if (clause.operator !== "===") return specifierContains([clause], parseVersion(version));
    return clause.parsed !== undefined && compareVersions(clause.parsed, parseVersion(version)) === 0;
  });
}
