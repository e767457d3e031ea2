import { describe, expect, test } from "vitest";

import { caretFrame } from "../../../src/base/text.ts";
import {
  filterVersions,
  formatSpecifierSet,
  InvalidSpecifier,
  mentionsPrerelease,
  parseSpecifier,
  parseSpecifierSet,
  specifierContains,
} from "../../../src/standards/specifier.ts";
import { formatVersion, parseVersion } from "../../../src/standards/version.ts";

describe("what a set accepts", () => {
  test.each([
    ["", "1.0a1 1.0", ""],
    ["==1.0", "1 1.0.0 1.0+local", "1.0.post1 1.0a1 1.0.1"],
    ["==1.0+a", "1.0+a 1+A", "1.0 1.0+a.1"],
    ["!=1.0", "1.1 1.0.post1 1.0rc1", "1.0 1.0+local"],
    ["==1.0.*", "1 1.0.5 1.0a1 1.0.dev0 1.0.post1 1.0+x", "1.1.dev0 1!1.0"],
    ["!=1.0.*", "1.1.dev0 0.9", "1.0a1 1.0.7+x"],
    ["<=1.0", "1.0 1.0+local 1.0a1", "1.0.post1"],
    ["<1.0", "0.9 0.9.post1", "1.0 1.0a1 1.0.dev0"],
    ["<1.0rc1", "1.0b1 1.0.dev0", "1.0rc1 1.0"],
    ["<1.0.post1", "1.0 1.0rc1 1.0+x", "1.0.post1.dev0 1.0.post1"],
    [">1.0", "1.0.1 1.1.dev0", "1.0 1.0.post1 1.0+local 1.0.post1.dev0"],
    [">1.0.post1", "1.0.post2 1.0.post2.dev0 1.1", "1.0.post1+x 1.0.post1"],
    [">1.0a1", "1.0a2.dev0 1.0", "1.0a1.post1 1.0a1+x"],
    [">1.0.dev1", "1.0.dev2 1.0a1", "1.0.dev1+x"],
    [">=1.0", "1.0 1.0+local 1.0.post1", "1.0rc1"],
    ["~=1.4.2", "1.4.2 1.4.9 1.4.3a1", "1.4.1 1.5 1.5.dev0"],
    ["~=1.4", "1.4 1.9", "2.0.dev0 1.3"],
    ["~=2!1.0", "2!1.5", "2!2.0 1.5"],
    ["===1.0", "1.0", "1.0.0 1.0+x"],
    ["===1.0+UBUNTU", "1.0+ubuntu", "1.0"],
    ["===v1.0", "", "1.0"],
    ["===foo", "", "1.0"],
    [">=1,<2,!=1.5", "1.4 1.5.1", "1.5 2.0a1 0.9"],
  ])("%s: %s, not %s", (text, members, strangers) => {
    const set = parseSpecifierSet(text);
    for (const version of words(members)) expect([version, accepts(set, version)]).toEqual([version, true]);
    for (const version of words(strangers)) expect([version, accepts(set, version)]).toEqual([version, false]);
  });
});

describe("the printed form", () => {
  test.each([
    ["", ""],
    [" >= 1.0 ", ">=1.0"],
    [">=V1.0RC1", ">=V1.0RC1"],
    [">=1,<2", "<2,>=1"],
    [",>=1,,<2,", "<2,>=1"],
    ["==1.0.0,==1.0", "==1.0"],
    ["~=1.0.0,~=1.0", "~=1.0,~=1.0.0"],
    ["==1.0.*,==1.*", "==1.*,==1.0.*"],
  ])("%j prints as %s", (text, expected) => {
    expect(formatSpecifierSet(parseSpecifierSet(text))).toBe(expected);
  });
});

describe("pre-releases", () => {
  const OFFERED = "0.9 1.0a1 1.0 1.1.dev0 2.0rc1";

  test.each([
    ["", undefined, "0.9 1.0"],
    ["", true, OFFERED],
    ["", false, "0.9 1.0"],
    [">1.0", undefined, "1.1.dev0 2.0rc1"],
    [">1.0", false, ""],
    [">=1.0a1", undefined, "1.0a1 1.0 1.1.dev0 2.0rc1"],
    [">=1.0a1", false, "1.0"],
    ["!=2.0rc1", undefined, "0.9 1.0"],
    ["==2.0rc1", undefined, "2.0rc1"],
    ["==1.1.*", undefined, "1.1.dev0"],
  ])("%j with pre-releases %s takes %s", (text, policy, expected) => {
    const taken = filterVersions(parseSpecifierSet(text), words(OFFERED).map(parseVersion), policy);
    expect(taken.map(formatVersion).join(" ")).toBe(expected);
  });

  test.each([
    ["", false],
    [">=1.0", false],
    [">=1.0rc1", true],
    ["!=1.0rc1", false],
    ["===1.0.dev1", true],
    ["===foo", false],
    [">=1,<2.0a1", true],
  ])("whether %j asks for them: %s", (text, expected) => {
    expect(mentionsPrerelease(parseSpecifierSet(text))).toBe(expected);
  });
});

describe("malformed sets are refused at the right place", () => {
  test.each([
    [">=1,<x", "<x", "x", "Expected a version after `<`"],
    ["1.0", "1.0", "1.0", "Expected a comparison operator"],
    ["=1.0", "=1.0", "=1.0", "`=` is no comparison operator"],
    [">=2, ~=1", "~=1", "1", "`~=` needs a version of at least two components"],
    [">=1.*", ">=1.*", ".*", "`.*` can only be used with `==` and `!=`"],
    ["==1a1.*", "==1a1.*", ".*", "`.*` cannot follow a pre-release, post-release, development or local version"],
    ["<1+x", "<1+x", "+x", "A local version label can only be used with `==` and `!=`"],
    [">1 <2", ">1 <2", "<2", "Unexpected text after the version"],
    [">9007199254740992", ">9007199254740992", "9007199254740992", "The version holds a number above 2⁵³ - 1"],
  ])("%j", (text, _clause, marked, what) => {
    const error = failureOf(() => parseSpecifierSet(text));
    expect(error.what).toBe(what);
    expect(text.slice(error.span.start, error.span.end).trim()).toContain(marked);
    expect(error.message).toBe(
      `Invalid version specifier: ${what.charAt(0).toLowerCase()}${what.slice(1)}\n${caretFrame(text, error.span)}`,
    );
  });
});

test("one clause alone may hold commas after ===, a set splits there", () => {
  expect(parseSpecifier("=== a,b ")).toMatchObject({ operator: "===", version: "a,b" });
  expect(() => parseSpecifierSet("===a,b")).toThrow(InvalidSpecifier);
  expect(() => parseSpecifier(">=1,<2")).toThrow(InvalidSpecifier);
  expect(() => parseSpecifier("")).toThrow(InvalidSpecifier);
});

function words(text: string): string[] {
  return text.split(" ").filter((word) => word !== "");
}

function accepts(set: ReturnType<typeof parseSpecifierSet>, version: string): boolean {
  return specifierContains(set, parseVersion(version));
}

function failureOf(action: () => unknown): InvalidSpecifier {
  try {
    action();
  } catch (error) {
    if (error instanceof InvalidSpecifier) return error;
  }
  throw new Error("It was accepted");
}
