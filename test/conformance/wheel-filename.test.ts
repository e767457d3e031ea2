import { describe, expect, test } from "vitest";

import { normalizeName } from "../../src/standards/project-name.ts";
import { parseSdistFilename } from "../../src/standards/sdist-filename.ts";
import { formatVersion } from "../../src/standards/version.ts";
import { tryParseWheelFilename } from "../../src/standards/wheel-filename.ts";
import { damaged, holdsHugeNumber, versionText } from "../support/packaging-cases.ts";
import { askPython } from "../support/python-oracle.ts";
import { SeededRandom } from "../support/seeded-random.ts";

const ORACLE = `
from packaging.utils import parse_wheel_filename, parse_sdist_filename, InvalidWheelFilename, InvalidSdistFilename

def answer(question):
    try:
        if question.endswith((".tar.gz", ".zip")):
            name, version = parse_sdist_filename(question)
            return [name, str(version)]
        name, version, build, tags = parse_wheel_filename(question)
        return [name, str(version), list(build), sorted(map(str, tags))]
    except (InvalidWheelFilename, InvalidSdistFilename):
        return None
`;

const NAMES = [
  "flask",
  "Flask_Login",
  "zope.interface",
  "a",
  "A1",
  "é",
  "ŀ",
  "x__y",
  "_x",
  "a.",
  "",
  "3to2",
  "ⅷ",
  "x y",
];
const INTERPRETERS = ["py3", "py2", "cp311", "cp36", "pp39", "CP312", "graalpy", "3py", "ä1", ""];
const ABIS = ["none", "abi3", "cp311", "cp36m", "pypy39_pp73", "cp313t", ""];
const PLATFORMS = [
  "any",
  "win_amd64",
  "linux_x86_64",
  "manylinux1_x86_64",
  "manylinux_2_17_x86_64",
  "macosx_11_0_arm64",
];
const BUILDS = ["1", "0", "20", "1foo", "07_x", "2.3", "a1", ""];

function component(random: SeededRandom, members: readonly string[]): string {
  return random.times(random.pick([1, 1, 1, 2, 3]), () => random.pick(members)).join(".");
}

function wheelName(random: SeededRandom): string {
  const parts = [random.pick(NAMES), versionText(random).replaceAll("-", "_")];
  if (random.chance(0.3)) parts.push(random.pick(BUILDS));
  parts.push(component(random, INTERPRETERS), component(random, ABIS), component(random, PLATFORMS));
  return `${parts.join("-")}${random.chance(0.97) ? ".whl" : ".WHL"}`;
}

function sdistName(random: SeededRandom): string {
  const extension = random.pick([".tar.gz", ".zip"]);
  return `${random.pick(NAMES)}${random.chance(0.95) ? "-" : ""}${versionText(random)}${extension}`;
}

describe("file names of distributions agree with packaging", () => {
  test("for wheels", () => {
    const random = new SeededRandom(427);
    const texts = cases(random, 20_000, wheelName, ".whl");
    const expected = askPython<unknown>(ORACLE, texts);
    const differences = texts.flatMap((text, index) => {
      const wheel = tryParseWheelFilename(text);
      const ours = wheel && [
        wheel.project,
        formatVersion(wheel.version),
        wheel.build ?? [],
        [...wheel.tags].sort(byCodePoint),
      ];
      return same(ours, expected[index]) ? [] : [{ text, ours, packaging: expected[index] }];
    });
    expect(differences.slice(0, 10)).toEqual([]);
    expect(expected.filter((answer) => answer !== null).length).toBeGreaterThan(4_000);
  });

  test("for sdists", () => {
    const random = new SeededRandom(625);
    const texts = cases(random, 10_000, sdistName, "");
    const expected = askPython<unknown>(ORACLE, texts);
    const differences = texts.flatMap((text, index) => {
      const sdist = parseSdistFilename(text);
      const ours = sdist && [sdist.project, formatVersion(sdist.version)];
      return same(ours, expected[index]) ? [] : [{ text, ours, packaging: expected[index] }];
    });
    expect(differences.slice(0, 10)).toEqual([]);
    expect(expected.filter((answer) => answer !== null).length).toBeGreaterThan(4_000);
  });

  test("for sdists of a known project whose version has no dash", () => {
    const random = new SeededRandom(626);
    const texts = cases(random, 5_000, sdistName, "").filter((text) => parseSdistFilename(text) !== undefined);
    const differences = texts.filter((text) => {
      const free = parseSdistFilename(text);
      const hinted = parseSdistFilename(text, normalizeName(text.slice(0, text.lastIndexOf("-"))));
      return free?.version.release.join(".") !== hinted?.version.release.join(".");
    });
    expect(differences).toEqual([]);
  });
});

/** Mostly valid names, some damaged; without what ours refuses on purpose. */
function cases(random: SeededRandom, count: number, make: (random: SeededRandom) => string, end: string): string[] {
  return random
    .times(count, () => {
      const text = make(random);
      return random.chance(0.3) ? damaged(random, text) : text;
    })
    .filter((text) => !holdsHugeNumber(text) && !/[/\\\0]/.test(text))
    .filter((text) => (end === "" ? /\.(?:tar\.gz|zip)$/.test(text) : !/\.(?:tar\.gz|zip)$/.test(text)));
}

function same(ours: unknown, theirs: unknown): boolean {
  return JSON.stringify(ours ?? null) === JSON.stringify(theirs);
}

/** Python orders by code point. */
function byCodePoint(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
