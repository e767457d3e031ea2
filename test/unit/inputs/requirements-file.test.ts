import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { FileError } from "../../../src/base/fs.ts";
import { readRequirements } from "../../../src/inputs/requirements-file.ts";
import type { RequirementsSources } from "../../../src/inputs/requirements-file.ts";
import type { RequirementsDocument } from "../../../src/inputs/requirements-document.ts";
import { RequirementsFileError } from "../../../src/inputs/requirements-fault.ts";

const A = "a".repeat(64);
const B = "b".repeat(64);

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "pexjs-inputs-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

function read(changes: Partial<RequirementsSources> & { env?: Record<string, string> } = {}) {
  const { env = {}, ...sources } = changes;
  return readRequirements({
    requirementsFiles: ["requirements.txt"],
    constraintsFiles: [],
    host: { cwd: directory, env },
    fetchText: async (url) => Promise.reject(new Error(`asked for ${url.toString()}`)),
    ...sources,
  });
}

async function readText(content: string | Uint8Array, env: Record<string, string> = {}): Promise<RequirementsDocument> {
  write("requirements.txt", content);
  return read({ env });
}

const texts = (document: RequirementsDocument) => document.requirements.map(({ requirement }) => requirement.text);

async function failure(content: string, env: Record<string, string> = {}): Promise<Error & { hint?: string }> {
  return readText(content, env).then(
    () => expect.fail("nothing was wrong"),
    (error: unknown) => error as Error,
  );
}

describe("lines", () => {
  test("requirements come in order, with file and line", async () => {
    const document = await readText("# header\n\nflask>=3  # web\n  gunicorn ; python_version > '3'\n");
    expect(texts(document)).toEqual(["flask>=3", "gunicorn ; python_version > '3'"]);
    expect(document.requirements.map(({ origin }) => origin)).toEqual([
      { file: "requirements.txt", line: 3 },
      { file: "requirements.txt", line: 4 },
    ]);
  });

  test("a backslash continues a line, and a comment ends the continuation", async () => {
    const document = await readText("flask\\\n>=3,\\\n<4\nrequests \\\n# a comment\nidna\n");
    expect(texts(document)).toEqual(["flask>=3,<4", "requests", "idna"]);
    expect(document.requirements.map(({ origin }) => origin?.line)).toEqual([1, 4, 6]);
  });

  test.each([
    ["a byte order mark", Buffer.from("\uFEFFflask\n")],
    ["UTF-16", Buffer.from("\uFEFFflask\n", "utf16le")],
    ["a declared encoding", Buffer.from("# -*- coding: latin-1 -*-\n# h\xF6flich\nflask\n", "latin1")],
    ["carriage returns", Buffer.from("flask\r\n")],
    ["no line end", Buffer.from("flask")],
  ])("a file with %s is read", async (_, bytes) => {
    expect(texts(await readText(bytes))).toEqual(["flask"]);
  });

  test("a file that is not text names itself and the remedy", async () => {
    await expect(readText(Buffer.from("fl\xE4sk", "latin1"))).rejects.toMatchObject({
      code: "REQUIREMENTS_FILE",
      message: "Not utf-8 text: requirements.txt",
      hint: expect.stringContaining("coding"),
    });
    await expect(readText("# coding: klingon\n")).rejects.toThrow("Unknown encoding of requirements.txt: `klingon`");
  });
});

describe("variables", () => {
  test("upper-case names in braces are replaced, also by nothing; other dollars stay", async () => {
    const document = await readText("flask==${VERSION}${EMPTY}\n-i https://${USER_1}:$x@index.example/${lower}\n", {
      VERSION: "3.0",
      EMPTY: "",
      USER_1: "me",
    });
    expect(texts(document)).toEqual(["flask==3.0"]);
    expect(document.indexUrl).toBe("https://me:$x@index.example/${lower}");
  });

  test("an unset variable is reported at its place and never guessed", async () => {
    const error = await failure("idna\nflask==${NO_SUCH}\n");
    expect(error).toBeInstanceOf(RequirementsFileError);
    expect(error.message).toBe(
      "requirements.txt, line 2: No value for environment variable `NO_SUCH`\n" +
        "    flask==${NO_SUCH}\n" +
        "           ^^^^^^^^^^",
    );
  });

  test("a fault inside a value points at the variable and does not show the value", async () => {
    const error = await failure("flask==${VERSION}\n", { VERSION: "secret!" });
    expect(error.message).toContain("    flask==${VERSION}\n");
    expect(error.message.split("\n").at(-1)).toMatch(/^ {4,11}\^+$/);
  });
});

