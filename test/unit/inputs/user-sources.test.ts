import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { collectUserSources } from "../../../src/inputs/user-sources.ts";
import type { UserSources } from "../../../src/inputs/user-sources.ts";

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "pexjs-sources-"));
});
afterEach(() => rmSync(cwd, { recursive: true }));

function write(name: string, content = name): string {
  const path = join(cwd, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

function collect(sources: Partial<UserSources>, except: readonly string[] = []) {
  const none = { directories: [], packages: [], modules: [], executable: undefined };
  return collectUserSources({ ...none, ...sources }, { cwd, except });
}

const paths = (sources: Partial<UserSources>, except?: readonly string[]) =>
  collect(sources, except).map(({ path }) => path);

describe("directories", () => {
  test("everything below is taken in ordinal order, but byte code and empty directories", () => {
    for (const name of ["src/b.py", "src/a/x.txt", "src/a.py", "src/B.py", "src/.env", "src/.git/HEAD", "src/é.py"])
      write(name);
    for (const name of ["src/__pycache__/b.cpython-311.pyc", "src/old.pyc", "src/a/__pycache__/y"]) write(name);
    mkdirSync(join(cwd, "src/empty"));
    expect(paths({ directories: ["src/"] })).toEqual([".env", ".git/HEAD", "B.py", "a.py", "a/x.txt", "b.py", "é.py"]);
  });

  test("content is read late, and the executable bit is all that is kept of the mode", () => {
    chmodSync(write("src/run.sh"), 0o700);
    chmodSync(write("src/plain"), 0o466);
    const files = collect({ directories: ["src"] });
    expect(files.map(({ path, mode }) => [path, mode.toString(8)])).toEqual([
      ["plain", "644"],
      ["run.sh", "755"],
    ]);
    write("src/plain", "changed");
    expect(Buffer.from(files[0]?.read() ?? []).toString()).toBe("changed");
  });

  test("the file being written is left out", () => {
    write("app.py");
    write("app.pex");
    expect(paths({ directories: ["."] }, ["app.pex"])).toEqual(["app.py"]);
  });

  test("links to files and directories are followed, and circles end", () => {
    write("shared/data.txt");
    write("src/a.py");
    symlinkSync("../shared", join(cwd, "src/linked"));
    symlinkSync("a.py", join(cwd, "src/b.py"));
    symlinkSync("..", join(cwd, "shared/up"));
    symlinkSync(".", join(cwd, "src/self"));
    expect(paths({ directories: ["src"] })).toEqual(["a.py", "b.py", "linked/data.txt"]);
  });

  test("what leads nowhere is named", () => {
    mkdirSync(join(cwd, "src"));
    symlinkSync("gone", join(cwd, "src/broken"));
    expect(() => paths({ directories: ["src"] })).toThrow(
      `The symbolic link leads nowhere: ${join(cwd, "src/broken")}`,
    );
    symlinkSync("loop", join(cwd, "loop"));
    expect(() => paths({ directories: ["nope"] })).toThrow("No such directory: nope");
    write("file");
    expect(() => paths({ directories: ["file"] })).toThrow("Not a directory: file");
  });
});

describe("packages and modules", () => {
  beforeEach(() => {
    for (const name of [
      "lib/pkg/__init__.py",
      "lib/pkg/sub/__init__.py",
      "lib/pkg/sub/m.py",
      "lib/pkg/data.txt",
      "lib/pkg/other.py",
      "lib/top.py",
    ])
      write(name);
  });

  test.each([
    ["pkg@lib", ["pkg/__init__.py", "pkg/data.txt", "pkg/other.py", "pkg/sub/__init__.py", "pkg/sub/m.py"]],
    ["pkg.sub@lib", ["pkg/__init__.py", "pkg/sub/__init__.py", "pkg/sub/m.py"]],
  ])("-P %s", (name, expected) => {
    expect(paths({ packages: [name] })).toEqual(expected);
  });

  test.each([
    ["top@lib", ["top.py"]],
    ["pkg.sub.m@lib", ["pkg/__init__.py", "pkg/sub/__init__.py", "pkg/sub/m.py"]],
  ])("-M %s", (name, expected) => {
    expect(paths({ modules: [name] })).toEqual(expected);
  });

  test.each<[Partial<UserSources>, string, string]>([
    [{ packages: ["pgk@lib"] }, "No package `pgk` in ", "did you mean `pkg`?"],
    [{ packages: ["top@lib"] }, "No package `top` in ", "it is a module: write `-M top@lib`"],
    [{ modules: ["pkg@lib"] }, "No module `pkg` in ", "it is a package: write `-P pkg@lib`"],
    [{ modules: ["pkg.sub.mm@lib"] }, "No module `pkg.sub.mm` in ", "did you mean `pkg.sub.m`?"],
    [{ modules: ["top"] }, "No module `top` in ", "name the directory it is in behind an `@`, such as `name@src`"],
    [
      { modules: ["lib/top.py"] },
      "Not the dotted name of a module: `lib/top.py`",
      "write -M name[@directory], such as `-M top@lib`",
    ],
    [{ packages: ["pkg@nope"] }, "No such directory: nope", "name a directory that holds source files"],
    [{ executable: "lib/tpo.py" }, "No such file: lib/tpo.py", "did you mean lib/top.py?"],
  ])("%j is refused with a way out", (sources, message, hint) => {
    expect(() => paths(sources)).toThrow(expect.objectContaining({ message: expect.stringContaining(message), hint }));
  });
});

test("--exe gets the name that the runtime starts", () => {
  chmodSync(write("run.py"), 0o755);
  expect(collect({ executable: "run.py" })).toMatchObject([{ path: "__pex_executable__.py", mode: 0o644 }]);
});

describe("conflicts", () => {
  test("equal files from two places are one, different ones an error that names both", () => {
    write("one/same.py", "1");
    write("two/same.py", "1");
    expect(paths({ directories: ["one", "two", "one"] })).toEqual(["same.py"]);
    write("two/same.py", "2");
    expect(() => paths({ directories: ["one", "two"] })).toThrow(
      `Two files for \`same.py\`: ${join(cwd, "one/same.py")} and ${join(cwd, "two/same.py")}`,
    );
  });

  test("a file cannot be a directory too", () => {
    write("one/a");
    write("two/a/b");
    expect(() => paths({ directories: ["one", "two"] })).toThrow("A file where a directory must be");
  });

  test.each(["__main__.py", "PEX-INFO", ".deps/x", ".bootstrap/y", "__pex__/__init__.py"])(
    "%s belongs to the PEX",
    (name) => {
      write(`src/${name}`);
      expect(() => paths({ directories: ["src"] })).toThrow("belongs to the PEX itself");
    },
  );

  test("the same names below the top are the user's", () => {
    write("src/app/__main__.py");
    expect(paths({ directories: ["src"] })).toEqual(["app/__main__.py"]);
  });
});
