import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, test } from "vitest";

import { readCommandLine } from "../../../src/cli/argv.ts";
import { optionTable } from "../../../src/cli/option-table.ts";
import { pexOptions } from "../../../src/cli/options/pex-options.ts";

const directory = mkdtempSync(join(tmpdir(), "pexjs-argv-"));
afterAll(() => rmSync(directory, { recursive: true }));

function read(...args: string[]) {
  const line = readCommandLine(args, optionTable(pexOptions), directory);
  if (line.kind === "action") throw new Error(`an action: ${line.option.action}`);
  return line;
}

function file(name: string, ...lines: string[]): string {
  writeFileSync(join(directory, name), lines.map((line) => `${line}\n`).join(""));
  return `@${name}`;
}

describe("the first --", () => {
  test("parts the arguments of pex from those of the program", () => {
    const line = read("flask", "-o", "x", "--", "-o", "y", "--", "z");
    expect(line.words).toEqual(["flask"]);
    expect(line.options.text("-o")).toBe("x");
    expect(line.programArguments).toEqual(["-o", "y", "--", "z"]);
  });

  test("may come first", () => {
    expect(read("--", "script.py")).toMatchObject({ words: [], programArguments: ["script.py"] });
  });
});

describe("a bare --inherit-path", () => {
  test("means prefer", () => {
    expect(read("--inherit-path").options.text("--inherit-path")).toBe("prefer");
    expect(read("--inherit-path=fallback").options.text("--inherit-path")).toBe("fallback");
  });

  test("takes the next word as a requirement, as upstream does", () => {
    expect(read("--inherit-path", "flask").words).toEqual(["flask"]);
  });

  test("refuses a next word that was meant as its value, for upstream would fetch a project of that name", () => {
    expect(() => read("--inherit-path", "fallback")).toThrow("this is a requirement: fallback");
  });
});

describe("@FILE", () => {
  test("holds one argument on each line, which may have blanks in it", () => {
    const line = read(file("one", "--inject-args", "a 'b c'", "--index-url=https://index.example/a b", "  spaced  "));
    expect(line.options.list("--inject-args")).toEqual(["a", "b c"]);
    expect(line.options.list("-i")).toEqual(["https://index.example/a b"]);
    expect(line.words).toEqual(["  spaced  "]);
  });

  test("extends lists, replaces single values, and its requirements come last", () => {
    const name = file("two", "-o", "file.pex", "-f", "theirs", "--no-compress", "-v", "idna");
    const line = read("flask", name, "-o", "mine.pex", "-f", "mine", "--compress", "-vv");
    expect(line.words).toEqual(["flask", "idna"]);
    expect(line.options.text("-o")).toBe("file.pex");
    expect(line.options.list("-f")).toEqual(["mine", "theirs"]);
    expect(line.options.toggle("--compress")).toBe(false);
    expect(line.options.count("-v")).toBe(1);
  });

  test("may be given several times; the lines are one set of arguments", () => {
    expect(read(file("three", "-f"), file("four", "links")).options.list("-f")).toEqual(["links"]);
  });

  test("may have empty lines and the line ends of Windows", () => {
    writeFileSync(join(directory, "crlf"), "\r\n-o\r\nx.pex\r\n\r\nflask\r\n\r\n");
    expect(read("@crlf")).toMatchObject({ words: ["flask"] });
    expect(read("@crlf").options.text("-o")).toBe("x.pex");
  });

  test("is not read again from within", () => {
    expect(read(file("five", "@three")).words).toEqual(["@three"]);
  });

  test("excludes what the command line excludes", () => {
    expect(() => read("-m", "a", file("six", "-c", "b"))).toThrow("cannot be combined with: -m/--entry-point");
  });

  test("is an option's value when it stands there", () => {
    expect(read("-r", "@three").options.list("-r")).toEqual(["@three"]);
  });

  test("must exist", () => {
    expect(() => read("@missing")).toThrow(/^Cannot read .*missing: no such file or directory$/);
  });
});

describe("options of ours", () => {
  test("take no abbreviation, so that upstream's abbreviations stay what they are", () => {
    expect(read("--j", "4").options.integer("-j", 1)).toBe(4);
    expect(read("--json", "-o", "x").options.has("--json")).toBe(true);
    expect(() => read("--dry")).toThrow("Unknown option: --dry");
  });
});