describe("options", () => {
  test("all that concern the resolve are collected, by any spelling", async () => {
    mkdirSync(join(directory, "wheels"));
    const document = await readText(
      [
        "-i https://index.example/a",
        "--index-url=https://index.example/b",
        "--extra-index-url https://index.example/c",
        "--extra-index https://index.example/d",
        "-fwheels",
        "-f https://index.example/links",
        "--trusted-host index.example:8080 --pre",
        "--prefer-binary",
        "--only-binary a,b --only-binary c",
        "--no-binary=:all:",
        "--use-feature fast-deps",
      ].join("\n"),
    );
    expect(document).toEqual({
      requirements: [],
      sources: [],
      constraints: [],
      constraintSources: [],
      indexUrl: "https://index.example/b",
      extraIndexUrls: ["https://index.example/c", "https://index.example/d"],
      findLinks: [join(directory, "wheels"), "https://index.example/links"],
      places: [
        ["index", "https://index.example/a"],
        ["index", "https://index.example/b"],
        ["index", "https://index.example/c"],
        ["index", "https://index.example/d"],
        ["find-links", join(directory, "wheels")],
        ["find-links", "https://index.example/links"],
      ].map(([kind, place]) => ({ kind, place, file: expect.any(String) })),
      noIndex: false,
      prereleases: true,
      allReleases: [],
      onlyFinal: [],
      onlyBinary: ["a", "b", "c"],
      noBinary: [":all:"],
      preferBinary: true,
      trustedHosts: ["index.example:8080"],
      requireHashes: false,
    });
  });

  test("find-links are looked for beside the file, then in the working directory", async () => {
    mkdirSync(join(directory, "nested", "here"), { recursive: true });
    write("nested/r.txt", "-f here\n-f there\n");
    const document = await read({ requirementsFiles: ["nested/r.txt"] });
    expect(document.findLinks).toEqual([join(directory, "nested", "here"), join(directory, "there")]);
  });

  test("hashes belong to their requirement and switch hash mode on", async () => {
    const document = await readText(
      `a==1 --hash=sha256:${A.toUpperCase()} \\\n    --hash sha256:${B}\nb==2 --global-option=x --config-settings k=v --hash=sha512:${A}${B}\n`,
    );
    expect(document.requirements.map(({ hashes }) => hashes)).toEqual([
      [`sha256:${A}`, `sha256:${B}`],
      [`sha512:${A}${B}`],
    ]);
    expect(document.requireHashes).toBe(true);
    expect((await readText("a==1\n--require-hashes")).requireHashes).toBe(true);
  });

  test("a hash that nothing can have does no harm beside a good one", async () => {
    const document = await readText(`a==1 --hash=sha512:worse --hash=sha256:${A} --hash=md5:old\n`);
    expect(document.requirements.map(({ hashes }) => hashes)).toEqual([[`sha256:${A}`]]);
  });

  const FROZEN =
    "if `pip freeze` printed that on another machine, use `pip list --format=freeze` there, which prints versions";

  test("settings belong to their requirement, all values of a key in their order", async () => {
    const document = await readText(
      "a -C k=v --config-settings=--global-option=-q --config-setting 'k=x = y' --global-option=x\nb @ https://index.example/b.zip -Ck=\nc\n",
    );
    expect(document.requirements.map(({ configSettings }) => configSettings)).toEqual([
      { k: ["v", "x = y"], "--global-option": "-q" },
      undefined,
    ]);
    expect(document.sources.map(({ configSettings }) => configSettings)).toEqual([{ k: "" }]);
  });

  test.each([
    ["six @ file:///croot/six_1/work", "No such file or directory: /croot/six_1/work", FROZEN],
    ["-e /build/six", "No such file or directory: /build/six", FROZEN],
    ["--indx-url https://index.example", "Unknown option: `--indx-url`", "write `--index-url`"],
    ["-x", "Unknown option: `-x`", undefined],
    ["--no", "Ambiguous option: `--no`", undefined],
    ["-r", "A value is missing behind: `-r`", undefined],
    ["--pre=yes", "No value belongs to: `--pre`", undefined],
    ["--pre flask", "Text that belongs to no option: `flask`", "put every requirement on a line of its own"],
    ["flask --pre", "Not an option of a requirement: `--pre`", "put it on a line of its own"],
    ["flask --hash=md5:abc", "Hashes are sha256, sha384 or sha512: `md5`", undefined],
    ["flask --hash=sha256:abc", "Not 64 hexadecimal digits: `abc`", undefined],
    ["flask --config-settings key", "A setting is written as `KEY=VALUE`: `key`", undefined],
    ["flask -C =value", "A setting is written as `KEY=VALUE`: `=value`", undefined],
    ["flask --hash=abc", "A hash is written as `sha256:…`: `abc`", undefined],
    [`--hash=sha256:${A}`, "No requirement before a hash", "end the line above with `\\`"],
    ["-i 'https://index.example", "No closing '", undefined],
  ])("%s is refused", async (line, message, hint) => {
    const error = await failure(line);
    expect(error).toMatchObject({ code: "REQUIREMENTS_FILE", hint });
    expect(error.message).toContain(`requirements.txt, line 1: ${message}\n`);
  });

  test("the caret stands below the option, and passwords are hidden", async () => {
    const error = await failure("-i https://user:secret@index.example --nope");
    expect(error.message.split("\n").slice(1)).toEqual([
      "    -i https://***********@index.example --nope",
      "                                         ^^^^^^",
    ]);
  });
});

