import { describe, expect, test } from "vitest";

import { acceptsPython, judgeFiles } from "../../../src/resolver/candidate.ts";
import { parseProjectName } from "../../../src/standards/project-name.ts";
import type { ProjectFile } from "../../../src/standards/simple-index.ts";
import { parseVersion } from "../../../src/standards/version.ts";
import { linuxTarget } from "../../support/resolver-world.ts";

const release = { project: parseProjectName("foo"), version: parseVersion("1.0") };

function file(filename: string, details: Partial<ProjectFile> = {}): ProjectFile {
  const unknown = {
    requiresPython: undefined,
    yanked: undefined,
    size: undefined,
    metadata: undefined,
    uploadTime: undefined,
  };
  return { filename, url: `https://index.example/${filename}`, hashes: {}, ...unknown, ...details };
}

function chosen(files: readonly ProjectFile[], allowedHashes?: ReadonlySet<string>): string {
  const judgement = judgeFiles(release, files, { target: linuxTarget, allowedHashes });
  return judgement.kind === "usable" ? judgement.candidate.file.filename : `none: ${judgement.reason.kind}`;
}

describe("the file for a version", () => {
  const pure = "foo-1.0-py3-none-any.whl";
  const native = "foo-1.0-cp311-cp311-manylinux_2_17_x86_64.whl";
  const foreign = "foo-1.0-cp311-cp311-win_amd64.whl";
  const sdist = "foo-1.0.tar.gz";

  test.each<[string, readonly ProjectFile[], string]>([
    ["a wheel rather than an sdist", [file(sdist), file(pure)], pure],
    ["the wheel whose tag ranks best", [file(pure), file(native)], native],
    ["the sdist when no wheel fits", [file(foreign), file(sdist)], sdist],
    ["a .tar.gz rather than a .zip", [file("foo-1.0.zip"), file(sdist)], sdist],
    ["the first of equals", [file(pure, { size: 1 }), file(pure, { size: 2 })], pure],
    [
      "a compressed tag set that holds a fitting tag",
      [file("foo-1.0-py2.py3-none-any.whl")],
      "foo-1.0-py2.py3-none-any.whl",
    ],
    [
      "the higher build as a number",
      [file("foo-1.0-9-py3-none-any.whl"), file("foo-1.0-10-py3-none-any.whl")],
      "foo-1.0-10-py3-none-any.whl",
    ],
    ["a build rather than none", [file(pure), file("foo-1.0-1-py3-none-any.whl")], "foo-1.0-1-py3-none-any.whl"],
    ["a file that is not yanked", [file(native, { yanked: "" }), file(sdist)], sdist],
    ["none when the name is no wheel's", [file("foo-1.0-nonsense.whl")], "none: tags"],
    ["none for other machines", [file(foreign)], "none: tags"],
    ["none for other Pythons", [file(foreign), file(pure, { requiresPython: ">=3.12" })], "none: python"],
  ])("is %s", (_what, files, expected) => {
    expect(chosen(files)).toBe(expected);
  });

  test("is one with an allowed hash, or of unknown hash", () => {
    const allowed = new Set(["aa"]);
    expect(
      chosen([file(native, { hashes: { sha256: "bb" } }), file(pure, { hashes: { sha256: "aa" } })], allowed),
    ).toBe(pure);
    expect(chosen([file(native, { hashes: { md5: "bb" } })], allowed)).toBe(native);
    expect(chosen([file(native, { hashes: { sha256: "bb" } })], allowed)).toBe("none: hash");
  });
});

test.each([
  [{ wheel: false, sdist: true }, "foo-1.0.tar.gz"],
  [{ wheel: true, sdist: false }, "foo-1.0-py3-none-any.whl"],
])("only kinds that are allowed are chosen: %o", (kinds, expected) => {
  const files = [file("foo-1.0-py3-none-any.whl"), file("foo-1.0.tar.gz")];
  expect(judgeFiles(release, files, { target: linuxTarget, allowedHashes: undefined, kinds })).toMatchObject({
    candidate: { file: { filename: expected } },
  });
  const others = files.filter(({ filename }) => filename !== expected);
  expect(judgeFiles(release, others, { target: linuxTarget, allowedHashes: undefined, kinds })).toMatchObject({
    reason: { kind: "policy" },
  });
});

test.each([
  [undefined, true],
  ["", true],
  [">=3.8,<3.12", true],
  [">=3.11.7", true],
  [">3.11", true],
  ["<3.11", false],
  ["==3.10.*", false],
  ["some nonsense", true],
])("a target of Python 3.11.7 and Requires-Python %s: %s", (requiresPython, expected) => {
  expect(acceptsPython(requiresPython, linuxTarget)).toBe(expected);
});

describe("over gaps, what stands in", () => {
  const noBuilds = { wheel: true, sdist: false };
  const foreign = "foo-1.0-cp311-cp311-win_amd64.whl";

  test.each<[string, readonly ProjectFile[], string]>([
    ["is a wheel for others", [file(foreign)], `${foreign} tags`],
    ["is that rather than an sdist that is refused", [file("foo-1.0.tar.gz"), file(foreign)], `${foreign} policy`],
    ["is the sdist where there is nothing else", [file("foo-1.0.tar.gz")], "foo-1.0.tar.gz policy"],
    ["is nothing for another Python", [file(foreign, { requiresPython: "<3" })], "none"],
  ])("%s", (_case, files, expected) => {
    const judgement = judgeFiles(release, files, {
      target: linuxTarget,
      allowedHashes: undefined,
      kinds: noBuilds,
      overGaps: true,
    });
    const found = judgement.kind === "usable" ? judgement.candidate : undefined;
    expect(found ? `${found.file.filename} ${found.gap?.kind}` : "none").toBe(expected);
  });
});
