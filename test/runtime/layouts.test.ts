/** A packed or loose directory starts like the one file does, whatever way it is called. */
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { makeImage, type ImageWheel, type PexImage, type PexSettings } from "../../src/pex/image.ts";
import { writeLoose } from "../../src/pex/layout-loose.ts";
import { writePacked } from "../../src/pex/layout-packed.ts";
import { writeZipapp } from "../../src/pex/layout-zipapp.ts";
import { readRuntimeFiles } from "../../src/pex/runtime-files.ts";
import { imageWheels } from "../support/image-wheels.ts";
import type { WheelSpec } from "../support/wheel-maker.ts";
import type { PythonVersion } from "../support/python-versions.ts";
import { newest, printed, sample, User } from "./kit.ts";

const WHEELS: readonly WheelSpec[] = [
  {
    name: "one",
    version: "1",
    requires: ["two", "never ; python_version < '2'"],
    entryPoints: "[console_scripts]\none-tool = one:tool\n",
    files: {
      "one/__init__.py": "import two\ndef tool():\n    print('tool with ' + two.NAME)\n",
      "one/data.txt": "data of one",
      "shared.py": "OWNER = 'one'\n",
      "one.pth": "import sys; sys.one_pth = True\n",
      "one-1.data/scripts/one-old": "#!python\nimport sys, one\nprint('old ' + sys.argv[0])\n",
    },
  },
  { name: "two", version: "2", files: { "two.py": "NAME = 'two'\n", "shared.py": "OWNER = 'two'\n" } },
  { name: "never", version: "3", files: { "never.py": "" } },
];

const PROGRAM = `
import json, os, sys
import one, shared, two
def main():
    print(json.dumps([sys.argv[1:], os.environ["PEX"], two.NAME, shared.OWNER, getattr(sys, "one_pth", False)]))
`;

type Layout = "zipapp" | "packed" | "loose" | "loose with wheel files";

const user = new User();
let wheels: readonly ImageWheel[];
beforeAll(async () => void (wheels = await imageWheels(user.dir, WHEELS)));
afterAll(() => user.remove());

/** No start may profit from what an earlier test has left. */
let root: string;
let serial = 0;
beforeEach(() => {
  root = user.path("roots", String(serial++));
});

async function build(name: string, layout: Layout, settings: PexSettings & { shebang?: string } = {}): Promise<string> {
  const { shebang = "/usr/bin/env python3", ...others } = settings;
  const image: PexImage = makeImage({
    requirements: ["one"],
    wheels,
    sources: [{ path: "app.py", mode: 0o644, read: () => Buffer.from(PROGRAM) }],
    settings: { entryPoint: "app:main", ...others },
    runtime: readRuntimeFiles(),
    shebang: `#!${shebang}`,
    version: "0.0.1",
    preInstall: layout === "loose",
  });
  const path = user.path("pex", String(serial), name);
  mkdirSync(user.path("pex", String(serial)), { recursive: true });
  const write = layout === "zipapp" ? writeZipapp : layout === "packed" ? writePacked : writeLoose;
  await write(image, path);
  return path;
}