describe("nested files", () => {
  test("names start from the naming file, and requirements stand where the file is named", async () => {
    write("sub/more.txt", "b\n-r deeper/last.txt\n-c limits.txt\nd\n");
    write("sub/deeper/last.txt", "c\n");
    write("sub/limits.txt", "b<2\n-r ../others.txt\n");
    write("others.txt", "c<3\n");
    const document = await readText("a\n-r sub/more.txt\ne\n");
    expect(texts(document)).toEqual(["a", "b", "c", "d", "e"]);
    expect(document.constraints.map(({ requirement }) => requirement.text)).toEqual(["b<2", "c<3"]);
    expect(document.requirements[2]?.origin).toEqual({ file: "deeper/last.txt", line: 1 });
  });

  test("a file named twice counts once, and a file may hold both requirements and constraints", async () => {
    write("b.txt", "b==1\n");
    const document = await readText("-r b.txt\n-r ./b.txt\n-c b.txt\n");
    expect(texts(document)).toEqual(["b==1"]);
    expect(document.constraints).toHaveLength(1);
  });

  test("a circle is reported with all its files", async () => {
    write("b.txt", "-r c.txt\n");
    write("c.txt", "-r requirements.txt\n");
    const error = await failure("a\n-r b.txt\n");
    expect(error.message).toContain(
      "c.txt, line 1: The file includes itself: requirements.txt → b.txt → c.txt → requirements.txt\n",
    );
  });

  test("what never ends is not read to its end", async () => {
    await expect(read({ requirementsFiles: ["/dev/zero"] })).rejects.toMatchObject({
      code: "FILE",
      message: "Cannot read /dev/zero: it has more than 16777216 bytes",
    });
  });

  test("a missing file is an error of the naming line", async () => {
    write("limits.txt", "");
    const error = await failure("-c limit.txt\n");
    expect(error).toMatchObject({
      code: "REQUIREMENTS_FILE",
      message: "requirements.txt, line 1: No such file: limit.txt\n    -c limit.txt\n    ^^^^^^^^^^^^",
      hint: "did you mean limits.txt?",
    });
  });

  test("a missing file of the command line is a file error with a guess", async () => {
    write("requirements.txt", "");
    const promise = read({ requirementsFiles: ["requirement.txt"] });
    await expect(promise).rejects.toThrow(FileError);
    await expect(promise).rejects.toMatchObject({
      message: "No such file: requirement.txt",
      hint: "did you mean requirements.txt?",
    });
  });

  test("files behind URLs are fetched once, and their names start from the URL", async () => {
    const pages = new Map([
      ["https://user:pw@index.example/r/a.txt", "a\n-r b.txt\n-f wheels/\n"],
      ["https://user:pw@index.example/r/b.txt", "b==\n"],
    ]);
    const asked: string[] = [];
    const promise = read({
      requirementsFiles: ["https://user:pw@index.example/r/a.txt"],
      fetchText: async (url) => {
        asked.push(url.reveal().href);
        return pages.get(url.reveal().href) ?? "";
      },
    });
    await expect(promise).rejects.toThrow(/^https:\/\/\*\*\*\*@index\.example\/r\/b\.txt, line 1: \w/);
    expect(asked).toEqual([...pages.keys()]);
  });
});

