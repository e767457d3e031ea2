import { describe, expect, test } from "vitest";

import { parseSpecifierSet } from "../../../src/standards/specifier.ts";
import {
  anyVersion,
  complement,
  contains,
  equals,
  exactly,
  formatVersionSet,
  intersect,
  isEmpty,
  noVersions,
  onlyVersion,
  union,
  type VersionSet,
  versionSetOf,
} from "../../../src/standards/version-set.ts";
import { parseVersion } from "../../../src/standards/version.ts";

describe("different specifiers of the same versions make equal sets", () => {
  test.each([
    ["<1.0.post0", "<=1.0"],
    ["~=1.4", ">=1.4,==1.*"],
    [">1.0a1", ">=1.0a2.dev0"],
    [">1.0.post1", ">=1.0.post2.dev0"],
    ["<0", "<0.dev0"],
    [">=0.dev0", ""],
    ["==1.0,!=1.0", "<1,>2"],
    ["!=1.*,==1.5", "<0"],
    ["===1.0", "===1.0,==1.0"],
  ])("%s and %s", (left, right) => {
    expect(equals(setOf(left), setOf(right))).toBe(true);
  });
});

describe("local versions", () => {
  const [plain, local] = [parseVersion("1.0"), parseVersion("1.0+cpu")];

  test("`exactly` a version takes its local versions, `onlyVersion` does not", () => {
    expect(contains(exactly(plain), local)).toBe(true);
    expect(contains(onlyVersion(plain), local)).toBe(false);
    expect(contains(exactly(local), local)).toBe(true);
    expect(contains(exactly(local), plain)).toBe(false);
  });

  test("taking one away leaves the others", () => {
    const others = intersect(exactly(plain), complement(onlyVersion(local)));
    expect(contains(others, plain)).toBe(true);
    expect(contains(others, local)).toBe(false);
    expect(contains(others, parseVersion("1.0+cuda"))).toBe(true);
    expect(contains(others, parseVersion("1.0+cpu.1"))).toBe(true);
  });
});

test("a text after === that is no normalised version meets nothing", () => {
  expect(isEmpty(setOf("===foo"))).toBe(true);
  expect(isEmpty(setOf("===v1.0"))).toBe(true);
  expect(contains(setOf("===1.0+ABC"), parseVersion("1.0+abc"))).toBe(true);
});

describe("texts for people", () => {
  test.each<[string, VersionSet]>([
    ["any version", anyVersion],
    ["no version", noVersions],
    [">=2,<3", setOf(">=2,<3")],
    ["==1.4.2", setOf("==1.4.2")],
    ["==1.4.2", onlyVersion(parseVersion("1.4.2"))],
    ["==1.4.*", setOf("==1.4.*")],
    ["!=1.4.2", setOf("!=1.4.2")],
    ["!=1.4.*", setOf("!=1.4.*")],
    [">=2,!=2.1,!=2.3.*,<3", setOf(">=2,<3,!=2.1,!=2.3.*")],
    ["==1.*,!=1.5", setOf("==1.*,!=1.5")],
    [">1.0", setOf(">1.0")],
    [">1.0", complement(setOf("<=1.0"))],
    ["<=1.0", setOf("<=1.0")],
    ["<=1.0", complement(setOf(">1.0"))],
    ["<2", setOf("<2")],
    [">=2", complement(setOf("<2"))],
    ["<2", complement(setOf(">=2"))],
    [">=1.4.2,<1.5", setOf("~=1.4.2")],
    ["<2.0rc1", setOf("<2.0rc1")],
    [">1.0.post1", setOf(">1.0.post1")],
    ["==1.0+cpu", setOf("==1.0+cpu")],
    ["<1 or >=3", union(setOf("<1"), setOf(">=3"))],
    ["==1 or ==2 or >=4,<5", union(union(setOf("==1"), setOf("==2")), setOf(">=4,<5"))],
  ])("%s", (text, set) => {
    expect(formatVersionSet(set)).toBe(text);
  });
});

function setOf(text: string): VersionSet {
  return versionSetOf(parseSpecifierSet(text));
}
