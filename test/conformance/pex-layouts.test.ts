/** Upstream's pex as the judge of our packed and loose directories. */
import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { fileStreams } from "../../src/archive/file-streams.ts";
import { cacheLayout } from "../../src/cache/layout.ts";
import { WheelStore } from "../../src/cache/wheel-store.ts";
import { makeImage, type ImageWheel } from "../../src/pex/image.ts";
import { inspectPex } from "../../src/pex/inspect.ts";
import { writeLoose } from "../../src/pex/layout-loose.ts";
import { writePacked } from "../../src/pex/layout-packed.ts";
import { readRuntimeFiles } from "../../src/pex/runtime-files.ts";
import { parseRecord } from "../../src/standards/record.ts";
import { normalizeName } from "../../src/standards/project-name.ts";
import { upstreamPexPython } from "../support/upstream-pex.ts";
import { writeWheel, type WheelSpec } from "../support/wheel-maker.ts";

const folder = mkdtempSync(join(tmpdir(), "pexjs-layouts-"));
const wheelhouse = join(folder, "wheels");
const ours = { packed: join(folder, "packed"), loose: join(folder, "loose") };
const theirs = join(folder, "theirs");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TOOL: WheelSpec = {
  name: "Interop-Tool",
  version: "1.5",
  requires: ["interop-helper>=2"],
  entryPoints: "[console_scripts]\ninterop-tool = interop_tool:main\n",
  files: {
    "interop_tool/__init__.py": "import interop_helper\ndef main():\n    print('tool with ' + interop_helper.NAME)\n",
    "interop_tool/run.sh": "#!/bin/sh\n",
    "Interop_Tool-1.5.data/scripts/interop-old": "#!python\nprint('old script')\n",
    "Interop_Tool-1.5.data/data/share/interop.txt": "shared",
    "Interop_Tool-1.5.data/headers/interop.h": "/* header */",
  },
  executables: ["interop_tool/run.sh"],
};
const HELPER: WheelSpec = {
  name: "interop-helper",
  version: "2.0",
  files: { "interop_helper.py": "NAME = 'helper'\n", "interop_data/größe.txt": "words" },
};
const TOOL_FILE = "Interop_Tool-1.5-py2.py3-none-any.whl";

beforeAll(async () => {
  const store = new WheelStore(cacheLayout(join(folder, "root")), fileStreams);
  const wheels: ImageWheel[] = [];
  for (const spec of [TOOL, HELPER]) {
    const { name, version, requires = [], requiresPython } = spec;
    const stored = await store.adopt(writeWheel(wheelhouse, spec));
    wheels.push({ stored, project: normalizeName(name), version, requiresPython, requires });
  }
  const parts = {
    requirements: ["interop-tool"],
    wheels,
    sources: [],
    settings: { entryPoint: "interop_tool:main" },
    runtime: readRuntimeFiles(),
    shebang: "#!/usr/bin/env python3",
    version: "0.0.1",
  };
  await writePacked(makeImage(parts), ours.packed);
  await writeLoose(makeImage({ ...parts, preInstall: true }), ours.loose);
  const args = ["--no-index", "-f", wheelhouse, "interop-tool", "--layout", "loose", "-o", theirs];
  output(upstream(["pex", ...args]));
});

function upstream(args: readonly string[], env: Readonly<Record<string, string>> = {}): SpawnSyncReturns<string> {
  return spawn(upstreamPexPython(), ["-m", ...args], env);
}

function spawn(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const clean = { PATH: process.env["PATH"], HOME: folder, PEX_ROOT: join(folder, "pex-root") };
  // Compiled files beside sources would be taken for parts of what was built.
  const quiet = { ...clean, PYTHONDONTWRITEBYTECODE: "1", ...env };
  return spawnSync(command, args, { cwd: folder, env: quiet, encoding: "utf8" });
}

/** What a command that must succeed printed. */
function output(result: SpawnSyncReturns<string>): string {
  if (result.status !== 0) throw new Error(`exit status ${result.status}: ${result.stderr}`);
  return result.stdout;
}

