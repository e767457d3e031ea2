import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { installedDistributions, searchPathOf } from "../../../src/targets/installed.ts";
import { probeInterpreter } from "../../../src/targets/interpreter.ts";
import { fakeInterpreter } from "../../support/fake-interpreter.ts";
import { installedPythons } from "../../support/interpreters.ts";
import { Workspace } from "../../support/workspace.ts";

let workspace: Workspace;
beforeEach(() => void (workspace = new Workspace()));
afterEach(() => workspace.remove());

test("distributions are found in every form that installers leave", () => {
  workspace.write("a/Some_Thing-1.0.dist-info/METADATA", "Name: Some.Thing\nVersion: 1.0\nRequires-Dist: a<2, >= 1\n");
  workspace.write("a/folder.egg-info/PKG-INFO", "Name: folder\nVersion: 2.0\n");
  workspace.write("a/folder.egg-info/requires.txt", 'six\n\n[dev:os_name=="nt"]\npytest>=1\n');
  workspace.write("a/file-3.0.egg-info", "Name: file\nVersion: 3.0\n");
  workspace.write("a/broken-1.0.dist-info/METADATA", "Name: broken\n");
  workspace.write("a/empty-1.0.dist-info/RECORD", "");
  workspace.write("b/folder-9.dist-info/METADATA", "Name: folder\nVersion: 9\n");
  const [first, second] = [workspace.path("a"), workspace.path("b")];
  const found = installedDistributions([workspace.path("nosuch"), first, second]);
  expect(new Set(found.map(({ metadata, location }) => [metadata.name, metadata.version, location]))).toEqual(
    new Set([
      ["Some.Thing", "1.0", first],
      ["file", "3.0", first],
      ["folder", "2.0", first],
    ]),
  );
  expect(found.find(({ metadata }) => metadata.name === "folder")?.metadata.requiresDist).toEqual([
    "six",
    'pytest>=1; (os_name=="nt") and extra == "dev"',
  ]);
});

describe.each(installedPythons())("the search path of %s", (python) => {
  test("has its site-packages, and nothing of ours or of PYTHONPATH", async () => {
    const env = { ...process.env, PYTHONPATH: workspace.dir };
    const searchPath = await searchPathOf(await probeInterpreter(python, { env }), { env });
    expect(searchPath.some((entry) => /(?:site|dist)-packages$/.test(entry))).toBe(true);
    expect(searchPath.filter((entry) => entry.includes("probes") || entry === workspace.dir)).toEqual([]);
  });
});

test("an interpreter that answers nonsense is called broken", async () => {
  const path = fakeInterpreter(workspace.path("python3"), { version: "3.11.1" });
  const interpreter = await probeInterpreter(path, { env: process.env });
  const broken = { ...interpreter, path: workspace.path("nosuch") };
  await expect(searchPathOf(broken, { env: process.env })).rejects.toMatchObject({ code: "BROKEN_INTERPRETER" });
});
