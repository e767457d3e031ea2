import { readFileSync } from "node:fs";

import { afterEach, beforeEach, expect, test } from "vitest";

import { Workspace } from "../../support/workspace.ts";
import { runFake } from "./fake-session.ts";

let workspace: Workspace;
beforeEach(() => void (workspace = new Workspace()));
afterEach(() => workspace.remove());

const inspect = (...args: readonly string[]) =>
  runFake("pex3", ["interpreter", "inspect", ...args], { host: { cwd: workspace.dir } });

test("paths stand one on each line", async () => {
  const ran = await inspect("--all");
  expect(ran).toMatchObject({
    outcome: { status: 0 },
    stdout: "/usr/bin/python3.11\n/usr/bin/python3.9\n",
    stderr: "",
  });
});

test("JSON stands one object on each line, as Python writes it", async () => {
  const { stdout } = await inspect("-v");
  expect(stdout).toBe(
    '{"path": "/usr/bin/python3.11", "venv": false}\n{"path": "/usr/bin/python3.9", "venv": false}\n',
  );
});

test.each(["-t", "-m", "-d", "--compatible-tags", "--marker-env", "--marker-environment"])(
  "%s asks for JSON, too",
  async (flag) => {
    const { stdout } = await inspect(flag);
    expect(stdout).toBe('{"path": "/usr/bin/python3.11"}\n{"path": "/usr/bin/python3.9"}\n');
  },
);

test("JSON is indented on demand", async () => {
  const { stdout } = await inspect("--tags", "--indent", "2");
  expect(stdout.split("\n").slice(0, 3)).toEqual(["{", '  "path": "/usr/bin/python3.11"', "}"]);
});

test("an indent without JSON is ignored with a warning", async () => {
  const { stdout, stderr } = await inspect("--indent", "2");
  expect(stdout).toBe("/usr/bin/python3.11\n/usr/bin/python3.9\n");
  expect(stderr).toBe("warning: Ignoring --indent=2 since --verbose mode is not enabled.\n");
});

test("-o writes a file", async () => {
  const { stdout } = await inspect("-o", "paths.txt");
  expect(stdout).toBe("");
  expect(readFileSync(workspace.path("paths.txt"), "utf8")).toBe("/usr/bin/python3.11\n/usr/bin/python3.9\n");
});

test("words are refused", async () => {
  const ran = await inspect("python3");
  expect(ran).toMatchObject({ outcome: { status: 2 }, stdout: "" });
});
