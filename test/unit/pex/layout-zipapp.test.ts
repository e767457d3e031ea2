import { createHash } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { afterAll, beforeEach, describe, expect, test } from "vitest";

import { bytesSource, withFileSource } from "../../../src/archive/byte-source.ts";
import { fileStreams } from "../../../src/archive/file-streams.ts";
import { findZipEntry, readZipDirectory, readZipEntry, type ZipEntry } from "../../../src/archive/zip-reader.ts";
import type { Event } from "../../../src/base/log.ts";
import { cacheLayout } from "../../../src/cache/layout.ts";
import { WheelStore } from "../../../src/cache/wheel-store.ts";
import type { PlaceBefore } from "../../../src/pex/before-archive.ts";
import { readDistributions } from "../../../src/pex/distributions.ts";
import type { ImageParts, PexImage } from "../../../src/pex/image.ts";
import { inspectPex } from "../../../src/pex/inspect.ts";
import { writeZipapp } from "../../../src/pex/layout-zipapp.ts";
import { formatPexInfo } from "../../../src/pex/pex-info.ts";
import { normalizeName } from "../../../src/standards/project-name.ts";
import { writeWheel } from "../../support/wheel-maker.ts";
import { sampleImage, sourceFile } from "./sample-image.ts";

const folder = mkdtempSync(join(tmpdir(), "pexjs-zipapp-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const store = new WheelStore(cacheLayout(join(folder, "root")), fileStreams);
/** Of somebody who has none of the wheels. */
const otherStore = new WheelStore(cacheLayout(join(folder, "other root")), fileStreams);

let directory: string;
let path: string;
let serial = 0;
beforeEach(() => {
  directory = join(folder, String(serial++));
  mkdirSync(directory);
  path = join(directory, "out.pex");
});

async function image(): Promise<PexImage> {
  const wheel = writeWheel(folder, { name: "demo", version: "1.0", files: { "demo.py": "x = 1\n" } });
  const demo = {
    stored: await store.adopt(wheel),
    project: normalizeName("demo"),
    version: "1.0",
    requiresPython: undefined,
    requires: [],
  };
  const sources = [sourceFile("run.sh", "#!/bin/sh\n", 0o755), sourceFile("app/main.py", "print(1)\n".repeat(200))];
  return sampleImage({ requirements: ["demo"], wheels: [demo], sources, settings: { entryPoint: "app.main" } });
}

test("entries stand in their agreed order with their methods and modes; wheels are whole and unchanged", async () => {
  const made = await image();
  const written = await writeZipapp(made, path);
  expect(written.size).toBe(statSync(path).size);
  await withFileSource(path, async (source) => {
    const entries = await readZipDirectory(source);
    expect(entries.map(({ name, method, mode }) => `${name} ${method} ${mode.toString(8)}`)).toEqual([
      ".bootstrap/pexjs_runtime/__init__.py 0 100644",
      ".bootstrap/pexjs_runtime/start.py 0 100644",
      ".deps/demo-1.0-py2.py3-none-any.whl 0 100644",
      "app/ 0 40755",
      "app/main.py 8 100644",
      "run.sh 0 100755",
      "PEX-INFO 0 100644",
      "__main__.py 0 100755",
      "__pex__/__init__.py 0 100644",
    ]);
    const read = async (name: string): Promise<Buffer> =>
      Buffer.from(await readZipEntry(source, findZipEntry(entries, name)!));
    expect(await read(entries[2]!.name)).toEqual(readFileSync(made.wheels[0]!.stored.path));
    expect((await read("PEX-INFO")).toString()).toBe(formatPexInfo(made.info));
    const main = (await read("__main__.py")).toString();
    expect(main).toContain(`"pex_hash": "${made.info.pexHash}",`);
    expect(main).toContain('"layout": "zipapp",');
    expect(main).toContain('"has_code": True,');
    expect((await read("__pex__/__init__.py")).toString()).toContain('"entry_point": "app.main",');
  });
  expect(readFileSync(path, "latin1").split("\n")[0]).toBe("#!/usr/bin/env python3.11");
  expect(statSync(path).mode & 0o100).toBe(0o100);
});

test("sources are stored when nothing shall be compressed", async () => {
  await writeZipapp({ ...(await image()), compress: false }, path);
  const entries = await withFileSource(path, readZipDirectory);
  expect(entries.every((entry) => entry.method === 0)).toBe(true);
});

test("what was written can be inspected", async () => {
  const made = await image();
  await writeZipapp(made, path);
  expect(await inspectPex(path)).toEqual({
    path,
    layout: "zipapp",
    info: made.info,
    infoText: formatPexInfo(made.info),
  });
});

test("a PEX directory and an empty one make room; other directories stay", async () => {
  const made = await image();
  mkdirSync(path);
  await writeZipapp(made, path);
  const loose = join(directory, "loose.pex");
  mkdirSync(join(loose, "app"), { recursive: true });
  writeFileSync(join(loose, "PEX-INFO"), "{}");
  await writeZipapp(made, loose);
  const precious = join(directory, "precious");
  mkdirSync(precious);
  writeFileSync(join(precious, "thesis.txt"), "words");
  await expect(writeZipapp(made, precious)).rejects.toMatchObject({ code: "FILE" });
  expect(readFileSync(join(precious, "thesis.txt"), "utf8")).toBe("words");
  expect(readdirSync(directory).toSorted()).toEqual(["loose.pex", "out.pex", "precious"]);
});

test.each(["/dev/null", "device"])("the device behind %s is not replaced", async (name) => {
  symlinkSync("/dev/null", join(directory, "device"));
  const target = join(directory, name === "device" ? "device" : "/../../../../../../../../../../dev/null");
  await expect(writeZipapp(await image(), target)).rejects.toMatchObject({
    code: "FILE",
    message: expect.stringContaining("not a regular file"),
  });
});

test("a cancelled build leaves nothing", async () => {
  const writing = writeZipapp(await image(), path, { signal: AbortSignal.abort() });
  await expect(writing).rejects.toMatchObject({ code: "CANCELLED" });
  expect(readdirSync(directory)).toEqual([]);
});

describe("with wheels installed", () => {
  const TREE = ".deps/demo-1.0-py2.py3-none-any.whl";

  async function entriesOf(parts: Partial<ImageParts>): Promise<ReadonlyMap<string, ZipEntry>> {
    const { wheels, sources } = await image();
    await writeZipapp(sampleImage({ wheels, sources, preInstall: true, ...parts }), path);
    const entries = await withFileSource(path, readZipDirectory);
    return new Map(entries.map((entry) => [entry.name, entry]));
  }

  test("every file lies below the name of its wheel, as deflated as it was", async () => {
    const entries = await entriesOf({});
    const names = [...entries.keys()].filter((name) => name.startsWith(TREE));
    expect(names.map((name) => name.slice(TREE.length + 1))).toEqual([
      "demo.py",
      "demo-1.0.dist-info/METADATA",
      "demo-1.0.dist-info/WHEEL",
      "demo-1.0.pex-info/original-whl-info.json",
      "demo-1.0.dist-info/RECORD",
      ".layout.json",
    ]);
    const [wheel] = (await image()).wheels;
    const before = await withFileSource(wheel!.stored.path, readZipDirectory);
    for (const { name, method, compressedSize, crc32 } of before.filter((each) => !each.name.endsWith("RECORD")))
      expect(entries.get(`${TREE}/${name}`)).toMatchObject({ method, compressedSize, crc32 });
  });

  test("nothing is deflated when nothing shall be compressed", async () => {
    const entries = await entriesOf({ compress: false });
    expect([...entries.values()].filter((entry) => entry.method !== 0)).toEqual([]);
  });

  test("what a wheel contains is looked at once, and then remembered", async () => {
    const { wheels } = await image();
    const made = sampleImage({ wheels, preInstall: true });
    const digests = new Map<string, string>();
    const cache = {
      read: (key: string) => digests.get(key),
      write: (key: string, text: string) => digests.set(key, text),
    };
    await writeZipapp(made, path, { digests: cache });
    const first = readFileSync(path);
    expect([...digests.keys()]).toEqual([wheels[0]!.stored.sha256]);
    await writeZipapp(made, path, { digests: { ...cache, write: () => expect.fail("looked at again") } });
    expect(readFileSync(path)).toEqual(first);
    for (const nonsense of ["", "{}", "[]", "[1, 2, 3, 4]"]) {
      await writeZipapp(made, path, { digests: { read: () => nonsense, write: () => {} } });
      expect(readFileSync(path)).toEqual(first);
    }
  });
});

describe("what an archive has no room for", () => {
  const heard: Event[] = [];
  const listener = (event: Event): void => void heard.push(event);
  beforeEach(() => void heard.splice(0));

  test.each([
    ["wheels", { preInstall: false }],
    ["installed wheels", { preInstall: true }],
  ])("lies in front of it: %s, and the sources in archives of their own", async (_, parts) => {
    const { wheels } = await image();
    const sources = Array.from({ length: 25 }, (_each, index) => sourceFile(`m${index}.py`, "x = 1\n"));
    const made = sampleImage({ wheels, sources, ...parts });
    await writeZipapp(made, path, { limits: { entries: 10, bytes: 2 ** 32 }, listener });
    expect(heard).toMatchObject([{ kind: "warning", hint: expect.stringContaining("--layout packed") }]);
    const entries = await withFileSource(path, readZipDirectory);
    expect(entries.map(({ name }) => name)).toEqual([
      ".bootstrap/pexjs_runtime/__init__.py",
      ".bootstrap/pexjs_runtime/start.py",
      "PEX-INFO",
      "__main__.py",
      "__pex__/__init__.py",
    ]);
    const { info } = await inspectPex(path);
    const start = entries[0]!.headerOffset;
    const piece = ({ distance, size }: PlaceBefore): Buffer =>
      readFileSync(path).subarray(start - distance, start - distance + size);
    const [file] = Object.keys(info.beforeArchive!.wheels);
    const wheel = piece(info.beforeArchive!.wheels[file!]!);
    if (parts.preInstall) {
      const inside = await readZipDirectory(bytesSource(wheel));
      expect(inside.map(({ name }) => name)).toContain("demo.py");
    } else expect(wheel).toEqual(readFileSync(wheels[0]!.stored.path));
    const archives = await Promise.all(
      info.beforeArchive!.sources.map((each) => readZipDirectory(bytesSource(piece(each)))),
    );
    expect(archives.map((each) => each.length)).toEqual([10, 10, 5]);
    expect(info.pexHash).not.toBe(made.info.pexHash);
    const [distribution] = await readDistributions(await inspectPex(path), { store: otherStore, temporary: directory });
    const again = await distribution!.extract();
    const contents = (file: string): unknown => unzipSync(readFileSync(file));
    expect(contents(again.path)).toEqual(contents(wheels[0]!.stored.path));
    const first = readFileSync(path);
    await writeZipapp(made, path, { limits: { entries: 10, bytes: 2 ** 32 } });
    expect(readFileSync(path)).toEqual(first);
  });

  test("may be a wheel, or sources", async () => {
    const noise = createHash("shake256", { outputLength: 20_000 }).update("noise").digest();
    const file = writeWheel(folder, { name: "big", version: "1.0", files: { "big.bin": noise } });
    const [demo] = (await image()).wheels;
    const big = { ...demo!, stored: await store.adopt(file), project: normalizeName("big") };
    const sources = [sourceFile("big.txt", "0123456789".repeat(1000))];
    for (const made of [sampleImage({ wheels: [big] }), sampleImage({ sources, compress: false })])
      await writeZipapp(made, path, { limits: { entries: 99, bytes: 12_000 }, listener });
    expect(heard).toHaveLength(2);
    expect(readdirSync(directory)).toEqual(["out.pex"]);
  });

  test("one file that is too big for every archive is refused, and nothing is left", async () => {
    const made = sampleImage({ sources: [sourceFile("big.txt", "0123456789".repeat(1000))], compress: false });
    const writing = writeZipapp(made, path, { limits: { entries: 99, bytes: 9000 } });
    await expect(writing).rejects.toMatchObject({ code: "ZIP_TOO_BIG" });
    expect(readdirSync(directory)).toEqual([]);
  });
});
