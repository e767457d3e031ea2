import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, expect, test } from "vitest";

import { sha256 } from "../../../src/base/digest.ts";
import { findCollisions, type ActivatedWheel } from "../../../src/wheel/collisions.ts";
import { wheelContents, type ContentsCache } from "../../../src/wheel/wheel-contents.ts";
import { writeWheel } from "../../support/wheel-maker.ts";

const folder = mkdtempSync(join(tmpdir(), "pexjs-collisions-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const nothing: ContentsCache = { read: () => undefined, write: () => {} };

async function wheel(name: string, files: Readonly<Record<string, string>>): Promise<ActivatedWheel> {
  const path = writeWheel(folder, { name, version: "1", tag: "py3-none-any", files });
  const file = { path, filename: basename(path), sha256: sha256(name) };
  return { ...file, contents: await wheelContents(file, nothing) };
}

test("different contents for one path are reported in activation order, wherever in the wheels they lie", async () => {
  const one = await wheel("one", { "ns/__init__.py": "1", "ns/one.py": "", "tests/x.py": "same" });
  const two = await wheel("two", { "ns/__init__.py": "2", "ns/two.py": "", "tests/x.py": "same" });
  const three = await wheel("three", { "three-1.data/purelib/ns/__init__.py": "1", "three.py": "" });
  expect(await findCollisions([two, one, three], nothing)).toEqual([
    {
      path: "ns/__init__.py",
      wheels: ["two-1-py3-none-any.whl", "one-1-py3-none-any.whl", "three-1-py3-none-any.whl"],
    },
  ]);
});

test("equal contents, own metadata and files outside of site-packages do not collide", async () => {
  const four = await wheel("four", { "ns/__init__.py": "", "four-1.data/data/share/x": "1" });
  const five = await wheel("five", { "ns/__init__.py": "", "five-1.data/data/share/x": "2" });
  expect(await findCollisions([four, five], nothing)).toEqual([]);
});

test("wheels that share no top-level name are not even opened", async () => {
  const six = await wheel("six", { "six.py": "" });
  const seven = await wheel("seven", { "seven.py": "" });
  for (const { path } of [six, seven]) rmSync(path);
  expect(await findCollisions([six, seven], nothing)).toEqual([]);
});

test("a file where another wheel has a directory collides, whichever comes first", async () => {
  const eight = await wheel("eight", { "ns/__init__.py": "", "ns/part": "a file" });
  const nine = await wheel("nine", { "ns/__init__.py": "", "ns/part/deep/x.py": "", "ns/part/y.py": "" });
  for (const order of [
    [eight, nine],
    [nine, eight],
  ]) {
    const found = await findCollisions(order, nothing);
    expect(found.map(({ path }) => path)).toEqual(["ns/part"]);
    expect(found[0]?.wheels.toSorted()).toEqual(["eight-1-py3-none-any.whl", "nine-1-py3-none-any.whl"]);
  }
});

test("what was found out about a set of wheels in their order is remembered, nonsense is not believed", async () => {
  const ten = await wheel("ten", { "shared.py": "10" });
  const eleven = await wheel("eleven", { "shared.py": "11" });
  const texts = new Map<string, string>();
  const cache: ContentsCache = { read: (key) => texts.get(key), write: (key, text) => texts.set(key, text) };
  const first = await findCollisions([ten, eleven], cache);
  const [key] = texts.keys();
  texts.set(key!, '{"path": 1}');
  expect(await findCollisions([ten, eleven], cache)).toEqual(first);
  await findCollisions([eleven, ten], cache);
  expect(texts.size).toBe(2);
  for (const { path } of [ten, eleven]) rmSync(path);
  expect(await findCollisions([ten, eleven], cache)).toEqual(first);
});
