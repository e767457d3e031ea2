import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";

import { readCompiledRuntimes, runtimeDigest } from "../../../src/pex/compiled-runtime.ts";
import { sourceFile } from "./sample-image.ts";

const folder = mkdtempSync(join(tmpdir(), "pexjs-bytecode-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const MODULES = Buffer.from("modules ".repeat(20));
const base64 = (content: Buffer): string => content.toString("base64");

beforeAll(() => {
  for (const minor of [11, 12]) {
    const stored = {
      interpreter: `cpython-3${minor}`,
      cacheTag: `cpython-3${minor}`,
      magic: `${minor}0d0d0a`,
      digest: "of the sources",
      modules: base64(deflateRawSync(MODULES)),
      size: MODULES.length,
      main: [base64(Buffer.from("<")), base64(Buffer.from(">"))],
    };
    writeFileSync(join(folder, `cpython-3${minor}.json`), JSON.stringify(stored));
  }
});

test("those that are there come in the order they are asked for", () => {
  const found = readCompiledRuntimes(folder, ["cpython-312", "pypy-310", "cpython-311"], "of the sources");
  expect(found.map(({ modules }) => modules.path)).toEqual([
    "compiled-cpython-312-120d0d0a",
    "compiled-cpython-311-110d0d0a",
  ]);
  expect(found.map(({ modules }) => Buffer.from(modules.read()))).toEqual([MODULES, MODULES]);
});

test("what was compiled of other sources is not taken", () => {
  expect(readCompiledRuntimes(folder, ["cpython-312"], "of others")).toEqual([]);
});

test("`__main__.pyc` has a header that asks for no comparison, and the facts in their place", () => {
  const [compiled] = readCompiledRuntimes(folder, ["cpython-312"], "of the sources");
  const main = Buffer.from(compiled?.main({ one: 1 }) ?? []).toString("latin1");
  expect(main).toBe("\x12\x0d\x0d\x0a\x01\0\0\0\0\0\0\0\0\0\0\0<\x0f\0\0\0{u\x03\0\0\0onei\x01\0\0\x000>");
});

test("the digest is that of all sources together", () => {
  const modules = [sourceFile("a.py", "a"), sourceFile("b.py", "b")];
  const digests = [
    runtimeDigest("main", modules),
    runtimeDigest("mai", modules),
    runtimeDigest("main", modules.slice(1)),
  ];
  expect(new Set(digests).size).toBe(3);
  expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
});
