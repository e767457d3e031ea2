import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { ArchiveFile } from "../../src/archive/archive-file.ts";
import { fileStreams } from "../../src/archive/file-streams.ts";
import { cacheLayout } from "../../src/cache/layout.ts";
import { WheelStore } from "../../src/cache/wheel-store.ts";
import { makeImage, type ImageWheel } from "../../src/pex/image.ts";
import { inspectPex } from "../../src/pex/inspect.ts";
import { writeZipapp } from "../../src/pex/layout-zipapp.ts";
import { expandPlatform } from "../../src/pex/platform-tag.ts";
import { readRuntimeFiles } from "../../src/pex/runtime-files.ts";
import { normalizeName } from "../../src/standards/project-name.ts";
import { parseVersion } from "../../src/standards/version.ts";
import { rankTags, type Target } from "../../src/targets/target.ts";
import { upstreamPexPython } from "../support/upstream-pex.ts";
import { writeWheel, type WheelSpec } from "../support/wheel-maker.ts";

const folder = mkdtempSync(join(tmpdir(), "pexjs-interop-"));
const wheelhouse = join(folder, "wheels");
const ours = join(folder, "ours.pex");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TOOL: WheelSpec = {
  name: "interop-tool",
  version: "1.5",
  requires: ["interop-helper>=2 ; python_version > '2'", "interop-extra ; extra == 'more'"],
  extras: ["more"],
  requiresPython: ">=2.7",
  entryPoints: "[console_scripts]\ninterop-tool = interop_tool:main\n",
  files: {
    "interop_tool/__init__.py": "import interop_helper\ndef main():\n    print('tool with ' + interop_helper.NAME)\n",
    "interop_tool-1.5.data/scripts/interop-old": "#!python\nprint('old script')\n",
  },
};
const HELPER: WheelSpec = {
  name: "interop-helper",
  version: "2.0",
  files: { "interop_helper.py": "NAME = 'helper'\n", "interop_data/größe.txt": "words" },
};

const SOURCES: readonly (readonly [string, string])[] = [
  ["app/__init__.py", ""],
  ["app/main.py", "import interop_tool\ndef run():\n    interop_tool.main()\n"],
  ["app/data.txt", "data\n"],
  ["Top.py", "x = 1\n"],
];

beforeAll(async () => {
  const store = new WheelStore(cacheLayout(join(folder, "root")), fileStreams);
  const wheels: ImageWheel[] = [];
  for (const spec of [TOOL, HELPER]) {
    const { name, version, requires = [], requiresPython } = spec;
    const stored = await store.adopt(writeWheel(wheelhouse, spec));
    wheels.push({ stored, project: normalizeName(name), version, requiresPython, requires });
  }
  const image = makeImage({
    requirements: ["interop-tool"],
    wheels,
    sources: SOURCES.map(([path, text]): ArchiveFile => ({ path, mode: 0o644, read: () => Buffer.from(text) })),
    settings: { entryPoint: "app.main:run" },
    runtime: readRuntimeFiles(),
    shebang: "#!/usr/bin/env python3",
    version: "0.0.1",
  });
  await writeZipapp(image, ours);
});

function upstream(args: readonly string[], env: Readonly<Record<string, string>> = {}): SpawnSyncReturns<string> {
  return spawn(upstreamPexPython(), ["-m", ...args], env);
}

function spawn(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const clean = { PATH: process.env["PATH"], HOME: folder, PEX_ROOT: join(folder, "pex-root"), ...env };
  return spawnSync(command, args, { cwd: folder, env: clean, encoding: "utf8" });
}

/** What a command that must succeed printed. */
function output(result: SpawnSyncReturns<string>): string {
  if (result.status !== 0) throw new Error(`exit status ${result.status}: ${result.stderr}`);
  return result.stdout;
}

test("pex-tools reads our PEX-INFO", async () => {
  const info = JSON.parse(output(upstream(["pex.tools", ours, "info"]))) as Record<string, unknown>;
  const { info: written } = await inspectPex(ours);
  expect(info).toMatchObject({
    pex_hash: written.pexHash,
    code_hash: written.codeHash,
    distributions: written.distributions,
    requirements: ["interop-tool"],
    entry_point: "app.main:run",
    deps_are_wheel_files: true,
  });
});

