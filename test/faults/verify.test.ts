/** With PEX_VERIFY, whatever was changed in the cache is noticed and made anew. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

import { newest, oldest, versions } from "../runtime/kit.ts";
import { verdict, World } from "./world.ts";

const world = new World();
afterAll(() => world.remove());

/** The same PEX in another form. */
const packed = world.build("packed", "--layout", "packed").then((file) => join(file, "__main__.py"));

const VERIFY = { PEX_VERIFY: "1" };
const pythons = versions.filter((each) => each === oldest || each === newest || each.name === "3.6");

/** Name and content of everything that a program runs from, or that is linked from there. */
function contents(run: string): ReadonlyMap<string, string> {
  const names = ["wheels", "sites", "code", "venvs"].flatMap((kind) => filesBelow(run, kind));
  // Records may be written in several ways; of the runtime in an environment one file stands for all.
  const some = names.filter((name) => !/\.pyc$|contents$|\.bootstrap\/(?!.*begin\.py)/.test(name));
  return new Map(some.map((name) => [name, readFileSync(join(run, name), "latin1")]));
}

/** Plain files alone: links may lead to the library of an interpreter. */
function filesBelow(run: string, folder: string): readonly string[] {
  if (!existsSync(join(run, folder))) return [];
  return readdirSync(join(run, folder), { withFileTypes: true }).flatMap((each) => {
    if (each.isDirectory()) return filesBelow(run, join(folder, each.name));
    return each.isFile() ? [join(folder, each.name)] : [];
  });
}

/** Other bytes of the same number and date. */
function change(path: string): void {
  const { atime, mtime, size } = statSync(path);
  if (size === 0) appendFileSync(path, "x");
  else writeFileSync(path, Buffer.from(readFileSync(path).map((byte) => byte ^ 1)));
  utimesSync(path, atime, mtime);
}

describe.each(["zipapp", "venv", "packed"])("as %s", (form) => {
  test.each(pythons)("each file that was changed is made again: Python $name", async (python) => {
    const root = world.newRoot();
    const options = { python, venv: form === "venv", ...(form === "packed" && { file: await packed }) };
    expect(verdict(await world.boot(root, options))).toBe("right");
    const run = join(root, "pexjs", "1", "run");
    const before = contents(run);
    expect(before.size).toBeGreaterThan(form === "venv" ? 18 : 12);
    const names = [...before.keys()];
    // One by one where that is fast, else several at once.
    const rounds = python !== newest ? 3 : form === "zipapp" ? names.length : 8;
    for (let round = 0; round < rounds; round++) {
      const changed = names.filter((_, number) => number % rounds === round);
      for (const name of changed) change(join(run, name));
      const result = await world.boot(root, { ...options, env: VERIFY });
      expect([changed, verdict(result), result.stderr]).toEqual([changed, "right", ""]);
      expect([changed, contents(run)]).toEqual([changed, before]);
    }
  });
});

test("names that nobody put there, links that lead elsewhere and stale compiled code go, and no more", async () => {
  const root = world.newRoot();
  const run = join(root, "pexjs", "1", "run");
  for (const venv of [false, true]) {
    expect(verdict(await world.boot(root, { venv }))).toBe("right");
    const before = contents(run);
    const site = join(
      run,
      [...before.keys()].find((name) => name.startsWith(venv ? "venvs" : "sites") && name.endsWith("shared.py")) ?? "",
      "..",
    );
    const stays = statSync(join(site, "one")).ino;
    expect(verdict(await world.boot(root, { venv, env: VERIFY }))).toBe("right");
    expect(statSync(join(site, "one")).ino).toBe(stays);
    const compiled = join(
      site,
      "__pycache__",
      readdirSync(join(site, "__pycache__")).find((name) => name.startsWith("two")) ?? "",
    );
    const damage: readonly (() => void)[] = [
      () => writeFileSync(join(site, "json.py"), "raise SystemExit('shadowed')"),
      () => mkdirSync(join(site, "os")),
      () => writeFileSync(compiled, "not compiled"),
      () => (rmSync(join(site, "two.py")), symlinkSync("/dev/null", join(site, "two.py"))),
      () => rmSync(join(site, "one", "data"), { recursive: true }),
    ];
    for (const harm of damage) {
      harm();
      const result = await world.boot(root, { venv, env: VERIFY });
      expect([harm.toString(), verdict(result), result.stderr]).toEqual([harm.toString(), "right", ""]);
      expect(contents(run)).toEqual(before);
    }
  }
});
