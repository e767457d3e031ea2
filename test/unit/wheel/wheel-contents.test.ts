import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

import { sha256, type Sha256 } from "../../../src/base/digest.ts";
import { wheelContents, type ContentsCache } from "../../../src/wheel/wheel-contents.ts";
import { verifyWheel } from "../../../src/wheel/verify.ts";
import { makeWheel, type WheelSpec } from "../../support/wheel-maker.ts";
import { buildZip, type BuiltEntry } from "../archive/zip-builder.ts";

const folder = mkdtempSync(join(tmpdir(), "pexjs-wheel-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface WheelFile {
  readonly path: string;
  readonly filename: string;
  readonly sha256: Sha256;
}

function onDisk(filename: string, bytes: Uint8Array): WheelFile {
  const path = join(folder, filename);
  writeFileSync(path, bytes);
  return { path, filename, sha256: sha256(bytes) };
}

function wheel(spec: WheelSpec): WheelFile {
  const made = makeWheel(spec);
  return onDisk(made.filename, made.bytes);
}

function memory(): ContentsCache & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return { texts, read: (key) => texts.get(key), write: (key, text) => texts.set(key, text) };
}

const RICH: WheelSpec = {
  name: "Rich.Tool",
  version: "1.2",
  tag: "cp311-cp311-linux_x86_64",
  purelib: false,
  entryPoints:
    "[console_scripts]\nrich = rich_tool.cli:main\nbare = rich_tool.bare\n[gui_scripts]\nwin = rich_tool:App.run [gui]\n[other]\nx = y:z\n",
  files: {
    "rich_tool/__init__.py": "",
    "rich_tool.pth": "",
    "Rich.Tool-1.2.data/scripts/old-style": "#!python\n",
    "Rich.Tool-1.2.data/purelib/pure/x.py": "",
    "Rich.Tool-1.2.data/data/etc/rich.conf": "",
  },
};

test("tells commands, script files, top-level names and kind of a wheel", async () => {
  expect(await wheelContents(wheel(RICH), memory())).toEqual({
    commands: [
      { name: "rich", module: "rich_tool.cli", attribute: "main" },
      { name: "bare", module: "rich_tool.bare", attribute: undefined },
      { name: "win", module: "rich_tool", attribute: "App.run" },
    ],
    scriptFiles: ["old-style"],
    topLevelNames: ["pure", "rich_tool", "rich_tool.pth"],
    rootIsPurelib: false,
    hasData: true,
  });
});

test("the answer from the cache is the same, and the wheel is not opened for it", async () => {
  const cache = memory();
  const file = wheel({ ...RICH, name: "kept", files: {} });
  const first = await wheelContents(file, cache);
  rmSync(file.path);
  expect(await wheelContents(file, cache)).toEqual(first);
});

test.each(["{", "null", "[]", '{"format":0}', '{"format":1}', '{"format":1,"commands":[],"scriptFiles":3}'])(
  "a cache entry %j is passed over",
  async (text) => {
    const cache = memory();
    const file = wheel({ name: "again", version: "1" });
    cache.texts.set(file.sha256, text);
    expect((await wheelContents(file, cache)).rootIsPurelib).toBe(true);
    expect(cache.texts.get(file.sha256)).not.toBe(text);
  },
);

const METADATA: BuiltEntry = { name: "demo-1.dist-info/METADATA", content: "Name: demo\nVersion: 1\n" };
const WHEEL: BuiltEntry = { name: "demo-1.dist-info/WHEEL", content: "Wheel-Version: 1.0\n" };
const RECORD: BuiltEntry = { name: "demo-1.dist-info/RECORD", content: "" };
const GOOD = [METADATA, WHEEL, RECORD];

const corrupt: readonly [string, string, Buffer][] = [
  ["text", "the file is no zip archive", Buffer.from("<html>404</html>")],
  ["a part", "the archive ends in the middle", buildZip(GOOD).subarray(0, 90)],
  ["an escape", "an entry climbs out of the archive: ../x", buildZip([...GOOD, { name: "../x" }])],
  ["no metadata", "it has no .dist-info directory", buildZip([{ name: "demo.py" }])],
  ["no METADATA", "it has no METADATA", buildZip([WHEEL, RECORD])],
  ["no WHEEL", "it has no WHEEL", buildZip([METADATA, RECORD])],
  ["two metadata", "it has two .dist-info directories", buildZip([...GOOD, { name: "other-1.dist-info/METADATA" }])],
  ["foreign metadata", "its metadata is that of another", buildZip([{ name: "other-1.dist-info/METADATA" }])],
  [
    "a wheel of the future",
    "not in a form 1.x, which is known here, but `2.0`",
    buildZip([METADATA, RECORD, { ...WHEEL, content: "Wheel-Version: 2.0\n" }]),
  ],
  ["damage", "an entry is damaged", buildZip([METADATA, RECORD, { ...WHEEL, crc32: 7 }])],
];

test.each(corrupt)("%s is a corrupt wheel: %s", async (_, message, bytes) => {
  const failure = await verifyWheel(onDisk("demo-1-py3-none-any.whl", bytes)).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: "CORRUPT_WHEEL",
    hint: expect.stringMatching(/build it again|choose another version/),
  });
  expect(String(failure)).toContain(message);
  expect(String(failure)).toContain("demo-1-py3-none-any.whl");
});

test.each(["demo-1", "Demo-1.0", "DEMO-1"])("metadata spelled %s.dist-info is that of demo 1", async (stem) => {
  const entries = GOOD.map((entry) => ({ ...entry, name: String(entry.name).replace("demo-1", stem) }));
  await expect(verifyWheel(onDisk("demo-1-py3-none-any.whl", buildZip(entries)))).resolves.toBeUndefined();
});
