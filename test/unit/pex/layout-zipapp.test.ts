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
import { afterAll, beforeEach, expect, test } from "vitest";

import { withFileSource } from "../../../src/archive/byte-source.ts";
import { fileStreams } from "../../../src/archive/file-streams.ts";
import { findZipEntry, readZipDirectory, readZipEntry } from "../../../src/archive/zip-reader.ts";
import { cacheLayout } from "../../../src/cache/layout.ts";
import { WheelStore } from "../../../src/cache/wheel-store.ts";
import type { PexImage } from "../../../src/pex/image.ts";
import { inspectPex } from "../../../src/pex/inspect.ts";
import { writeZipapp } from "../../../src/pex/layout-zipapp.ts";
import { formatPexInfo } from "../../../src/pex/pex-info.ts";
import { normalizeName } from "../../../src/standards/project-name.ts";
import { writeWheel } from "../../support/wheel-maker.ts";
import { sampleImage, sourceFile } from "./sample-image.ts";

const folder = mkdtempSync(join(tmpdir(), "pexjs-zipapp-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const store = new WheelStore(cacheLayout(join(folder, "root")), fileStreams);

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

test("more than 4 GiB of wheels are refused before anything is written", async () => {
  const made = await image();
  const [wheel] = made.wheels;
  const huge = { ...wheel!, stored: { ...wheel!.stored, size: 2 ** 32 } };
  await expect(writeZipapp({ ...made, wheels: [huge] }, path)).rejects.toMatchObject({ code: "NOT_IMPLEMENTED" });
  expect(readdirSync(directory)).toEqual([]);
});