describe.each(["packed", "loose"] as const)("our %s PEX", (layout) => {
  test("is told apart and described by pex-tools", async () => {
    const { info, layout: found } = await inspectPex(ours[layout]);
    expect(found).toBe(layout);
    const read = JSON.parse(output(upstream(["pex.tools", ours[layout], "info"]))) as Record<string, unknown>;
    expect(read).toMatchObject({
      pex_hash: info.pexHash,
      distributions: info.distributions,
      deps_are_wheel_files: layout === "packed",
    });
  });

  test("has its distributions listed, and put together to wheels again", () => {
    const listed = output(upstream(["pex.tools", ours[layout], "repository", "info"]));
    expect(listed).toContain("interop-helper 2.0 ");
    expect(listed.toLowerCase()).toContain("interop-tool 1.5 ");
    const out = join(folder, `extracted-${layout}`);
    output(upstream(["pex.tools", ours[layout], "repository", "extract", "-f", out]));
    expect(readdirSync(out).toSorted()).toEqual(readdirSync(wheelhouse).toSorted());
  });

  test("becomes a virtual environment that runs", () => {
    const venv = join(folder, `venv-${layout}`);
    output(upstream(["pex.tools", ours[layout], "venv", venv]));
    expect(output(spawn(join(venv, "pex"), []))).toBe("tool with helper\n");
    expect(output(spawn(join(venv, "bin", "interop-tool"), []))).toBe("tool with helper\n");
    expect(output(spawn(join(venv, "bin", "interop-old"), []))).toBe("old script\n");
    expect(readFileSync(join(venv, "share", "interop.txt"), "utf8")).toBe("shared");
    const names = readdirSync(join(venv, "include"), { recursive: true, encoding: "utf8" });
    expect(names.some((name) => /python3\.\d+\/Interop-Tool\/interop\.h$/.test(name))).toBe(true);
  });

  test("serves upstream as --pex-repository and by PEX_PATH", () => {
    const built = join(folder, `from-${layout}.pex`);
    output(upstream(["pex", "--pex-repository", ours[layout], "interop-tool", "-c", "interop-tool", "-o", built]));
    expect(output(spawn(upstreamPexPython(), [built]))).toBe("tool with helper\n");
    const empty = join(folder, `empty-${layout}.pex`);
    output(upstream(["pex", "-o", empty]));
    const code = "import interop_tool; interop_tool.main()";
    const env = { PEX_PATH: ours[layout] };
    expect(output(spawn(upstreamPexPython(), [empty, "-c", code], env))).toBe("tool with helper\n");
  });
});

test("an installed wheel lies where upstream puts it", () => {
  const list = (root: string): string[] =>
    readdirSync(join(root, ".deps", TOOL_FILE), { recursive: true, encoding: "utf8" }).toSorted();
  expect(list(ours.loose)).toEqual(list(theirs));
  const isExecutable = (root: string, name: string): boolean =>
    (statSync(join(root, ".deps", TOOL_FILE, name)).mode & 0o100) !== 0;
  for (const name of ["interop_tool/run.sh", "interop_tool/__init__.py", ".prefix/bin/interop-tool"])
    expect(isExecutable(ours.loose, name), name).toBe(isExecutable(theirs, name));
});

test("RECORD and layout of an installed wheel say what upstream's say", () => {
  const read = (root: string, name: string): string => readFileSync(join(root, ".deps", TOOL_FILE, name), "utf8");
  const record = "Interop_Tool-1.5.dist-info/RECORD";
  // The text of generated scripts is ours, and dates are not kept.
  const differs = /\.prefix\/bin\/interop-tool$|original-whl-info\.json$/;
  const rows = (root: string): unknown[] =>
    parseRecord(read(root, record))
      .map((row) => (differs.test(row.path) ? { path: row.path } : row))
      .toSorted((left, right) => (left.path < right.path ? -1 : 1));
  expect(rows(ours.loose)).toEqual(rows(theirs));
  const layout = (root: string): Record<string, unknown> => {
    const { fingerprint: _, ...others } = JSON.parse(read(root, ".layout.json")) as Record<string, unknown>;
    return others;
  };
  expect(layout(ours.loose)).toEqual(layout(theirs));
});