describe("streams", () => {
  test("a pipe is read once, and its names start from the working directory", async () => {
    write("limits.txt", "flask<4\n");
    const script = `
      import { readRequirements } from ${JSON.stringify(fileURLToPath(new URL("../../../src/inputs/requirements-file.ts", import.meta.url)))};
      const document = await readRequirements({ requirementsFiles: [process.argv[2]], constraintsFiles: [],
        host: { cwd: process.cwd(), env: {} }, fetchText: async () => "" });
      console.log(JSON.stringify([document.requirements.length, document.constraints.length]));`;
    writeFileSync(join(directory, "script.mjs"), script);
    const bundle = join(directory, "bundle.mjs");
    execFileSync("npx", [
      "esbuild",
      join(directory, "script.mjs"),
      "--bundle",
      "--platform=node",
      "--format=esm",
      `--outfile=${bundle}`,
      "--log-level=error",
    ]);
    const node = `${process.execPath} ${bundle}`;
    const source = "printf 'flask\\n-c limits.txt\\n'";
    for (const command of [
      `${node} <(${source})`,
      `${source} | ${node} -`,
      `${source} | ${node} /dev/stdin`,
      `${node} - < <(${source})`,
    ]) {
      const printed = execFileSync("bash", ["-c", command], { cwd: directory, encoding: "utf8" });
      expect(printed, command).toBe("[1,1]\n");
    }
  });
});

describe("faults", () => {
  test("all of them are reported together", async () => {
    write("more.txt", "x==\n");
    const error = await failure("flask==\n-r more.txt\nidna>>1\n");
    expect(error.message).toMatch(/^3 problems in requirements files:\nrequirements\.txt, line 1: \w/);
    expect(error.message).toContain("\nmore.txt, line 1: ");
    expect(error.message).toContain("\nrequirements.txt, line 3: ");
    expect((error as RequirementsFileError).faults).toHaveLength(3);
  });

  test("a malformed requirement has its caret on the right character of a long line", async () => {
    const error = await failure(`flask >>1 --hash=sha256:${A} --hash=sha256:${B}`);
    const [, source = "", carets = ""] = error.message.split("\n");
    expect(source.length).toBeLessThan(110);
    expect(source.charAt(carets.indexOf("^"))).toBe(">");
  });

  test.each([
    ["-e lib", "Neither a path nor a URL: `lib`"],
    ["hg+ftp://me:token@code.example/x", "Not the URL of a hg repository: hg+ftp://****@"],
    ["https://me:token@files.example/page", "Neither a wheel nor a source archive: https://****@files.example/page"],
    ["./nope", "No such file or directory: ./nope"],
  ])("%s is refused by name", async (line, message) => {
    const error = await failure(`flask\n${line}\n`);
    expect(error.message).toContain(`requirements.txt, line 2: ${message}`);
    expect(error.message).not.toContain("token");
  });

  test("constraints are plain", async () => {
    write("requirements.txt", "a\n");
    write("limits.txt", "a[x]<2\n");
    await expect(read({ constraintsFiles: ["limits.txt"] })).rejects.toThrow(
      "limits.txt, line 1: Constraints cannot have extras",
    );
    write("limits.txt", "git+https://code.example/a\nb[x] @ https://files.example/b.zip\n");
    await expect(read({ constraintsFiles: ["limits.txt"] })).rejects.toThrow(
      /line 1: A constraint needs a name[^]*line 2: Constraints cannot have extras/,
    );
  });
});

test("a wheel on this disk is pinned, wherever its path starts from", async () => {
  const wheel = write("sub/Foo_Bar-1.0+cpu-py3-none-any.whl", "");
  write("sub/r.txt", "./Foo_Bar-1.0+cpu-py3-none-any.whl[x] ; python_version > '3'\n");
  const document = await read({ requirementsFiles: ["sub/r.txt"] });
  expect(document.requirements).toMatchObject([
    {
      wheelFile: { path: wheel, hashes: {} },
      requirement: { project: "foo-bar", extras: ["x"], text: "Foo_Bar[x]==1.0+cpu ; python_version > '3'" },
    },
  ]);
});

test("directories, archives, URLs and repositories are sources, editable or not", async () => {
  write("lib/pyproject.toml", "");
  const document = await readText(
    [
      "./lib[x]",
      "-e ./lib",
      `foo @ https://files.example/foo-1.0.tar.gz --hash=sha256:${A}`,
      "--editable git+https://code.example/foo.git@main#egg=foo",
    ].join("\n"),
  );
  expect(document.requirements).toEqual([]);
  expect(document.sources).toMatchObject([
    { source: { place: { kind: "directory", path: join(directory, "lib") }, extras: ["x"] }, hashes: [] },
    { source: { place: { kind: "directory" }, extras: [] } },
    { source: { place: { kind: "url" }, project: "foo" }, hashes: [`sha256:${A}`] },
    { source: { place: { kind: "repository", system: "git", revision: "main" }, project: "foo" }, origin: { line: 4 } },
  ]);
});
