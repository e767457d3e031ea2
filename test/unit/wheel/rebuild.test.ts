/** A wheel taken apart and put together again. */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { afterAll, expect, test } from "vitest";

import { sha256 } from "../../../src/base/digest.ts";
import { installedFingerprint } from "../../../src/wheel/fingerprint.ts";
import { installWheel } from "../../../src/wheel/install.ts";
import type { InstalledFile } from "../../../src/wheel/installed-tree.ts";
import { rebuildWheel } from "../../../src/wheel/rebuild.ts";
import { withWheel } from "../../../src/wheel/wheel-source.ts";
import { makeWheel } from "../../support/wheel-maker.ts";
import { destinationOf } from "../../support/wheel-destination.ts";

const folder = mkdtempSync(join(tmpdir(), "pexjs-rebuild-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const WHEEL = makeWheel({
  name: "Round-Trip",
  version: "1.0",
  requires: ["other>=1"],
  entryPoints: "[console_scripts]\nround = round_trip:main\n[gui_scripts]\nwindow = round_trip:main\n",
  files: {
    "round_trip/__init__.py": "def main(): pass\n",
    "round_trip/data,with comma.txt": "x",
    "Round_Trip-1.0.data/scripts/old": "#!python\n",
    "Round_Trip-1.0.data/data/share/x.txt": "data",
    "Round_Trip-1.0.data/headers/sub/x.h": "// h",
    "Round_Trip-1.0.data/platlib/flat.py": "",
  },
  executables: ["Round_Trip-1.0.data/scripts/old"],
});

type Tree = Map<string, InstalledFile>;

/** What installing leaves. */
async function installed(): Promise<Tree> {
  const path = join(folder, WHEEL.filename);
  writeFileSync(path, WHEEL.bytes);
  const files: Tree = new Map();
  const write = (name: string, content: Uint8Array, mode: number): void => {
    files.set(name, file(content, mode));
  };
  const digest = installedFingerprint(sha256(WHEEL.bytes));
  await withWheel({ path, filename: WHEEL.filename }, (source) =>
    installWheel(source, destinationOf(source, write), digest),
  );
  return files;
}

function file(content: Uint8Array | string, mode = 0o644): InstalledFile {
  return { mode, read: async () => Buffer.from(content) };
}

async function rebuild(files: Tree): Promise<Record<string, string>> {
  const path = join(folder, "rebuilt.whl");
  await rebuildWheel({ filename: WHEEL.filename, files }, path);
  return texts(readFileSync(path));
}

function texts(bytes: Uint8Array): Record<string, string> {
  return Object.fromEntries(
    Object.entries(unzipSync(bytes)).map(([name, data]) => [name, Buffer.from(data).toString()]),
  );
}

const DIST_INFO = "Round_Trip-1.0.dist-info";

/** Trees that all come from the same wheel, as installers of all ages leave them. */
const TREES: Readonly<Record<string, (files: Tree) => void>> = {
  "as we install": () => {},
  "with parts of .data kept apart": (files) => move(files, "flat.py", ".prefix/platlib/flat.py"),
  "without notes of the original": (files) => {
    move(files, "flat.py", ".prefix/platlib/flat.py");
    files.delete("Round_Trip-1.0.pex-info/original-whl-info.json");
  },
  "of pex 2.1.90: no RECORD, data at the prefix": (files) => {
    move(files, "flat.py", ".prefix/platlib/flat.py");
    move(files, ".prefix/data/share/x.txt", ".prefix/share/x.txt");
    files.delete("Round_Trip-1.0.pex-info/original-whl-info.json");
    files.delete(`${DIST_INFO}/RECORD`);
  },
  "with what installers and Python add": (files) => {
    move(files, "flat.py", ".prefix/platlib/flat.py");
    files.delete("Round_Trip-1.0.pex-info/original-whl-info.json");
    for (const name of ["INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json", "uv_build.json", "RECORD.jws"]) {
      files.set(`${DIST_INFO}/${name}`, file("added"));
    }
    files.set("round_trip/__pycache__/__init__.cpython-311.pyc", file("code"));
  },
};

function move(files: Tree, from: string, to: string): void {
  const moved = files.get(from);
  if (moved === undefined) throw new Error(`No ${from}`);
  files.delete(from);
  files.set(to, moved);
  const record = files.get(`${DIST_INFO}/RECORD`);
  if (record) {
    const read = (): Promise<Uint8Array> => record.read();
    files.set(`${DIST_INFO}/RECORD`, {
      ...record,
      read: async () => Buffer.from(String(await read()).replace(from, to)),
    });
  }
}

test.each(Object.entries(TREES))("a tree %s gives the files of the wheel and a true RECORD", async (_, change) => {
  const files = await installed();
  change(files);
  const made = await rebuild(files);
  const { [`${DIST_INFO}/RECORD`]: record = "", ...content } = made;
  const { [`${DIST_INFO}/RECORD`]: original = "", ...expected } = texts(WHEEL.bytes);
  expect(content).toEqual(expected);
  expect(record.split("\n").toSorted()).toEqual(
    original
      .replace(/^(round_trip\/data,with comma.txt)/m, '"$1"')
      .split("\n")
      .toSorted(),
  );
  expect(await rebuild(files)).toEqual(made);
});

test("with notes of the original, its order, modes and dates come back", async () => {
  const files = await installed();
  const note = "Round_Trip-1.0.pex-info/original-whl-info.json";
  const info = JSON.parse(String(await files.get(note)?.read())) as { entries: [string, number[], number][] };
  const entries = info.entries.toReversed().map(([name]) => [name, [2021, 3, 4, 5, 6, 8], 0o100640 * 0x10000]);
  files.set(note, file(JSON.stringify({ ...info, entries })));
  const path = join(folder, "dated.whl");
  await rebuildWheel({ filename: WHEEL.filename, files }, path);
  const bytes = readFileSync(path);
  const names = Object.keys(unzipSync(bytes));
  const last = `${DIST_INFO}/RECORD`;
  expect(names).toEqual([...entries.map(([name]) => name).filter((name) => name !== last), last]);
  const central = bytes.indexOf("PK\x01\x02");
  expect([bytes.readUInt16LE(central + 14), bytes.readUInt16LE(central + 12)]).toEqual([
    ((2021 - 1980) << 9) | (3 << 5) | 4,
    (5 << 11) | (6 << 5) | 4,
  ]);
  expect(bytes.readUInt32LE(central + 38) >>> 16).toBe(0o100640);
});

test("a file that RECORD lists and that is not there is missed", async () => {
  const files = await installed();
  files.delete("round_trip/__init__.py");
  await expect(rebuild(files)).rejects.toMatchObject({
    code: "CORRUPT_WHEEL",
    message: expect.stringContaining("a file of it is missing, round_trip/__init__.py") as string,
  });
  files.delete(`${DIST_INFO}/METADATA`);
  await expect(rebuild(files)).rejects.toThrow("it has no METADATA");
});

test("RECORD tells what is there, not what was", async () => {
  const files = await installed();
  files.set("round_trip/__init__.py", file("changed"));
  const record = (await rebuild(files))[`${DIST_INFO}/RECORD`] ?? "";
  expect(record).toContain(`sha256=${createHash("sha256").update("changed").digest("base64url")},7`);
});