test("pex-tools lists and extracts our wheels", () => {
  const listed = output(upstream(["pex.tools", ours, "repository", "info"]));
  expect(listed).toContain("interop-tool 1.5 ");
  expect(listed).toContain("interop-helper 2.0 ");
  const out = join(folder, "extracted");
  output(upstream(["pex.tools", ours, "repository", "extract", "-f", out]));
  expect(readdirSync(out).toSorted()).toEqual(readdirSync(wheelhouse).toSorted());
});

test("pex-tools makes a virtual environment of it that runs", () => {
  const venv = join(folder, "venv");
  output(upstream(["pex.tools", ours, "venv", venv]));
  expect(output(spawn(join(venv, "pex"), []))).toBe("tool with helper\n");
  expect(output(spawn(join(venv, "bin", "interop-tool"), []))).toBe("tool with helper\n");
  expect(output(spawn(join(venv, "bin", "interop-old"), []))).toBe("old script\n");
});

test("upstream builds from it with --pex-repository", () => {
  const built = join(folder, "from-repository.pex");
  output(upstream(["pex", "--pex-repository", ours, "interop-tool", "-c", "interop-tool", "-o", built]));
  expect(output(spawn(upstreamPexPython(), [built]))).toBe("tool with helper\n");
});

test("a PEX of upstream's uses it by PEX_PATH", () => {
  const built = join(folder, "user.pex");
  output(upstream(["pex", "-o", built]));
  const code = "import interop_tool; interop_tool.main()";
  expect(output(spawn(upstreamPexPython(), [built, "-c", code], { PEX_PATH: ours }))).toBe("tool with helper\n");
});

test("the code hash is upstream's for the same sources, and its PEX-INFO reads here", async () => {
  for (const [path, text] of SOURCES) {
    const file = join(folder, "src", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, 0o644);
  }
  const built = join(folder, "upstream.pex");
  const args = ["--no-index", "-f", wheelhouse, "interop-tool", "-D", "src", "-e", "app.main:run", "-o", built];
  output(
    upstream(["pex", ...args, "--no-pre-install-wheels", "--inject-env", "A=ü", "--interpreter-constraint", ">=3.8"]),
  );
  const theirs = await inspectPex(built);
  const mine = await inspectPex(ours);
  expect(theirs.info.codeHash).toBe(mine.info.codeHash);
  expect(theirs.info).toMatchObject({
    distributions: mine.info.distributions,
    depsAreWheelFiles: true,
    entryPoint: "app.main:run",
    injectEnv: { A: "ü" },
    requirements: ["interop-tool"],
    activationPlan: undefined,
  });
  const fieldsOf = (text: string): string[] => Object.keys(JSON.parse(text) as object);
  const additional = new Set(["activation_plan"]);
  expect(fieldsOf(mine.infoText).filter((field) => !additional.has(field))).toEqual(fieldsOf(theirs.infoText));
});

test.each([
  ["py2.py3-none-any", ["interop-tool"]],
  ["py3-none-any", ["interop-tool", "interop-pure"]],
])("{platform} is %s for %j, as upstream says", (tag, requirements) => {
  writeWheel(wheelhouse, { name: "interop-pure", version: "1", tag: "py3-none-any" });
  const pattern = join(folder, "named-{platform}.pex");
  output(upstream(["pex", "--no-index", "-f", wheelhouse, ...requirements, "-o", pattern]));
  expect(existsSync(join(folder, `named-${tag}.pex`))).toBe(true);
  const tags = ["py3-none-any", "py2-none-any"];
  const target: Target = {
    kind: "platform",
    description: "any Python 3",
    markers: {},
    tags,
    tagRanks: rankTags(tags),
    pythonVersion: parseVersion("3.11"),
    interpreter: undefined,
  };
  const wheels = readdirSync(wheelhouse).filter((name) => requirements.length > 1 || !name.includes("pure"));
  expect(expandPlatform(pattern, [target], wheels)).toBe(join(folder, `named-${tag}.pex`));
});
