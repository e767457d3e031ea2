import { describe, expect, test } from "vitest";

import {
  compareVersions,
  formatVersion,
  InvalidVersion,
  isPrerelease,
  parseVersion,
  tryParseVersion,
} from "../../../src/standards/version.ts";

describe("parsing", () => {
  test.each([
    ["1", "1"],
    ["v1.0", "1.0"],
    ["1.02.003", "1.2.3"],
    ["0!1.0", "1.0"],
    ["2!1.0", "2!1.0"],
    ["1.0ALPHA", "1.0a0"],
    ["1.0-preview_3", "1.0rc3"],
    ["1.0c1", "1.0rc1"],
    ["1.0-1", "1.0.post1"],
    ["1.0rev2", "1.0.post2"],
    ["1.0.post", "1.0.post0"],
    ["1.0a-1", "1.0a1"],
    ["1.0a--1", "1.0a0.post1"],
    ["1.0br1", "1.0b0.post1"],
    ["1.0.dev", "1.0.dev0"],
    ["1.0a1.post2.dev3+Ubuntu-07_x", "1.0a1.post2.dev3+ubuntu.7.x"],
    [" \t1.0\n", "1.0"],
    ["\u00a01.0\u2003", "1.0"],
    ["9007199254740991", "9007199254740991"],
    ["0000000000000000000000001", "1"],
  ])("%j is %s", (text, normalized) => {
    expect(formatVersion(parseVersion(text))).toBe(normalized);
  });

  test.each([
    "",
    " ",
    "v",
    "a",
    "1.",
    ".1",
    "1..2",
    "1!",
    "!1",
    "1.0-",
    "1.0+",
    "1.0+a+b",
    "1.0+a.",
    "1.0+a..b",
    "1.0 a1",
    "1.0.*",
    "1.0x",
    "1.0prev",
    "１.0",
    "1.١",
    "1.0po\u017ft1",
    "\ufeff1.0",
    "1.0\u0000",
    "9007199254740992",
    "1.0a9007199254740992",
    "1.0+9007199254740992",
  ])("%j is none", (text) => {
    expect(tryParseVersion(text)).toBeUndefined();
    expect(() => parseVersion(text)).toThrow(InvalidVersion);
  });

  test("fields of a version that has them all", () => {
    const version = parseVersion("1!2.3a4.post5.dev6+seven.8");
    expect(version).toMatchObject({ epoch: 1, release: [2, 3], pre: ["a", 4], post: 5, dev: 6, local: ["seven", 8] });
  });

  test("a release of very many components is read in no time", () => {
    expect(parseVersion("1.".repeat(100_000) + "1").release.length).toBe(100_001);
    expect(tryParseVersion("1.".repeat(100_000) + "x")).toBeUndefined();
  });
});

describe("the order", () => {
  /** From PEP 440, "Summary of permitted suffixes and relative ordering", and around it. */
  const LADDER = [
    "0.dev0",
    "0",
    "0.0.0.1",
    "1.dev0",
    "1.0.dev456",
    "1.0a1.dev1",
    "1.0a1",
    "1.0a1.post0.dev1",
    "1.0a1.post1",
    "1.0a2.dev456",
    "1.0a12",
    "1.0b1.dev456",
    "1.0b2",
    "1.0b2.post345.dev456",
    "1.0b2.post345",
    "1.0rc1.dev456",
    "1.0rc1",
    "1.0",
    "1.0+0a",
    "1.0+abc",
    "1.0+abc.5",
    "1.0+abc.7",
    "1.0+abd",
    "1.0+5",
    "1.0+5.a",
    "1.0+5.0",
    "1.0+10",
    "1.0.post0.dev1",
    "1.0.post0",
    "1.0.post456.dev34",
    "1.0.post456",
    "1.0.0.0.1",
    "1.0.1.dev0",
    "1.0.15",
    "1.1.dev1",
    "1.4096",
    "1.99999999",
    "2.8192",
    "20240131",
    "99999999999",
    "1!0.dev0",
    "1!1.0",
    "2!0",
  ].map(parseVersion);

  test("is that of the ladder, for any two rungs", () => {
    for (const [low, left] of LADDER.entries()) {
      for (const [high, right] of LADDER.entries()) {
        expect([formatVersion(left), formatVersion(right), Math.sign(compareVersions(left, right))]).toEqual([
          formatVersion(left),
          formatVersion(right),
          Math.sign(low - high),
        ]);
      }
    }
  });

  test.each([
    ["1", "1.0.0"],
    ["1.0a", "1a0"],
    ["1.0+a.1", "1+A-01"],
    ["0!1", "1"],
  ])("%s and %s are equal", (left, right) => {
    expect(compareVersions(parseVersion(left), parseVersion(right))).toBe(0);
  });
});

test.each([
  ["1.0", false],
  ["1.0.post1", false],
  ["1.0+dev", false],
  ["1.0a1", true],
  ["1.0rc1.post1", true],
  ["1.0.dev0", true],
  ["1.0.post1.dev0", true],
])("whether %s is a pre-release: %s", (text, expected) => {
  expect(isPrerelease(parseVersion(text))).toBe(expected);
});
