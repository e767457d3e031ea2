/** PEX_PATH and `--pex-path`: other PEX files, ours and upstream's, merged into the one that is started. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { writeWheel } from "../support/wheel-maker.ts";
import { newest, printed, sample, User, versions, type PexSpec } from "./kit.ts";

const MAKE = fileURLToPath(new URL("../support/make_foreign_pex.py", import.meta.url));
const user = new User();
const MAIN: PexSpec = {
  wheels: [{ name: "shared", version: "1", files: { "shared.py": "who = 'main'\n" } }],
  sources: { "app.py": "print('app')\n", "code.py": "who = 'main'\n" },
};
let main: string;
let one: string;
let two: string;
beforeAll(() => {
  main = user.make("main.pex", { ...MAIN, facts: { entry_point: "app" } });
  one = user.make("one.pex", {
    wheels: [
      { name: "shared", version: "2", files: { "shared.py": "who = 'one'\n" } },
      {
        name: "first",
        version: "1",
        files: { "first.py": "" },
        entryPoints: "[console_scripts]\nfirst = first_code:main\n",
      },
      { name: "unwanted", version: "1", files: { "unwanted.py": "" } },
    ],
    roots: ["shared", "first", 'unwanted ; python_version < "2"'],
    sources: { "first_code.py": "def main():\n    print('script of one')\n", "code.py": "who = 'one'\n" },
  });
  two = user.make("two.pex", { wheels: [{ name: "second", version: "1", files: { "second.py": "" } }] });
});
afterAll(() => user.remove());

const foreign = [
  { layout: "zipapp", trees: true },
  { layout: "zipapp", trees: false },
  { layout: "packed", trees: true },
  { layout: "loose", trees: true },
] as const;

/** As upstream's tool makes it. */
function makeForeign({ layout, trees }: (typeof foreign)[number]): string {
  const output = user.path(`foreign-${layout}-${trees}`);
  const folder = user.path("foreign-wheels");
  const tagged = (tag: string, version: string) =>
    writeWheel(folder, { name: "tagged", version, tag, files: { "tagged.py": `version = '${version}'\n` } });
  const wheels = [
    writeWheel(folder, {
      name: "Main.Thing",
      version: "3",
      files: { "thing.py": "", "Main.Thing-3.data/purelib/pure.py": "" },
      requires: ["tagged (>=1)", 'nothing-at-all ; extra == "x"'],
    }),
    tagged("py2.py3-none-any", "1"),
    tagged("cp39-cp39-macosx_10_9_universal2", "2"),
  ];
  const spec = { output, layout, trees, wheels, roots: ["Main.Thing"], sources: { "foreign_code.py": "" } };
  const made = spawnSync(newest.path, [MAKE], { input: JSON.stringify(spec), encoding: "utf8" });
  if (made.status !== 0) throw new Error(made.stderr);
  return output;
}

const interpreter = { PEX_INTERPRETER: "1" };

describe.each(versions)("under Python $name", (python) => {
  test("distributions and code are merged, cold and warm, and the PEX's own win", async () => {
    const code = "import code, shared, first, second, first_code; print(code.who, shared.who)";
    const env = { ...interpreter, PEX_PATH: `${one}:${two}` };
    for (let start = 0; start < 2; start++) {
      expect(printed(await user.start(python, main, ["-c", code], { env }))).toMatch(/main\W+main/);
    }
    const lacking = await user.start(python, main, ["-c", "import unwanted"], { env });
    expect([lacking.status, lacking.stderr]).toEqual([1, expect.stringContaining("unwanted")]);
    expect(printed(await user.start(python, main, [], { env: { PEX_PATH: one } }))).toBe("app");
    expect(printed(await user.start(python, main, [], { env: { PEX_PATH: one, PEX_SCRIPT: "first" } }))).toBe(
      "script of one",
    );
    const alone = await user.start(python, main, ["-c", "import first"], { env: { ...interpreter, PEX_PATH: "" } });
    expect(alone.status).toBe(1);
  });

  test.each(foreign)("a PEX of upstream is merged: $layout, installed trees $trees", async (kind) => {
    const env = { ...interpreter, PEX_PATH: makeForeign(kind) };
    const code = "import thing, tagged, foreign_code; print(tagged.version)";
    for (let start = 0; start < 2; start++) {
      expect(printed(await user.start(python, main, ["-c", code], { env }))).toBe("1");
    }
    if (kind.layout !== "loose") printed(await user.start(python, main, ["-c", "import pure"], { env }));
  });
});

