/** Builds for machines one is not on, from wheels in a directory: no network, and no Python where none is needed. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";

import { IndexServer } from "../support/index-server.ts";
import { makeWheel, writeWheel } from "../support/wheel-maker.ts";
import { Workspace, type Result } from "../support/workspace.ts";

let user: Workspace;

const LINUX = "linux_x86_64-cp-39-cp39";
const MAC = "macosx_11_0_arm64-cp-39-cp39";

beforeAll(() => {
  user = new Workspace();
  const house = user.path("house");
  for (const tag of ["cp39-cp39-manylinux_2_17_x86_64.manylinux2014_x86_64", "cp39-cp39-macosx_11_0_arm64"]) {
    writeWheel(house, {
      name: "native",
      version: "1.0",
      tag,
      purelib: false,
      files: { "native.py": `TAG = "${tag}"\n` },
    });
  }
  writeWheel(house, { name: "native", version: "2.0", tag: "cp39-cp39-manylinux_2_28_x86_64", purelib: false });
  writeWheel(house, { name: "for-linux", version: "1.0" });
  writeWheel(house, { name: "for-old", version: "1.0" });
  writeWheel(house, {
    name: "app",
    version: "1.0",
    files: { "app.py": "print('from the app')\n" },
    requires: [
      "native",
      'for-linux; sys_platform == "linux"',
      'for-old; python_full_version < "3.10" and extra == "old"',
    ],
    extras: ["old"],
  });
});
afterAll(() => user.remove());

/** PATH has no Python. */
function pexWithoutPython(...args: readonly string[]): Promise<Result> {
  return user.pex(["--no-index", "-f", "house", ...args], { env: { PATH: "/nowhere" } });
}

/** File names of the wheels inside. */
function wheelsIn(name: string): string[] {
  const text = readFileSync(user.path(name), "latin1");
  return [...new Set([...text.matchAll(/\.deps\/([\w.-]+\.whl)/g)].map(([, file]) => file ?? ""))].sort();
}

