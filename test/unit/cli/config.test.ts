import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { readBoolean, readVerbosity, withConfiguration } from "../../../src/cli/config.ts";
import { HOST } from "./fake-session.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "pexjs-config-"));
  for (const name of ["home", "cwd"]) mkdirSync(join(directory, name));
});
afterEach(() => rmSync(directory, { recursive: true }));

function environment(env: Record<string, string>, rcfile?: string) {
  const host = { ...HOST, env, home: join(directory, "home"), cwd: join(directory, "cwd") };
  return withConfiguration(host, rcfile).env;
}

function write(name: string, text: string): void {
  writeFileSync(join(directory, name), text);
}

describe("files of settings", () => {
  test("give defaults, the nearer file wins, and the environment wins over all", () => {
    write("home/.pexrc", "PEX_ROOT=/home-root\nPEX_VERBOSE=1\nPEX_PYTHON_PATH=/home-path\n");
    write("cwd/.pexrc", "PEX_ROOT=/cwd-root\nPEX_VERBOSE=2\n");
    write("cwd/more", "PEX_VERBOSE=3\n");
    expect(environment({ PEX_ROOT: "/mine" }, "more")).toEqual({
      PEX_ROOT: "/mine",
      PEX_VERBOSE: "3",
      PEX_PYTHON_PATH: "/home-path",
    });
    expect(environment({})).toMatchObject({ PEX_ROOT: "/cwd-root", PEX_VERBOSE: "2" });
  });

  test("count only lines with exactly one `=` and names of ours", () => {
    write(
      "home/.pexrc",
      "# PEX_ROOT=/no\n  PEX_ROOT=/yes  \nPEX_PATH=a=b\nnonsense\nPATH=/evil\nPEX_MODULE =x\nPEX_SCRIPT= y\r\n",
    );
    expect(environment({})).toEqual({ PEX_ROOT: "/yes", "PEX_MODULE ": "x", PEX_SCRIPT: " y" });
  });

  test("are kept out by PEX_IGNORE_RCFILES, also the one of --rcfile", () => {
    write("home/.pexrc", "PEX_ROOT=/no\n");
    expect(environment({ PEX_IGNORE_RCFILES: "1" }, "missing")).toEqual({ PEX_IGNORE_RCFILES: "1" });
  });

  test("go out with all variables of ours by PEX_DISABLE_VARIABLES", () => {
    write("home/.pexrc", "PEX_ROOT=/no\n");
    expect(environment({ PEX_DISABLE_VARIABLES: "true", PEX_VERBOSE: "9", PATH: "/bin" })).toEqual({
      PEX_DISABLE_VARIABLES: "true",
      PATH: "/bin",
    });
  });

  test("must exist when they are named by --rcfile", () => {
    expect(() => environment({}, "missing")).toThrow("Cannot read");
  });
});

describe("values", () => {
  test.each([
    ["1", true],
    ["True", true],
    ["0", false],
    ["FALSE", false],
    ["", false],
  ])("%j is %s", (text, value) => {
    expect(readBoolean({ ...HOST, env: { X: text } }, "X")).toBe(value);
  });

  test("that make no sense are refused by name", () => {
    expect(() => readBoolean({ ...HOST, env: { X: "yes" } }, "X")).toThrow("X must be 0, 1, true or false: yes");
    expect(() => readVerbosity({ ...HOST, env: { PEX_VERBOSE: "x" } })).toThrow(
      "PEX_VERBOSE must be a whole number: x",
    );
  });
});
