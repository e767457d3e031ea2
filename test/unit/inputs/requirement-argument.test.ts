import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { parseProjectPath, parseRequirementArgument } from "../../../src/inputs/requirement-argument.ts";

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "pexjs-argument-"));
  for (const directory of ["project", "plain", "flask"]) mkdirSync(join(cwd, directory));
  writeFileSync(join(cwd, "project", "pyproject.toml"), "");
  for (const file of ["foo-1.0-py3-none-any.whl", "foo-1.0.tar.gz", "notes.txt"]) writeFileSync(join(cwd, file), "");
});
afterAll(() => rmSync(cwd, { recursive: true }));

describe("the form decides", () => {
  test.each([
    ["flask", "named"],
    ["flask[async]>=2; os_name == 'posix'", "named"],
    [`longer-than-any-file${",!=1.0".repeat(100).replace(",", "")}`, "named"],
    ["./project", "source directory"],
    ["./project[extra]", "source directory"],
    ["foo-1.0.tar.gz", "source archive"],
    ["./foo-1.0.tar.gz", "source archive"],
    ["foo-1.0-py3-none-any.whl", "wheel-file"],
    ["./foo-1.0-py3-none-any.whl[x]", "wheel-file"],
    ["https://files.example/foo-1.0-py3-none-any.whl", "source url"],
    ["https://files.example/a;b.tar.gz ; os_name == 'nt'", "source url"],
    ["foo @ https://files.example/foo-1.0.zip", "source url"],
    ["foo@https://files.example/foo-1.0.zip", "source url"],
    ["git+https://code.example/foo.git@v1#egg=foo", "source repository"],
    ["foo @ git+ssh://git@code.example/foo.git", "source repository"],
    ["foo@git+ssh://git@code.example:2222/foo.git@v1", "source repository"],
    ["hg+https://code.example/foo@v1#egg=foo", "source repository"],
    ["svn+ssh://code.example/foo/trunk@12", "source repository"],
    ["foo @ bzr+https://code.example/foo", "source repository"],
  ])("%s is %s", (text, kind) => {
    const argument = parseRequirementArgument(text, cwd);
    expect(argument.kind === "source" ? `source ${argument.source.place.kind}` : argument.kind).toBe(kind);
  });
});

test("a wheel file is its pin, with extras and marker, by path and by URL", () => {
  const path = join(cwd, "foo-1.0-py3-none-any.whl");
  const url = pathToFileURL(path).href;
  for (const text of [
    "./foo-1.0-py3-none-any.whl[b,a] ; os_name == 'posix'",
    `${url}[b,a] ; os_name == 'posix'`,
    `Foo[b,a] @ ${url} ; os_name == 'posix'`,
  ]) {
    const argument = parseRequirementArgument(text, cwd);
    expect(argument).toMatchObject({ kind: "wheel-file", path, requirement: { project: "foo", extras: ["a", "b"] } });
    if (argument.kind !== "wheel-file") continue;
    expect(argument.requirement.marker).toBeDefined();
    expect(argument.requirement.specifier).toHaveLength(1);
  }
});

test("what the fragment of a file: URL tells is kept", () => {
  const url = (file: string): string => pathToFileURL(join(cwd, file)).href;
  expect(parseRequirementArgument(`${url("foo-1.0-py3-none-any.whl")}#sha512=AB&egg=foo`, cwd)).toMatchObject({
    hashes: { sha512: "ab" },
  });
  expect(parseRequirementArgument(`foo @ ${url("foo-1.0.tar.gz")}#sha256=ab&subdirectory=part`, cwd)).toMatchObject({
    source: { place: { kind: "archive", hashes: { sha256: "ab" }, subdirectory: "part" } },
  });
  expect(parseRequirementArgument(`${pathToFileURL(cwd).href}#subdirectory=project`, cwd)).toMatchObject({
    source: { place: { kind: "directory", path: join(cwd, "project") } },
  });
});

