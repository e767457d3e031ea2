import { describe, expect, test } from "vitest";

import { UsageError } from "../../../src/base/errors.ts";
import { parseOverride } from "../../../src/resolver/amendments.ts";
import { pinsOf, type Question, resolveWorld, type World } from "../../support/resolver-world.ts";

const WORLD: World = {
  app: { "1": ["lib[fast]<2", "tool"] },
  lib: { "1": { requires: ["deep", "speed; extra == 'fast'"], extras: ["fast"] }, "2": ["deep"] },
  tool: { "1": [], "2": [] },
  other: { "1": ["deep"] },
  deep: { "1": [] },
  speed: { "1": [] },
};

const resolved = async (question: Partial<Question>): Promise<string[]> =>
  pinsOf(await resolveWorld(WORLD, { requirements: ["app"], ...question }));

describe("an excluded distribution", () => {
  test.each<readonly [readonly string[], readonly string[]]>([
    [[], ["app 1", "deep 1", "lib[fast] 1", "speed 1", "tool 2"]],
    [["lib"], ["app 1", "tool 2"]],
    [["lib<2"], ["app 1", "tool 2"]],
    [["lib>=2"], ["app 1", "deep 1", "lib[fast] 1", "speed 1", "tool 2"]],
    [["tool>1"], ["app 1", "deep 1", "lib[fast] 1", "speed 1", "tool 1"]],
    [
      ["deep", "speed"],
      ["app 1", "lib[fast] 1", "tool 2"],
    ],
    [["lib; python_version < '3'"], ["app 1", "deep 1", "lib[fast] 1", "speed 1", "tool 2"]],
  ])("%j is left out, with what only it needs, or another version stands in", async (excludes, expected) => {
    expect(await resolved({ excludes })).toEqual(expected);
  });

  test("may be one that the user requires", async () => {
    expect(await resolved({ requirements: ["app", "other"], excludes: ["other"] })).not.toContain("other 1");
  });

  test("that leaves no version is told in the proof", async () => {
    await expect(resolved({ requirements: ["tool!=1"], excludes: ["tool==2"] })).rejects.toThrow("you exclude tool==2");
  });
});

describe("an override", () => {
  test.each<readonly [readonly string[], readonly string[]]>([
    [["lib==2"], ["app 1", "deep 1", "lib 2", "tool 2"]],
    [["lib"], ["app 1", "deep 1", "lib 2", "tool 2"]],
    [["lib[fast]==1"], ["app 1", "deep 1", "lib[fast] 1", "speed 1", "tool 2"]],
    [["lib=other"], ["app 1", "deep 1", "other 1", "tool 2"]],
    [
      ["lib = other==1", "deep=tool<2"],
      ["app 1", "other 1", "tool 1"],
    ],
    [["lib==2; python_version < '3'"], ["app 1", "deep 1", "lib[fast] 1", "speed 1", "tool 2"]],
  ])("%j replaces what distributions require, once", async (overrides, expected) => {
    expect(await resolved({ overrides })).toEqual(expected);
  });

  test("leaves alone what the user requires", async () => {
    expect(await resolved({ requirements: ["tool<2"], overrides: ["tool=other"] })).toEqual(["tool 1"]);
  });

  test("of which there are two for a target is refused", async () => {
    const answer = resolved({ overrides: ["lib==2", "lib=other"] });
    await expect(answer).rejects.toThrow(UsageError);
    await expect(answer).rejects.toThrow("Two overrides apply to lib: lib==2, lib=other");
    const apart = ["lib==2; python_version >= '3'", "lib=other; python_version < '3'"];
    expect(await resolved({ overrides: apart })).toContain("lib 2");
  });
});

test.each([
  ["Lib.Core==1", "lib-core", "Lib.Core==1"],
  ["Lib.Core = other[x] >=1", "lib-core", "Lib.Core=other[x]>=1"],
  ["lib===1", "lib", "lib===1"],
])("%s is an override of %s", (text, project, formatted) => {
  expect(parseOverride(text)).toMatchObject({ project, text: formatted });
});

test.each(["", "=a", "lib==", "lib=", "lib=?"])("%j is no override", (text) => {
  expect(() => parseOverride(text)).toThrow();
});