/** Names of all files below a folder. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
}

const DIRECTORIES = ["packed", "loose", "loose with wheel files"] as const;
const starts = sample.flatMap((python) => DIRECTORIES.map((layout) => ({ python, layout })));

describe.each(starts)("a PEX that is $layout, under Python $python.name", ({ python, layout }) => {
  test("runs the same program however it is started, cold and warm", async () => {
    const pex = await build("an app", layout, { shebang: python.path });
    symlinkSync(pex, user.path("pex", String(serial), "linked"));
    symlinkSync(join(pex, "pex"), user.path("pex", String(serial), "command"));
    const cwd = user.path("pex", String(serial));
    const ways: readonly (readonly [string, ...string[]])[] = [
      [python.path, pex],
      [python.path, "an app"],
      [python.path, "an app/__main__.py"],
      [python.path, "linked/"],
      ["./an app/__main__.py"],
      ["./an app/pex"],
      ["./linked/pex"],
      ["./command"],
    ];
    const expected = JSON.stringify([["a", "--b"], pex, "two", "one", true]);
    for (const [way, [command, ...args]] of ways.entries()) {
      for (const _coldThenWarm of [0, 1]) {
        const env = { PEX_ROOT: join(root, String(way)) };
        const result = await user.run(command, [...args, "a", "--b"], { cwd, env });
        expect(printed(result).replaceAll(", ", ","), [command, ...args].join(" ")).toBe(expected);
      }
    }
  });

  test("leaves nothing of its own behind, and PYTHONPATH and the own folder do not count", async () => {
    const pex = await build("app", layout, { entryPoint: undefined });
    const code = `import json, sys
print(json.dumps([[name for name in sys.modules if "pexjs" in name], [path for path in sys.path_importer_cache if ".bootstrap" in path], sys.path]))`;
    for (const env of [{}, { PYTHONPATH: user.path("nowhere") }]) {
      const found = printed(await user.start(python, pex, ["-c", code], { env: { PEX_ROOT: root, ...env } }));
      const [modules, importers, path] = JSON.parse(found) as [string[], string[], string[]];
      expect([modules, importers]).toEqual([[], []]);
      expect(path.filter((each) => each === pex)).toHaveLength(1);
      expect(path.indexOf(pex)).toBe(path[0] === "" ? 1 : 0);
      expect(path.filter((each) => each.includes("bootstrap") || each.includes("nowhere"))).toEqual([]);
    }
  });

  test("is mounted by `import __pex__`", async () => {
    const pex = await build("app", layout);
    const code = `import sys; sys.path.insert(0, ${JSON.stringify(pex)}); import __pex__, one, app, shared; print(shared.OWNER + str([n for n in sys.modules if "pexjs" in n]))`;
    const env = { PEX_ROOT: root };
    expect(printed(await user.run(python.path, ["-c", code], { env }))).toBe("one[]");
  });

  test("finds scripts and entry points of its distributions", async () => {
    const pex = await build("app", layout);
    const run = async (script: string): Promise<string> =>
      printed(await user.start(python, pex, [], { env: { PEX_ROOT: root, PEX_SCRIPT: script } }));
    expect(await run("one-tool")).toBe("tool with two");
    expect(await run("one-old")).toBe("old one-old");
  });
});

describe("a loose PEX with installed distributions", () => {
  test.each(sample)("writes nothing anywhere but what Python itself keeps beside sources ($name)", async (python) => {
    const pex = await build("app", "loose");
    const before = filesOf(pex);
    const env = { PEX_ROOT: root, PYTHONDONTWRITEBYTECODE: "1" };
    for (const args of [[], ["x"]]) printed(await user.start(python, pex, args, { env }));
    expect(filesOf(pex)).toEqual(before);
    printed(await user.start(python, pex, [], { env: { PEX_ROOT: root } }));
    expect(filesOf(pex).filter((name) => !/__pycache__|\.pyc$/.test(name))).toEqual(before);
    expect(() => readdirSync(root)).toThrow("ENOENT");
    expect(() => readdirSync(join(user.home, ".cache"))).toThrow("ENOENT");
  });

  test("puts its sources before the standard library and each distribution that is needed after it", async () => {
    const pex = await build("app", "loose", { entryPoint: undefined });
    const code = "import sys; print('\\n'.join(sys.path))";
    const path = printed(await user.start(newest, pex, ["-c", code], { env: { PEX_ROOT: root } })).split("\n");
    expect(path.filter((each) => each.startsWith(pex))).toEqual([
      pex,
      ...["one-1", "two-2"].map((stem) => join(pex, ".deps", `${stem}-py2.py3-none-any.whl`)),
    ]);
    expect(path.indexOf(join(pex, ".deps", "one-1-py2.py3-none-any.whl"))).toBe(path.length - 2);
  });

  test("is copied, moved and deleted like any folder, and runs from where it is", async () => {
    const pex = await build("app", "loose");
    const copy = user.path("copied here");
    await user.run("cp", ["-R", pex, copy]);
    rmSync(pex, { recursive: true });
    expect(printed(await user.start(newest, copy, [], { env: { PEX_ROOT: root } }))).toContain(JSON.stringify(copy));
  });

  test("finds files for variables in its distributions", async () => {
    const pex = await build("app", "loose", {
      entryPoint: undefined,
      bindResourcePaths: { DATA: "one/data.txt" },
    });
    const code = "import os; print(open(os.environ['DATA']).read())";
    expect(printed(await user.start(newest, pex, ["-c", code], { env: { PEX_ROOT: root } }))).toBe("data of one");
  });

  test("keeps what it found out in `__pycache__`, and looks again when what it was made of has changed", async () => {
    const pex = await build("app", "loose", { entryPoint: undefined });
    const env = { PEX_ROOT: root };
    const script = "import sys; print(sum('.whl' in path for path in sys.path))";
    const count = async (): Promise<string> => printed(await user.start(newest, pex, ["-c", script], { env }));
    const kept = () => readdirSync(join(pex, "__pycache__")).filter((name) => !name.endsWith(".pyc"));
    expect([await count(), await count()]).toEqual(["2", "2"]);
    expect(kept()).toHaveLength(2);
    for (const name of kept()) writeFileSync(join(pex, "__pycache__", name), "");
    expect([await count(), await count()]).toEqual(["2", "2"]);
    const info = JSON.parse(readFileSync(join(pex, "PEX-INFO"), "utf8"));
    info.activation_plan.roots = ["two"];
    writeFileSync(join(pex, "PEX-INFO"), JSON.stringify(info));
    expect([await count(), await count()]).toEqual(["1", "1"]);
    rmSync(join(pex, ".deps", "two-2-py2.py3-none-any.whl"), { recursive: true });
    expect((await user.start(newest, pex, [], { env })).stderr).toContain(
      "it lacks `.deps/two-2-py2.py3-none-any.whl`",
    );
  });

  test("says what is missing when a distribution was deleted", async () => {
    const pex = await build("app", "loose");
    rmSync(join(pex, ".deps", "two-2-py2.py3-none-any.whl"), { recursive: true });
    const result = await user.start(newest, pex, [], { env: { PEX_ROOT: root } });
    expect([result.status, result.stdout]).toEqual([1, ""]);
    expect(result.stderr).toMatch(
      /^app: The file is damaged, it lacks `\.deps\/two-2-py2\.py3-none-any\.whl`: .*\nhint: .*\n$/,
    );
  });

  test("hands over to a Python that fits, and says what it needs when there is none", async () => {
    const fitting = sample.find((each) => each !== newest && !each.isPyPy);
    if (fitting === undefined) return;
    const minor = fitting.name;
    const pex = await build("app", "loose", { interpreterConstraints: [`CPython==${minor}.*`] });
    expect(printed(await user.start(newest, pex, [], { env: { PEX_ROOT: root } }))).toContain(JSON.stringify(pex));
    const alone = await user.run(newest.path, [pex], { env: { PEX_ROOT: root, PATH: user.path("nowhere") } });
    expect(alone.stderr).toContain(`It needs CPython==${minor}.*`);
  });
});

test("host packages may be seen, and then the folder stands on sys.path once", async () => {
  const python: PythonVersion = newest;
  for (const layout of DIRECTORIES) {
    const pex = await build("app", layout, { entryPoint: undefined, inheritPath: "prefer" });
    const code = "import sys; print('\\n'.join(sys.path))";
    for (const way of [pex, join(pex, "__main__.py"), join(pex, "pex")]) {
      const path = printed(await user.start(python, way, ["-c", code], { env: { PEX_ROOT: root } })).split("\n");
      expect(path.filter((each) => each === pex)).toHaveLength(1);
    }
  }
});