test("what is sealed comes before the variable", async () => {
  const sealed = user.make("sealed.pex", { facts: { pex_path: [one] } });
  const three = user.make("three.pex", { sources: { "code.py": "who = 'three'\n", "third.py": "" } });
  for (const python of sample) {
    const code = "import code, first, third; print(code.who)";
    expect(printed(await user.start(python, sealed, ["-c", code], { env: { PEX_PATH: three } }))).toBe("one");
  }
});

test("an environment holds all of the others, wherever they lie afterwards and by whatever way the cache is reached", async () => {
  const code = "import shared, first, second, first_code; print(shared.who)";
  for (const python of sample) {
    const cache = user.path("caches", python.name);
    mkdirSync(cache, { recursive: true });
    const start = async (folder: string): Promise<string> => {
      mkdirSync(user.path(folder));
      symlinkSync(cache, user.path(folder, "cache"));
      for (const pex of [one, two]) cpSync(pex, user.path(folder, basename(pex)));
      const home = user.make(`${folder}/main.pex`, { ...MAIN, facts: { pex_path: ["one.pex"], venv: true } });
      const env = { ...interpreter, PEX_ROOT: "cache", PEX_PATH: "two.pex" };
      const options = { cwd: user.path(folder), env };
      const seen = printed(await user.start(python, home, ["-c", `${code}; import sys; print(sys.prefix)`], options));
      rmSync(user.path(folder), { recursive: true });
      return seen;
    };
    const [modules, prefix = ""] = (await start("before")).split("\n");
    expect(modules).toBe("main");
    expect(prefix).toBe(join(cache, "pexjs", "1", "run", "venvs", basename(prefix)));
    expect(await start("afterwards")).toBe(`main\n${prefix}`);
    expect(printed(await user.run(join(prefix, "pex"), ["-c", code], { env: interpreter }))).toBe("main");
    expect(printed(await user.run(join(prefix, "bin", "first"), []))).toBe("script of one");
    const three = user.make("three-more.pex", { sources: { "third.py": "" } });
    const more = await user.run(join(prefix, "pex"), ["-c", `${code}; import third`], {
      env: { ...interpreter, PEX_PATH: three },
    });
    expect(printed(more)).toBe("main");
  }
});

test("a changed PEX is merged anew, a damaged cache is mended", async () => {
  const path = user.make("changing.pex", { sources: { "changing.py": "print('before')" } });
  const run = async () =>
    printed(await user.start(newest, main, ["-c", "import changing"], { env: { ...interpreter, PEX_PATH: path } }));
  expect(await run()).toBe("before");
  user.make("changing.pex", { sources: { "changing.py": "print('afterwards')" } });
  expect(await run()).toBe("afterwards");
  for (const folder of ["code", "sites"]) {
    for (const name of readdirSync(join(user.runFolder, folder))) {
      rmSync(join(user.runFolder, folder, name), { recursive: true });
    }
  }
  expect(await run()).toBe("afterwards");
});

test("what cannot be merged is named, with a hint", async () => {
  user.write("text.pex", "no archive at all");
  user.write("folder/file", "");
  const unfit = user.make("unfit.pex", {
    wheels: [{ name: "native", version: "1", tag: "cp27-cp27m-win32", files: { "native.py": "" } }],
  });
  const cases = {
    [user.path("nowhere.pex")]: "No such file or directory",
    [user.path("text.pex")]: "it is no PEX",
    [user.path("folder")]: "it is no PEX",
    [unfit]: "inside is native-1-cp27-cp27m-win32.whl, whose tags do not fit",
  };
  for (const python of sample) {
    for (const [path, why] of Object.entries(cases)) {
      const { status, stdout, stderr } = await user.start(python, main, [], { env: { PEX_PATH: path } });
      expect([status, stdout]).toEqual([1, ""]);
      expect(stderr).toContain(`main.pex: Cannot merge ${path}, which PEX_PATH names: `);
      expect(stderr).toContain(why);
      expect(stderr).toContain("hint: correct or unset PEX_PATH\n");
    }
  }
});
