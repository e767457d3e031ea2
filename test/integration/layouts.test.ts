/** What `--layout` and `--pre-install-wheels` make, as a user types them. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { withFileSource } from "../../src/archive/byte-source.ts";
import { findZipEntry, readZipDirectory } from "../../src/archive/zip-reader.ts";
import { writeWheel } from "../support/wheel-maker.ts";
import { Workspace } from "../support/workspace.ts";

let user: Workspace;
let common: readonly string[];
beforeAll(() => {
  user = new Workspace();
  writeWheel(user.path("wheels"), { name: "demo", version: "1.0", files: { "demo.py": "NAME = 'demo'\n" } });
  user.write("src/app.py", "import demo\nprint('app with ' + demo.NAME)\n");
  common = ["--no-index", "-f", user.path("wheels"), "demo", "-D", user.path("src"), "-m", "app"];
});
afterAll(() => user.remove());

const WHEEL = join(".deps", "demo-1.0-py2.py3-none-any.whl");

/** How each way of asking leaves the wheel in the PEX. */
test.each<readonly [string, readonly string[], "file" | "tree"]>([
  ["packed", [], "file"],
  ["packed", ["--no-pre-install-wheels"], "file"],
  ["packed", ["--pre-install-wheels"], "file"],
  ["packed", ["--pre-install-wheels", "--no-compress"], "file"],
  ["loose", [], "tree"],
  ["loose", ["--pre-install-wheels"], "tree"],
  ["loose", ["--no-pre-install-wheels"], "file"],
])("--layout %s %j gives a directory that runs, with the wheel as a %s", async (layout, args, form) => {
  const name = ["out", layout, ...args].join("");
  const built = await user.pex([...common, "--layout", layout, ...args, "-o", name]);
  expect(built).toMatchObject({ status: 0, stdout: `${name}\n` });
  expect(statSync(user.path(name, WHEEL)).isDirectory()).toBe(form === "tree");
  const ran = await user.run(user.path(name, "__main__.py"), []);
  expect(ran).toMatchObject({ status: 0, stdout: "app with demo\n", stderr: "" });
});

test("--pre-install-wheels puts the files of wheels into the one file, and what starts is the same", async () => {
  for (const args of [[], ["--no-compress"]]) {
    const built = await user.pex([...common, "--pre-install-wheels", ...args, "-o", "trees.pex"]);
    expect(built).toMatchObject({ status: 0, stdout: "trees.pex\n", stderr: "" });
    const entries = await withFileSource(user.path("trees.pex"), readZipDirectory);
    const demo = findZipEntry(entries, `${WHEEL}/demo.py`);
    expect(demo?.method).toBe(args.length === 0 ? 8 : 0);
    const ran = await user.run(user.path("trees.pex"), []);
    expect(ran).toMatchObject({ status: 0, stdout: "app with demo\n", stderr: "" });
  }
});

test("--json tells the path and size of a directory, and no digest", async () => {
  const built = await user.pex([...common, "--layout", "packed", "-o", "json", "--json"]);
  const result = JSON.parse(built.stdout) as Record<string, unknown>;
  const files = readdirSync(user.path("json"), { recursive: true, encoding: "utf8" });
  const sizes = files.map((name) => statSync(user.path("json", name))).map((each) => (each.isFile() ? each.size : 0));
  expect(result).toMatchObject({ path: user.path("json"), size: sizes.reduce((sum, size) => sum + size, 0) });
  expect(result).not.toHaveProperty("sha256");
});

test("one output changes its layout from build to build", async () => {
  for (const layout of ["loose", "zipapp", "packed", "loose"]) {
    expect(await user.pex([...common, "--layout", layout, "-o", "same"])).toMatchObject({ status: 0 });
    expect(statSync(user.path("same")).isDirectory()).toBe(layout !== "zipapp");
  }
});

test("a directory is not put in the place of a file that is no PEX", async () => {
  user.write("notes.txt", "precious");
  const built = await user.pex([...common, "--layout", "loose", "-o", "notes.txt"]);
  expect(built).toMatchObject({ status: 1, stdout: "" });
  expect(built.stderr).toContain(`Cannot write ${user.path("notes.txt")}: it is a file, and no PEX`);
  expect(readFileSync(user.path("notes.txt"), "utf8")).toBe("precious");
});

test("a run without -o does not care for the layout", async () => {
  for (const layout of ["packed", "loose"]) {
    const ran = await user.pex([...common, "--layout", layout]);
    expect(ran).toMatchObject({ status: 0, stdout: "app with demo\n" });
  }
});
