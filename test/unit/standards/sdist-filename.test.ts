import { describe, expect, test } from "vitest";

import { normalizeName } from "../../../src/standards/project-name.ts";
import { parseSdistFilename } from "../../../src/standards/sdist-filename.ts";
import { formatVersion } from "../../../src/standards/version.ts";

describe("the file name of an sdist", () => {
  test.each([
    ["flask-3.0.tar.gz", undefined, "flask", "3.0", ".tar.gz"],
    ["zope.interface-5.0.zip", undefined, "zope-interface", "5.0", ".zip"],
    ["a-b-1.0.tar.bz2", undefined, "a-b", "1.0", ".tar.bz2"],
    ["a-b-1.0-1.zip", "a-b", "a-b", "1.0.post1", ".zip"],
    ["a-1.0-rc1.tgz", "a", "a", "1.0rc1", ".tgz"],
    ["a-1-2.zip", "a-1", "a-1", "2", ".zip"],
    ["A_b-1.0.tar.xz", "a-b", "a-b", "1.0", ".tar.xz"],
  ])("%s of %s is %s %s", (text, hint, project, version, extension) => {
    const sdist = parseSdistFilename(text, hint === undefined ? undefined : normalizeName(hint));
    expect(sdist).toMatchObject({ text, project, extension });
    expect(sdist && formatVersion(sdist.version)).toBe(version);
  });

  test.each([
    ["flask.tar.gz", undefined],
    ["flask-3.0.exe", undefined],
    ["-3.0.zip", undefined],
    ["flask-3.0.linux-x86_64.tar.gz", undefined],
    ["flask-3.0.win32.zip", "flask"],
    ["flask-login-1.0.zip", "flask"],
    ["a/b-1.0.zip", undefined],
    ["flask-3.0-py3-none-any.whl", undefined],
  ])("%s of %s is none", (text, hint) => {
    expect(parseSdistFilename(text, hint === undefined ? undefined : normalizeName(hint))).toBeUndefined();
  });
});