test("one file holds the wheels of every platform, built without any Python", async () => {
  const result = await pexWithoutPython("app", "--platform", LINUX, "--platform", MAC, "-o", "both.pex");
  expect(result).toMatchObject({ status: 0, stdout: "both.pex\n", stderr: "" });
  expect(wheelsIn("both.pex")).toEqual([
    "app-1.0-py2.py3-none-any.whl",
    "for_linux-1.0-py2.py3-none-any.whl",
    "native-1.0-cp39-cp39-macosx_11_0_arm64.whl",
    "native-1.0-cp39-cp39-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
  ]);
  expect(readFileSync(user.path("both.pex"), "latin1")).toMatch(/^#!\/usr\/bin\/env python3\.9\n/);
});

test("--manylinux raises what a Linux platform supports", async () => {
  const args = ["native", "--platform", LINUX, "--manylinux", "manylinux_2_28", "-o", "new.pex"];
  expect(await pexWithoutPython(...args)).toMatchObject({ status: 0 });
  expect(wheelsIn("new.pex")).toEqual(["native-2.0-cp39-cp39-manylinux_2_28_x86_64.whl"]);
  const none = await pexWithoutPython("native", "--platform", LINUX, "--no-manylinux", "-o", "none.pex");
  expect(none.status).toBe(1);
});

test("a marker that the platform leaves open is named together with the platform", async () => {
  const open = await pexWithoutPython("app[old]", "--platform", LINUX, "-o", "open.pex");
  expect(open).toMatchObject({ status: 1, stdout: "" });
  expect(open.stderr).toContain(`Cannot resolve for ${LINUX} [INCOMPLETE_TARGET]`);
  expect(open.stderr).toContain("python_full_version");
  expect(open.stderr).toContain("--complete-platform");
  const known = await pexWithoutPython("app[old]", "--platform", "linux_x86_64-cp-3.9.2-cp39", "-o", "known.pex");
  expect(known).toMatchObject({ status: 0 });
  expect(wheelsIn("known.pex")).toContain("for_old-1.0-py2.py3-none-any.whl");
});

test.each([
  ["a packed directory", ["--layout", "packed"]],
  ["a loose directory", ["--layout", "loose"]],
  ["a shell script that finds a Python", ["--sh-boot"]],
  ["one with a virtual environment and tools", ["--venv", "prepend", "--include-tools"]],
  ["one with installed wheels", ["--pre-install-wheels"]],
])("%s is built without any Python", async (_what, options) => {
  const args = ["app", "--target", "debian11-py39", "--platform", MAC, "-o", "form.pex", ...options];
  expect(await pexWithoutPython(...args)).toMatchObject({ status: 0, stdout: "form.pex\n", stderr: "" });
  const here = await user.pex(["--no-index", "-f", "house", ...args.with(-1 - options.length, "with.pex")]);
  expect(here, "a Python changes nothing").toMatchObject({ status: 0, stderr: "" });
  const digests = await user.run("sh", [
    "-c",
    'for each; do (cd "$each" 2>/dev/null && find . -type f | sort | xargs cat || cat "$each") | sha256sum; done',
    "sh",
    "form.pex",
    "with.pex",
  ]);
  const [left, right] = digests.stdout.split("\n");
  expect(left).toBe(right);
});

test("a dry run needs no Python either", async () => {
  const args = ["app", "--target", "debian11-py39", "--platform", MAC, "--dry-run", "--json"];
  const result = await pexWithoutPython(...args);
  expect(result).toMatchObject({ status: 0, stderr: "" });
  expect(JSON.parse(result.stdout)).toMatchObject({
    targets: [MAC, "debian11-py39"],
    distributions: [{ project: "app" }, { project: "for-linux" }, { project: "native" }, { project: "native" }],
  });
});

test("what needs a Python says so where there is none", async () => {
  const env = { PATH: "/nowhere" };
  const inspected = await user.run(process.execPath, [user.bin("pex3"), "interpreter", "inspect"], { env });
  expect(inspected).toMatchObject({ status: 1, stdout: "" });
  expect(inspected.stderr).toContain("[NO_INTERPRETER]");
  for (const args of [["app"], ["app", "--platform", "current"], ["app", "--platform", "linux-x86_64"]]) {
    const result = await pexWithoutPython(...args, "-o", "none.pex");
    expect(result).toMatchObject({ status: 1, stdout: "" });
    expect(result.stderr).toContain("[NO_INTERPRETER]");
  }
  const run = await pexWithoutPython("for-linux", "--platform", LINUX, "--", "-c", "1");
  expect(run.stderr).toContain("[NO_INTERPRETER]");
});

test("four platforms ask an index for no more than one does", async () => {
  const server = await IndexServer.start({ metadataFiles: true });
  try {
    for (const system of ["manylinux_2_17_x86_64", "macosx_11_0_arm64", "win_amd64", "musllinux_1_2_x86_64"]) {
      server.add(makeWheel({ name: "native", version: "1.0", tag: `cp39-cp39-${system}`, purelib: false }));
    }
    for (let index = 0; index < 20; index++) {
      server.add(makeWheel({ name: `part${index}`, version: "1.0", requires: index > 0 ? [`part${index - 1}`] : [] }));
    }
    const asked = async (platforms: readonly string[], root: string): Promise<string[]> => {
      server.takePaths();
      const targets = platforms.flatMap((each) => ["--platform", each]);
      const args = ["native", "part19", "--no-index", "-i", server.url, "--dry-run", "--pex-root", root, ...targets];
      expect(await user.pex(args)).toMatchObject({ status: 0 });
      return server.takePaths().toSorted();
    };
    const one = await asked([LINUX], "one");
    const four = await asked([LINUX, MAC, "win_amd64-cp-39-cp39", "musllinux_1_2_x86_64-cp-39-cp39"], "four");
    const natives = four.filter((path) => path.includes("native-1.0"));
    expect(natives).toHaveLength(4);
    expect(four.filter((path) => !path.includes("native-1.0"))).toEqual(
      one.filter((path) => !path.includes("native-1.0")),
    );
  } finally {
    await server.close();
  }
});

test("`{platform}` is that of the target", async () => {
  const result = await pexWithoutPython("native", "--platform", MAC, "-o", "it-{platform}.pex");
  expect(result).toMatchObject({ stdout: "it-cp39-cp39-macosx_11_0_arm64.pex\n" });
});

test("what `pex3 interpreter inspect` prints is a complete platform", async () => {
  const inspected = await user.run(process.execPath, [user.bin("pex3"), "interpreter", "inspect", "-vtm"]);
  const told = JSON.parse(inspected.stdout) as Record<string, unknown>;
  expect(Object.keys(told)).toEqual([
    "path",
    "version",
    "requirement",
    "sys_path",
    "platform",
    "venv",
    ...(told["venv"] === true ? ["base_interpreter"] : []),
    "compatible_tags",
    "marker_environment",
  ]);
  user.write("here.json", inspected.stdout);
  const args = ["for-linux", "--complete-platform", "here.json", "--platform", String(told["platform"])];
  expect(await pexWithoutPython(...args, "-o", "here.pex")).toMatchObject({ status: 0, stdout: "here.pex\n" });
});

test("a run at once of what was built for another machine warns and goes on", async () => {
  const args = ["--no-index", "-f", "house", "for-linux", "--platform", MAC, "--", "-c", "print('it runs')"];
  const result = await user.pex(args);
  expect(result).toMatchObject({ status: 0, stdout: "it runs\n" });
  expect(result.stderr).toMatch(/^warning: Running on .* what was built for macosx_11_0_arm64-cp-39-cp39\n/);
});

test("a target whose Python a script refuses is refused", async () => {
  user.write("script.py", '# /// script\n# requires-python = ">=3.10"\n# dependencies = ["for-linux"]\n# ///\n');
  const build = (platform: string): Promise<Result> =>
    pexWithoutPython("--exe", "script.py", "--platform", platform, "-o", "script.pex");
  const { status, stdout, stderr } = await build(MAC);
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toContain(
    "error: The script is only for Python >=3.10, which leaves out macosx_11_0_arm64-cp-39-cp39",
  );
  expect(await build("linux_x86_64-cp-310-cp310")).toMatchObject({ status: 0, stderr: "" });
});
