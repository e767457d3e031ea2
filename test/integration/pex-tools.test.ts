/** `pex-tools PATH`: the tools of the runtime on files that do not hold them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

import { upstreamPexPython } from "../support/upstream-pex.ts";
import { writeWheel } from "../support/wheel-maker.ts";
import { type Result, type RunOptions, Workspace } from "../support/workspace.ts";

let user: Workspace;
let wheel: string;
let common: readonly string[];
beforeAll(async () => {
  user = new Workspace();
  wheel = writeWheel(user.path("wheels"), { name: "demo", version: "1.0", files: { "demo.py": "NAME = 'demo'\n" } });
  user.write("src/app.py", "import demo\nprint('app with ' + demo.NAME)\n");
  common = ["--no-index", "-f", user.path("wheels"), "demo"];
  const program = [...common, "-D", user.path("src"), "-m", "app"];
  for (const [name, ...more] of [
    ["plain.pex"],
    ["tools.pex", "--include-tools"],
    ["loose", "--layout", "loose"],
    ["packed", "--layout", "packed"],
  ]) {
    expect(await user.pex([...program, ...more, "-o", name ?? ""])).toMatchObject({ status: 0 });
  }
});
afterAll(() => user.remove());

const tools = (args: readonly string[], options: RunOptions = {}): Promise<Result> =>
  user.run(process.execPath, [user.bin("pex-tools"), ...args], options);

test.each([
  [["info"]],
  [["info", "-i", "2"]],
  [["interpreter"]],
  [["interpreter", "-vvv"]],
  [["graph"]],
  [["repository", "info", "-v"]],
])("%j prints what the embedded tools print", async (args) => {
  // Both under the same Python: the shebang and the default interpreter may name different ones.
  const python = (await tools(["tools.pex", "interpreter"])).stdout.trim();
  const embedded = await user.run(python, ["tools.pex", ...args], { env: { PEX_TOOLS: "1" } });
  expect(embedded).toMatchObject({ status: 0, stderr: "" });
  expect(await tools(["tools.pex", ...args])).toEqual(embedded);
});

test("an interpreter is what `pex3 interpreter inspect` says it is", async () => {
  const [embedded] = (await tools(["tools.pex", "interpreter", "-vvv"])).stdout.split("\n");
  const told = JSON.parse(embedded ?? "") as Record<string, unknown>;
  expect(told["path"]).toMatch(/\/(?:python|pypy)\d\.\d+t?$/); // whatever name it was found by
  const inspect = ["interpreter", "inspect", "--python", String(told["path"]), "-v", "--tags", "--markers"];
  const inspected = JSON.parse(
    (await user.run(process.execPath, [user.bin("pex3"), ...inspect])).stdout,
  ) as typeof told;
  expect(told).toEqual({
    path: inspected["path"],
    requirement: inspected["requirement"],
    platform: inspected["platform"],
    venv: inspected["venv"],
    supported_tags: inspected["compatible_tags"],
    env_markers: inspected["marker_environment"],
  });
});

test("the variables and the pexrc beside the PEX count as they do for its start", async () => {
  const root = user.path("other-root");
  user.write("rc/.pexrc", "PEX_MODULE=other\n");
  expect(await user.pex([...common, "-o", "rc/app.pex"])).toMatchObject({ status: 0 });
  const told = await tools([join("rc", "app.pex"), "info"], { env: { PEX_ROOT: root } });
  expect(JSON.parse(told.stdout)).toMatchObject({ entry_point: "other", pex_root: root });
});

test.each(["plain.pex", "packed", "loose"])(
  "the distributions of %s are listed and its program is not run",
  async (name) => {
    const listed = await tools([name, "repository", "info"]);
    expect(listed).toMatchObject({ status: 0, stderr: "" });
    expect(listed.stdout).toMatch(/^demo 1\.0 \/\S+\n$/);
    expect(existsSync(listed.stdout.trim().split(" ")[2] ?? "")).toBe(true);
  },
);

test("a plain PEX gives its wheel back, and becomes a virtual environment", async () => {
  expect(await tools(["plain.pex", "repository", "extract", "-f", "given"])).toMatchObject({ status: 0 });
  const [file = ""] = readdirSync(user.path("given"));
  expect(readFileSync(user.path("given", file))).toEqual(readFileSync(wheel));
  expect(await tools(["plain.pex", "venv", "env"])).toMatchObject({ status: 0, stderr: "" });
  expect(await user.run(user.path("env", "pex"), [])).toMatchObject({ status: 0, stdout: "app with demo\n" });
});

test("the installation stays as it is", async () => {
  const python = fileURLToPath(new URL("../../python", import.meta.url));
  const compiled = (): string[] =>
    readdirSync(python, { recursive: true, encoding: "utf8" }).filter((name) =>
      /pex_tools.*pyc|tools.__pycache__/.test(name),
    );
  const before = compiled();
  expect((await tools(["plain.pex", "info"])).status).toBe(0);
  expect(compiled()).toEqual(before);
});

test("a PEX that upstream built is looked into, and becomes a virtual environment", async () => {
  const args = ["-m", "pex", "--no-pypi", "-f", user.path("wheels"), "demo", "-o", user.path("upstream.pex")];
  expect(await user.run(upstreamPexPython(), args)).toMatchObject({ status: 0 });
  expect(JSON.parse((await tools(["upstream.pex", "info"])).stdout)).toMatchObject({ requirements: ["demo"] });
  const listed = await tools(["upstream.pex", "repository", "info"]);
  expect(listed).toMatchObject({ status: 0, stdout: expect.stringMatching(/^demo 1\.0 /) });
  expect((await tools(["upstream.pex", "graph"])).stdout).toContain('"demo" [label="demo 1.0"]');
  expect(await tools(["upstream.pex", "venv", "its-env"])).toEqual({ status: 0, signal: null, stdout: "", stderr: "" });
  const imported = ["-c", "import demo; print(demo.NAME)"];
  expect(await user.run(user.path("its-env", "pex"), imported)).toMatchObject({ status: 0, stdout: "demo\n" });
});

test("what is no PEX gets one clear error", async () => {
  user.write("notes.txt", "no archive");
  for (const [name, code] of [
    ["missing.pex", "FILE"],
    ["notes.txt", "NOT_A_PEX"],
    ["src", "NOT_A_PEX"],
  ] as const) {
    const ran = await tools([name, "info"]);
    expect(ran).toMatchObject({ status: 1, stdout: "" });
    expect(ran.stderr).toMatch(new RegExp(`^error: .*${name}.* \\[${code}\\]\\n(.*\\n)?hint: .*\\n$`));
  }
});

test("a wrong command line ends with 2, and help with 0", async () => {
  expect(await tools(["plain.pex"])).toMatchObject({ status: 2, stdout: "" });
  expect(await tools(["plain.pex", "info", "--nope"])).toMatchObject({ status: 2, stdout: "" });
  expect((await tools(["plain.pex", "--help"])).stdout).toContain("repository");
  const help = await tools(["plain.pex", "venv", "--help"]);
  expect(help).toMatchObject({ status: 0, stderr: "" });
  expect(help.stdout).toMatch(/^usage: pex-tools plain\.pex venv .*--collisions-ok/s);
});