test.each([
  ["./nope", "FILE", "No such file or directory: ./nope"],
  ["nope-1.0.tar.gz", "FILE", "No such file or directory: nope-1.0.tar.gz"],
  ["./plain", "NOT_INSTALLABLE", "Neither `pyproject.toml` nor `setup.py` in the directory: ./plain"],
  ["./notes.txt", "NOT_INSTALLABLE", "Neither a wheel nor a source distribution: ./notes.txt"],
  ["bar @ file:./foo-1.0-py3-none-any.whl", "FILE", "No such file or directory"],
  ["git+https://code.example/foo@", "INVALID_SOURCE_URL", "Not the URL of a git repository"],
  ["git+https://code.example/foo@--upload-pack=x", "INVALID_SOURCE_URL", "Not the URL of a git repository"],
  ["git+https://code.example/foo@%2D%2Dupload-pack=x", "INVALID_SOURCE_URL", "Not the URL of a git repository"],
  ["git+https://code.example/foo@main:other", "INVALID_SOURCE_URL", "Not the URL of a git repository"],
  ["git+ssh://%2DoProxyCommand=x/foo", "INVALID_SOURCE_URL", "Not the URL of a git repository"],
  ["git+ssh://-oProxyCommand=x/foo", "INVALID_SOURCE_URL", "Not the URL of a git repository"],
  ["hg+https://code.example/foo@--config=x", "INVALID_SOURCE_URL", "Not the URL of a hg repository"],
  ["svn+ssh://me@-oProxyCommand=x/foo", "INVALID_SOURCE_URL", "Not the URL of a svn repository"],
  ["git+ext://code.example/foo", "INVALID_SOURCE_URL", "Not the URL of a git repository"],
  ["https://files.example/foo.zip#subdirectory=../..", "INVALID_SOURCE_URL", "leads out of the project"],
  ["https://me:secret@files.example/page", "INVALID_SOURCE_URL", "Neither a wheel nor a source archive: https://****@"],
  ["flask==", "INVALID_REQUIREMENT", "Invalid requirement"],
])("%s is refused", (text, code, message) => {
  expect(() => parseRequirementArgument(text, cwd)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message) }),
  );
});

test.each([
  ["git@code.example:team/foo.git", "git@code.example/team/foo.git"],
  ["git+git@code.example:team/foo.git@v1#egg=foo", "git@code.example/team/foo.git@v1#egg=foo"],
  ["foo @ git@code.example:/team/foo.git", "git@code.example/team/foo.git"],
  ["git+ssh://me@code.example:team/foo.git", "me@code.example/team/foo.git"],
])("%s is no URL, but there is one for it", (text, url) => {
  const expected = { code: "INVALID_SOURCE_URL", hint: `write it as \`git+ssh://${url}\`` };
  expect(() => parseRequirementArgument(text, cwd)).toThrow(expect.objectContaining(expected));
});

test("a path behind a name is no URL", () => {
  const expected = { code: "INVALID_SOURCE_URL", hint: "write the path alone, without a name: `./foo`" };
  expect(() => parseRequirementArgument("foo @ ./foo", cwd)).toThrow(expect.objectContaining(expected));
});

test("a wheel of another project than the one named is refused", () => {
  const url = pathToFileURL(join(cwd, "foo-1.0-py3-none-any.whl")).href;
  expect(() => parseRequirementArgument(`bar @ ${url}`, cwd)).toThrow("Not a wheel of bar");
});

test.each([
  [
    "git+ssh://git@code.example/team/foo.git@v1@2#egg=Foo_Bar[b,a]&subdirectory=py/",
    {
      place: {
        kind: "repository",
        system: "git",
        repository: "ssh://git@code.example/team/foo.git@v1",
        revision: "2",
        subdirectory: "py",
      },
      project: "foo-bar",
      extras: ["a", "b"],
    },
  ],
  [
    "git+https://code.example/foo",
    { place: { kind: "repository", system: "git", repository: "https://code.example/foo", revision: undefined } },
  ],
  [
    "Foo[x] @ https://me:secret@files.example/a%20b.zip?raw=1#sha256=AB12&subdirectory=sub",
    {
      place: {
        kind: "url",
        url: "https://me:secret@files.example/a%20b.zip?raw=1",
        filename: "a b.zip",
        hashes: { sha256: "ab12" },
        subdirectory: "sub",
      },
      shown: "Foo @ https://****@files.example/a%20b.zip?raw=1#sha256=AB12&subdirectory=sub",
      project: "foo",
      extras: ["x"],
    },
  ],
])("the parts of %s", (text, expected) => {
  expect(parseRequirementArgument(text, cwd)).toMatchObject({ kind: "source", source: expected });
});

test("the value of --project is a path, also when it is one word", () => {
  const { kind } = parseProjectPath("project", cwd);
  expect(kind).toBe("source");
  expect(() => parseProjectPath("nope", cwd)).toThrow("No such file or directory: nope");
});
