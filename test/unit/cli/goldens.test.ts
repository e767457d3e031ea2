import { expect, test } from "vitest";

import type { CommandName } from "../../../src/cli/run-command.ts";
import { expectGolden } from "../../support/golden.ts";
import { runFake } from "./fake-session.ts";

const HELP: readonly (readonly [string, CommandName, readonly string[]])[] = [
  ["pex", "pex", ["--help"]],
  ["pex3", "pex3", ["--help"]],
  ["pex3-lock", "pex3", ["lock", "--help"]],
  ["pex3-cache-dir", "pex3", ["cache", "dir", "-h"]],
  ["pex3-interpreter-inspect", "pex3", ["interpreter", "inspect", "--help"]],
  ["pex-tools", "pex-tools", ["--help"]],
  ["pex-tools-repository", "pex-tools", ["x.pex", "repository", "-h"]],
];

test.each(HELP)("the help %s is on stdout, with status 0", async (name, command, args) => {
  const ran = await runFake(command, args);
  expect(ran).toMatchObject({ outcome: { status: 0 }, stderr: "" });
  expect(ran.stdout.split("\n").filter((line) => line.length > 100)).toEqual([]);
  expectGolden(`help/${name}.txt`, ran.stdout);
});

const USAGE_ERRORS: readonly (readonly [CommandName, ...string[]])[] = [
  ["pex", "--requrement", "x.txt"],
  ["pex", "--no-such-flag"],
  ["pex", "-x", "--nope=1"],
  ["pex", "--py", "x"],
  ["pex", "-o"],
  ["pex", "-f", "-x"],
  ["pex", "--pre=yes"],
  ["pex", "-vx"],
  ["pex", "-j", "many"],
  ["pex", "-j", "0"],
  ["pex", "--layout", "zipap"],
  ["pex", "--inherit-path=bogus"],
  ["pex", "--inherit-path", "fallback"],
  ["pex", "-m", "a", "-c", "b"],
  ["pex", "--lock", "a", "--pylock", "b"],
  ["pex", "--inject-env", "NOEQUALS"],
  ["pex", "--inject-env", "=value"],
  ["pex", "--inject-args", "a 'b"],
  ["pex", "--json"],
  ["pex3"],
  ["pex3", "lock"],
  ["pex3", "lokc"],
  ["pex3", "--nope"],
  ["pex3", "cache", "dir", "x"],
  ["pex-tools"],
  ["pex-tools", "--nope"],
  ["pex-tools", "x.pex"],
  ["pex-tools", "x.pex", "digest"],
];

test("a wrong command line gets one clear message on stderr, status 2, and nothing on stdout", async () => {
  const shown: string[] = [];
  for (const [command, ...args] of USAGE_ERRORS) {
    const ran = await runFake(command, args);
    expect([args, ran.outcome, args.includes("--json") ? "" : ran.stdout]).toEqual([args, { status: 2 }, ""]);
    shown.push(`$ ${[command, ...args].map(quoted).join(" ")}\n${ran.stderr}${ran.stdout}`);
  }
  expectGolden("errors/usage.txt", shown.join("\n"));
});

test("a command that is not there yet says so, with status 1", async () => {
  const shown: string[] = [];
  const commands: readonly (readonly [CommandName, ...string[]])[] = [
    ["pex3", "lock", "create", "flask"],
    ["pex3", "venv", "create", "-d", "venv"],
    ["pex", "flask", "--scie", "eager", "-o", "x.pex"],
  ];
  for (const [command, ...args] of commands) {
    const ran = await runFake(command, args);
    expect([args, ran.outcome, ran.stdout]).toEqual([args, { status: 1 }, ""]);
    shown.push(`$ ${[command, ...args].map(quoted).join(" ")}\n${ran.stderr}`);
  }
  expectGolden("errors/not-implemented.txt", shown.join("\n"));
});

test("pex3 cache dir prints the root of the caches", async () => {
  const host = { env: { PEX_ROOT: "/from/env" } };
  expect((await runFake("pex3", ["cache", "dir"])).stdout).toBe("/nowhere/home/.cache/pex\n");
  expect((await runFake("pex3", ["cache", "dir"], { host })).stdout).toBe("/from/env\n");
  expect((await runFake("pex3", ["cache", "dir", "--pex-root", "here", "-o", "-"], { host })).stdout).toBe(
    "/nowhere/cwd/here\n",
  );
});

test("the version is the bare number", async () => {
  for (const command of ["pex", "pex3", "pex-tools"] as const) {
    expect((await runFake(command, ["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/);
  }
});

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`;
}
