import {
  existsSync,
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
import { basename, join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";

import { withFileSource } from "../../../src/archive/byte-source.ts";
import { fileStreams } from "../../../src/archive/file-streams.ts";
import { readZipDirectory } from "../../../src/archive/zip-reader.ts";
import { cacheLayout } from "../../../src/cache/layout.ts";
import { WheelStore, type StoredWheel } from "../../../src/cache/wheel-store.ts";
import type { ImageParts, PexImage } from "../../../src/pex/image.ts";
import { inspectPex } from "../../../src/pex/inspect.ts";
import { writeLoose } from "../../../src/pex/layout-loose.ts";
import { writePacked } from "../../../src/pex/layout-packed.ts";
import { writeZipapp } from "../../../src/pex/layout-zipapp.ts";
import { formatPexInfo } from "../../../src/pex/pex-info.ts";
import { normalizeName } from "../../../src/standards/project-name.ts";
import { installedFingerprint } from "../../../src/wheel/fingerprint.ts";
import { writeWheel } from "../../support/wheel-maker.ts";
import { sampleImage, sourceFile } from "./sample-image.ts";

const folder = mkdtempSync(join(tmpdir(), "pexjs-directories-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const store = new WheelStore(cacheLayout(join(folder, "root")), fileStreams);
const SPEC = { name: "demo", version: "1.0", files: { "demo.py": "x = 1\n" } };
const FILE = "demo-1.0-py2.py3-none-any.whl";

let directory: string;
let path: string;
let serial = 0;
beforeEach(() => {
  directory = join(folder, String(serial++));
  mkdirSync(directory);
  path = join(directory, "out");
});

/** A wheel as it comes from an index, or where it stays where the user has it. */
async function storedWheel(kind: "downloaded" | "own" = "downloaded"): Promise<StoredWheel> {
  const wheel = writeWheel(folder, SPEC);
  return kind === "own" ? store.adopt(wheel) : store.add([readFileSync(wheel)], basename(wheel));
}

function imageOf(stored: StoredWheel, parts: Partial<ImageParts> = {}): PexImage {
  const project = normalizeName("demo");
  const demo = { stored, project, version: "1.0", requiresPython: undefined, requires: [] };
  const sources = [sourceFile("run.sh", "#!/bin/sh\n", 0o755), sourceFile("app/main.py", "print(1)\n")];
  return sampleImage({ requirements: ["demo"], wheels: [demo], sources, ...parts });
}

/** Relative paths of all files, with their modes. */
function tree(root: string, below = ""): string[] {
  return readdirSync(join(root, below), { withFileTypes: true })
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((each) => {
      const name = join(below, each.name);
      if (each.isDirectory()) return tree(root, name);
      return `${name} ${(statSync(join(root, name)).mode & 0o100) === 0 ? "plain" : "executable"}`;
    });
}

const COMMON = [
  "PEX-INFO plain",
  "__main__.py executable",
  "__pex__/__init__.py plain",
  "app/main.py plain",
  "pex executable",
  "run.sh executable",
];

test("a packed PEX holds its runtime as a zip file, its wheels as they are, and its sources plain", async () => {
  const image = imageOf(await storedWheel());
  const written = await writePacked(image, path);
  expect(tree(path)).toEqual([".bootstrap plain", `.deps/${FILE} plain`, ...COMMON]);
  const entries = await withFileSource(join(path, ".bootstrap"), readZipDirectory);
  expect(entries.map(({ name }) => name)).toEqual(["pexjs_runtime/__init__.py", "pexjs_runtime/start.py"]);
  expect(readFileSync(join(path, ".deps", FILE))).toEqual(readFileSync(image.wheels[0]!.stored.path));
  const main = readFileSync(join(path, "__main__.py"), "utf8");
  expect(main.startsWith("#!/usr/bin/env python3.11\n")).toBe(true);
  expect(main).toContain('"layout": "packed",');
  expect(main).toContain('"deps_are_wheel_files": True,');
  expect(written).toEqual({ sha256: undefined, size: sizeOf(path) });
  expect(await inspectPex(path)).toEqual({
    path,
    layout: "packed",
    info: image.info,
    infoText: formatPexInfo(image.info),
  });
});

test("a loose PEX holds everything as plain files, its wheels installed", async () => {
  const image = imageOf(await storedWheel(), { preInstall: true });
  const written = await writeLoose(image, path);
  const installed = ["demo-1.0.dist-info/METADATA", "demo-1.0.dist-info/RECORD", "demo-1.0.dist-info/WHEEL"];
  expect(tree(path)).toEqual([
    ".bootstrap/pexjs_runtime/__init__.py plain",
    ".bootstrap/pexjs_runtime/start.py plain",
    ...[".layout.json", ...installed, "demo-1.0.pex-info/original-whl-info.json", "demo.py"].map(
      (name) => `.deps/${FILE}/${name} plain`,
    ),
    ...COMMON,
  ]);
  expect(readFileSync(join(path, "__main__.py"), "utf8")).toContain('"deps_are_wheel_files": False,');
  expect(written.size).toBe(sizeOf(path));
  const { info, layout } = await inspectPex(path);
  expect(layout).toBe("loose");
  expect(info.depsAreWheelFiles).toBe(false);
  expect(info.distributions).toEqual({ [FILE]: installedFingerprint(image.wheels[0]!.stored.sha256) });
});

test("a loose PEX may hold its wheels as the files they are", async () => {
  await writeLoose(imageOf(await storedWheel(), { preInstall: false }), path);
  expect(tree(path)).toContain(`.deps/${FILE} plain`);
});

test("a wheel of the store gets a second name, a wheel of the user's is copied", async () => {
  for (const [kind, isShared] of [
    ["downloaded", true],
    ["own", false],
  ] as const) {
    const wheel = await storedWheel(kind);
    await writePacked(imageOf(wheel), path);
    expect(statSync(join(path, ".deps", FILE)).ino === statSync(wheel.path).ino).toBe(isShared);
  }
});

test.each(["pex/__init__.py", "pex"])("the user's own %s takes the place of ours", async (name) => {
  await writePacked(imageOf(await storedWheel(), { sources: [sourceFile(name, "mine")] }), path);
  expect(readFileSync(join(path, name), "utf8")).toBe("mine");
});

describe.each([
  ["packed", writePacked],
  ["loose", writeLoose],
] as const)("a %s PEX", (_, write) => {
  test.each(["zipapp", "packed", "loose", "empty directory", "empty file", "link to a PEX", "link to nothing"])(
    "takes the place of: %s",
    async (old) => {
      const image = imageOf(await storedWheel());
      const elsewhere = join(directory, "elsewhere");
      if (old === "zipapp") await writeZipapp(image, path);
      else if (old === "packed") await writePacked(image, path);
      else if (old === "loose") await writeLoose(image, path);
      else if (old === "empty directory") mkdirSync(path);
      else if (old === "empty file") writeFileSync(path, "");
      else symlinkSync(elsewhere, path);
      if (old === "link to a PEX") await writePacked(image, elsewhere);
      await write(imageOf(await storedWheel(), { sources: [sourceFile("new.py", "")] }), path);
      expect(existsSync(join(path, "new.py"))).toBe(true);
      expect(existsSync(join(path, "run.sh"))).toBe(false);
      const rest = old === "link to a PEX" ? ["elsewhere", "out"] : ["out"];
      expect(readdirSync(directory).toSorted()).toEqual(rest);
    },
  );

  test("leaves other files and directories alone", async () => {
    const image = imageOf(await storedWheel());
    writeFileSync(path, "a thesis");
    await expect(write(image, path)).rejects.toMatchObject({ code: "FILE" });
    expect(readFileSync(path, "utf8")).toBe("a thesis");
    const precious = join(directory, "precious");
    mkdirSync(precious);
    writeFileSync(join(precious, "thesis.txt"), "words");
    await expect(write(image, precious)).rejects.toMatchObject({ code: "FILE" });
    expect(readdirSync(directory).toSorted()).toEqual(["out", "precious"]);
  });

  test("that fails or is cancelled on the way leaves nothing but the old one", async () => {
    await write(imageOf(await storedWheel()), path);
    const before = tree(path);
    const failing = { ...sourceFile("z.py", ""), read: () => expect.fail("unreadable") };
    await expect(
      write(imageOf(await storedWheel(), { sources: [] }), path, { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: "CANCELLED" });
    const image = imageOf(await storedWheel());
    await expect(write({ ...image, sources: [failing] }, path)).rejects.toThrow("unreadable");
    expect(tree(path)).toEqual(before);
    expect(readdirSync(directory)).toEqual(["out"]);
  });

  test("has the same contents wherever and whenever it is made", async () => {
    const image = imageOf(await storedWheel(), { preInstall: true });
    const again = join(directory, "deeper", "again");
    await write(image, path);
    await write(image, again);
    expect(tree(again)).toEqual(tree(path));
    for (const line of tree(path)) {
      const name = line.replace(/ (?:plain|executable)$/, "");
      expect(readFileSync(join(again, name)), name).toEqual(readFileSync(join(path, name)));
    }
  });
});

function sizeOf(root: string): number {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((name) => statSync(join(root, name)))
    .reduce((sum, each) => sum + (each.isFile() ? each.size : 0), 0);
}
