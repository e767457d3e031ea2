/** The unpacked wheels are shared by all PEX files: one that is damaged, or lies, must not harm another. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";

import { newest, printed, sample, User } from "../runtime/kit.ts";
import { writeWheel } from "../support/wheel-maker.ts";

const user = new User();
afterAll(() => user.remove());

const APP = { sources: { "app.py": "import one; print(one.what)\n" }, facts: { entry_point: "app" } };
const FILE = "one-1-py2.py3-none-any.whl";

function wheel(what: string): string {
  return writeWheel(user.path("wheels", what), {
    name: "one",
    version: "1",
    files: { "one.py": `what = '${what}'\n` },
  });
}

const honest = wheel("honest");
const sha256 = createHash("sha256").update(readFileSync(honest)).digest("hex");
const good = user.make("good.pex", { ...APP, wheelFiles: [honest] });
/** What a PEX says that has other bytes under the name of the honest wheel. */
const lie = {
  distributions: { [FILE]: sha256 },
  activation_plan: {
    format: 1,
    roots: ["one"],
    distributions: [{ file: FILE, project: "one", version: "1", sha256, requires_python: null, requires: [] }],
  },
};

describe.each(["zipapp", "loose"] as const)("a PEX (%s) with other bytes under the digest of a wheel", (layout) => {
  const bad = user.make(`bad-${layout}`, { ...APP, wheelFiles: [wheel("lying")], info: lie, layout });

  test.each(sample)("ends with one clear error, and others run as ever: Python $name", async (python) => {
    for (const PEX_VENV of ["0", "1"]) {
      const env = { PEX_VENV, PEX_ROOT: user.path(`root-${layout}-${python.name}-${PEX_VENV}`) };
      const result = await user.start(python, bad, [], { env });
      const refusal = `The file is damaged, \`${FILE}\` is not what PEX-INFO says`;
      expect([result.status, result.stdout, result.stderr]).toEqual([1, "", expect.stringContaining(refusal)]);
      expect(printed(await user.start(python, good, [], { env }))).toBe("honest");
    }
  });

  test("does so on PEX_PATH and under the tools, too", async () => {
    const PEX_ROOT = user.path(`root-${layout}-others`);
    const main = user.make(`main-${layout}`, APP);
    const merged = await user.start(newest, main, [], { env: { PEX_ROOT, PEX_PATH: bad } });
    expect([merged.status, merged.stderr]).toEqual([1, expect.stringContaining("is not what PEX-INFO says")]);
    const env = { PEX_ROOT, PATH: user.searchPath };
    const made = await user.run(process.execPath, [user.bin("pex-tools"), bad, "venv", user.path(`venv-${layout}`)], {
      env,
    });
    expect([made.status, made.stderr]).toEqual([1, expect.stringContaining("is not what PEX-INFO says")]);
    expect(printed(await user.start(newest, good, [], { env: { PEX_ROOT } }))).toBe("honest");
  });
});

describe("the sources of a PEX", () => {
  /** What PEX-INFO says of them, `code_hash`, is the same for both: upstream's readers want it made so. */
  const one = { "a.py": "what = 'one'\nwhat = 'two'\n", "app.py": "import a\nprint(a.what)\n" };
  const two = { "a.py": "what = 'one'\n", "app.py": "what = 'two'\nimport a\nprint(a.what)\n" };

  async function build(name: string, sources: Readonly<Record<string, string>>): Promise<string> {
    for (const [file, text] of Object.entries(sources)) user.write(`${name}-sources/${file}`, text);
    const args = ["-D", user.path(`${name}-sources`), "-m", "app", "--python", newest.path, "-o", user.path(name)];
    printed(
      await user.run(process.execPath, [user.bin("pex"), "--no-pypi", ...args], { env: { PATH: user.searchPath } }),
    );
    return user.path(name);
  }

  async function codeHash(pex: string): Promise<unknown> {
    const script = "import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read('PEX-INFO').decode())";
    const info = JSON.parse(printed(await user.run(newest.path, ["-c", script, pex]))) as Record<string, unknown>;
    return info["code_hash"];
  }

  test("are told apart where `code_hash` is the same", async () => {
    const [first, second] = [await build("first.pex", one), await build("second.pex", two)];
    expect(await codeHash(first)).toBe(await codeHash(second));
    for (const PEX_VENV of ["0", "1"]) {
      const env = { PEX_VENV, PEX_ROOT: user.path("root-same") };
      expect(printed(await user.start(newest, first, [], { env }))).toBe("two");
      expect(printed(await user.start(newest, second, [], { env }))).toBe("one");
    }
    for (const [main, PEX_PATH, what] of [
      [good, first, "two"],
      [good, second, "one"],
    ] as const) {
      const env = { PEX_PATH, PEX_ROOT: user.path("root-same"), PEX_MODULE: "a:what.title" };
      expect([(await user.start(newest, main, [], { env })).stderr, what]).toEqual([
        `${what[0]?.toUpperCase()}${what.slice(1)}\n`,
        what,
      ]);
    }
  });

  test("are those it was built with, or there is one clear error", async () => {
    const edited = await build("edited.pex", one);
    const script = "import sys, zipfile; zipfile.ZipFile(sys.argv[1], 'a').writestr('a.py', \"what = 'three'\")";
    await user.run(newest.path, ["-W", "ignore", "-c", script, edited]);
    const PEX_ROOT = user.path("root-edited");
    for (const PEX_VENV of ["0", "1"]) {
      const result = await user.start(newest, edited, [], { env: { PEX_VENV, PEX_ROOT } });
      expect([result.status, result.stdout, result.stderr]).toEqual([
        1,
        "",
        expect.stringContaining("its sources are not those it was built with"),
      ]);
    }
    const unchanged = await build("unchanged.pex", one);
    expect(printed(await user.start(newest, unchanged, [], { env: { PEX_ROOT } }))).toBe("two");
  });
});

test("an installed tree that names the digest of a wheel is kept apart from it", async () => {
  const env = { PEX_ROOT: user.path("root-trees") };
  const main = user.make("main.pex", {
    sources: { "app.py": "import one; print(one.what)\n" },
    facts: { entry_point: "app" },
  });
  const info = { ...lie, deps_are_wheel_files: false };
  const tree = user.path("tree.pex");
  const script = `
import json, sys, zipfile
wheel, tree, info = sys.argv[1:]
with zipfile.ZipFile(tree, "w") as out, zipfile.ZipFile(wheel) as files:
    for name in files.namelist():
        out.writestr(".deps/${FILE}/" + name, files.read(name))
    out.writestr("PEX-INFO", info)
    out.writestr("__main__.py", "")
`;
  printed(await user.run(newest.path, ["-c", script, wheel("tree"), tree, JSON.stringify(info)]));
  expect(printed(await user.start(newest, main, [], { env: { ...env, PEX_PATH: tree } }))).toBe("tree");
  expect(printed(await user.start(newest, good, [], { env }))).toBe("honest");
});
