/** What stands in a PEX is not trusted: nothing is written outside the cache, and there is one clear error. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { newest, User } from "../runtime/kit.ts";
import { writeWheel } from "../support/wheel-maker.ts";
import type { Result } from "../support/workspace.ts";

const MAKE_HOSTILE = fileURLToPath(new URL("make_hostile.py", import.meta.url));
const CLEAR = /^[^\n]+\nhint: [^\n]+\n$/;

const user = new User();
let before: readonly string[];
beforeAll(() => void (before = listing()));
afterAll(() => user.remove());

/** Everything that is no part of the cache. */
function listing(): readonly string[] {
  return readdirSync(user.dir, { recursive: true, encoding: "utf8" })
    .filter((name) => !/^(root|wheels|[^/]*\.pex|home\/\.cache)/.test(name))
    .toSorted();
}

function expectContained(root: string): void {
  expect(listing()).toEqual(before);
  expect(existsSync("/tmp/hostile-")).toBe(false);
  expect(existsSync(root) ? readdirSync(root) : ["pexjs"]).toEqual(["pexjs"]);
}

/** A member of a wheel that can be given any other name of its length. */
const MEMBER = `${"m".repeat(24)}.py`;
const KINDS = [
  "parent",
  "parents",
  "absolute",
  "nul",
  "empty part",
  "dot",
  "declares less",
  "declares much",
  "packed much",
  "wrong crc",
  "offset outside",
  "offset beyond 64 bits",
  "method",
  "encrypted",
];

describe.each(["a wheel", "the PEX itself"])("an entry of %s", (where) => {
  let number = 0;

  function make(kind: string): string {
    const content = "x = 1\n".repeat(500);
    const name = `hostile-${where.length}-${(number += 1)}.pex`;
    const wheel = writeWheel(user.path("wheels", name), {
      name: "one",
      version: "1",
      files: { "one.py": "", [MEMBER]: content },
    });
    const sources = { "app.py": "print('right')\n", [MEMBER]: content };
    if (where === "a wheel") spoil(kind, wheel);
    const pex = user.make(name, { wheelFiles: [wheel], sources, facts: { entry_point: "app" } });
    if (where !== "a wheel") spoil(kind, pex);
    return pex;
  }

  function spoil(kind: string, path: string): void {
    const { status, stderr } = spawnSync(newest.path, [MAKE_HOSTILE, kind, path, MEMBER], { encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
  }

  test.each(KINDS)("that is hostile (%s) is refused", async (kind) => {
    const pex = make(kind);
    // What is no zip file to Python never gets as far as our code.
    const refused = where !== "a wheel" && kind.startsWith("offset") ? /^SyntaxError: /m : CLEAR;
    for (const mode of [{}, { PEX_VENV: "1" }]) {
      const root = user.path(`root-${where.length}-${number}`);
      const result = await user.start(newest, pex, [], { env: { ...mode, PEX_ROOT: root } });
      // The wheel that PEX-INFO means, and no other: its bytes are what count.
      const isMeant = where === "a wheel" && kind === "wrong crc";
      if (isMeant || (kind === "dot" && result.status === 0)) expect(result.stdout).toBe("right\n");
      else expect([result.status, result.stdout, result.stderr]).toEqual([1, "", expect.stringMatching(refused)]);
      expectContained(root);
    }
  });

  test("that says it is a link makes none", async () => {
    const root = user.path(`root-link-${where.length}`);
    const result = await user.start(newest, make("link"), [], { env: { PEX_ROOT: root } });
    // The sources were not built with such an entry; what a wheel has is a plain file.
    if (where === "a wheel") expect([result.status, result.stdout, result.stderr]).toEqual([0, "right\n", ""]);
    else expect([result.status, result.stderr]).toEqual([1, expect.stringMatching(CLEAR)]);
    const names = readdirSync(root, { recursive: true, withFileTypes: true });
    expect(names.filter((each) => each.isSymbolicLink())).toEqual([]);
  });
});

describe("a PEX-INFO of the wrong shape", () => {
  const one = {
    file: "one-1-py2.py3-none-any.whl",
    project: "one",
    version: "1",
    sha256: "0".repeat(64),
    requires_python: null,
    requires: [],
  };
  const planned = (each: unknown) => ({ activation_plan: { format: 1, roots: ["one"], distributions: [each] } });
  const SHAPES: readonly Readonly<Record<string, unknown>>[] = [
    { activation_plan: [1] },
    { requirements: 5 },
    { distributions: { one: [] } },
    { excluded: [null] },
    planned(true),
    planned({ ...one, requires: [1] }),
    planned({ ...one, requires: ["\0"] }),
    planned({ ...one, file: "no wheel" }),
  ];

  test.each(SHAPES)("(%j) is said to be broken, by the tools and of another PEX on PEX_PATH", async (info) => {
    const wheels = [{ name: "one", version: "1", files: { "one.py": "" } }];
    const pex = user.make("shape.pex", { wheels, sources: { "app.py": "" }, facts: { entry_point: "app" }, info });
    const main = user.make("main.pex", { sources: { "app.py": "" }, facts: { entry_point: "app" } });
    const env = { PEX_ROOT: user.path("root-shape"), PATH: user.searchPath };
    const tools = await user.run(process.execPath, [user.bin("pex-tools"), pex, "graph"], { env });
    expect([tools.status, tools.stderr]).toEqual([
      1,
      expect.stringMatching(/PEX-INFO.*\nhint: [Bb]uild the PEX again\.?\n$/),
    ]);
    const joined = await user.start(newest, main, [], { env: { ...env, PEX_PATH: pex } });
    expect([joined.status, joined.stderr]).toEqual([1, expect.stringMatching(CLEAR)]);
  });
});

describe("a PEX-INFO whose digests are paths", () => {
  const evil = "../../../../../escaped";
  const plan = {
    format: 1,
    roots: ["one"],
    distributions: [
      {
        file: "one-1-py2.py3-none-any.whl",
        project: "one",
        version: "1",
        sha256: evil,
        requires_python: null,
        requires: [],
      },
    ],
  };
  const wheels = [{ name: "one", version: "1", files: { "one.py": "" } }];

  test("of another PEX on PEX_PATH names no folder", async () => {
    const main = user.make("main.pex", {
      sources: { "app.py": "import one; print('right')\n" },
      facts: { entry_point: "app" },
    });
    const other = user.make("other.pex", {
      wheels,
      info: { activation_plan: plan, code_hash: evil, distributions: {} },
    });
    const root = user.path("root-path");
    const result: Result = await user.start(newest, main, [], { env: { PEX_ROOT: root, PEX_PATH: other } });
    expect([result.status, result.stdout, result.stderr]).toEqual([1, "", expect.stringMatching(CLEAR)]);
    expectContained(root);
  });

  test("of a PEX that is only looked at names no folder", async () => {
    const pex = user.make("looked.pex", { wheels, sources: { "app.py": "" }, info: { activation_plan: plan } });
    const root = user.path("root-tools");
    const result = await user.run(process.execPath, [user.bin("pex-tools"), pex, "venv", user.path("root-venv")], {
      env: { PEX_ROOT: root, PATH: user.searchPath },
    });
    expect([result.status, result.stderr]).toEqual([1, expect.stringMatching(CLEAR)]);
    expect(listing().filter((name) => name.includes("escaped"))).toEqual([]);
    expect(existsSync(join(root, "escaped"))).toBe(false);
  });
});
