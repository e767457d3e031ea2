import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

import { renderMainModule } from "../../../src/pex/main-module.ts";
import { DEFAULT_PEX_INFO } from "../../../src/pex/pex-info.ts";
import { readRuntimeFiles, withoutTools } from "../../../src/pex/runtime-files.ts";

const folder = mkdtempSync(join(tmpdir(), "pexjs-runtime-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("takes Python files only, in ordinal order", () => {
  for (const name of ["pexjs_runtime/__pycache__", "pexjs_runtime/standards"])
    mkdirSync(join(folder, name), { recursive: true });
  for (const name of ["b.py", "B.py", "__pycache__/a.py", "a.pyc", ".a.swp", "standards/tag.py"]) {
    writeFileSync(join(folder, "pexjs_runtime", name), name);
  }
  writeFileSync(join(folder, "main.py"), "main");
  writeFileSync(join(folder, "importable.py"), "importable");
  writeFileSync(join(folder, "start.sh"), "shell");
  const files = readRuntimeFiles([], folder);
  expect(files).toMatchObject({ main: "main", importable: "importable", shell: "shell" });
  expect(files.bootstrap.map((file) => [file.path, Buffer.from(file.read()).toString()])).toEqual([
    ["pexjs_runtime/B.py", "B.py"],
    ["pexjs_runtime/b.py", "b.py"],
    ["pexjs_runtime/standards/tag.py", "standards/tag.py"],
  ]);
});

test("the runtime of this package is found, and its templates take facts", () => {
  const { main, importable, bootstrap } = readRuntimeFiles();
  const boot = { layout: "zipapp", hasCode: false, codeKey: "", version: "1", ephemeral: false, shellKey: "" } as const;
  for (const template of [main, importable]) {
    expect(renderMainModule(template, DEFAULT_PEX_INFO, boot)).toContain('    "format": 1,\n');
  }
  expect(bootstrap.length).toBeGreaterThan(0);
});

test("the tools can be left out", () => {
  const all = readRuntimeFiles().bootstrap.map((file) => file.path);
  const some = withoutTools(readRuntimeFiles()).bootstrap.map((file) => file.path);
  expect(all.filter((path) => !some.includes(path))).toContain("pexjs_runtime/tools/run.py");
  expect(some.filter((path) => path.includes("/tools/"))).toEqual([]);
  expect(some).toContain("pexjs_runtime/tooling.py");
});

test("an incomplete installation is an error naming what is missing", () => {
  expect(() => readRuntimeFiles([], join(folder, "nowhere"))).toThrow(expect.objectContaining({ code: "FILE" }));
});
