import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterAll, expect, test } from "vitest";

import { withFileSource } from "../../src/archive/byte-source.ts";
import { deflatedMember, storedFileMember, storedMember } from "../../src/archive/zip-member.ts";
import { readZipDirectory, readZipEntry } from "../../src/archive/zip-reader.ts";
import { askPython } from "../support/python-oracle.ts";
import { writeMembers } from "../support/zip-members.ts";

const folder = mkdtempSync(join(tmpdir(), "pexjs-zip-oracle-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Name, permissions with type, method, digest of the content. */
type Row = readonly [string, number, number, string];

const LISTING = `
import hashlib, zipfile
def answer(path):
    with zipfile.ZipFile(path) as z:
        bad = z.testzip()
        assert bad is None, bad
        rows = []
        for i in z.infolist():
            assert i.date_time == (1980, 1, 1, 0, 0, 0) or not path.endswith(".pex"), i.date_time
            mode = i.external_attr >> 16 if i.create_system == 3 else 0
            rows.append([i.orig_filename, mode, i.compress_type, hashlib.sha256(z.read(i)).hexdigest()])
        return rows
`;

async function ourListing(path: string): Promise<Row[]> {
  return withFileSource(path, async (source) => {
    const rows: Row[] = [];
    for (const entry of await readZipDirectory(source)) {
      const content = await readZipEntry(source, entry, { limit: 2 ** 30 });
      rows.push([entry.name, entry.mode, entry.method, createHash("sha256").update(content).digest("hex")]);
    }
    return rows;
  });
}

async function ourArchive(): Promise<string> {
  const wheel = join(folder, "wheel.whl");
  const bytes = Buffer.alloc(2_500_000, "0123456789");
  writeFileSync(wheel, bytes);
  const path = join(folder, "ours.pex");
  const members = [
    storedMember(".bootstrap/run.py", Buffer.from("pass\n")),
    storedFileMember(".deps/wheel.whl", { path: wheel, size: bytes.length, crc32: crc32(bytes) }),
    await deflatedMember("app/größe/日本 🐍.txt", Buffer.from("text ".repeat(9000))),
    await deflatedMember("app/empty", Buffer.alloc(0)),
    storedMember("__main__.py", Buffer.from("print('it starts')\n"), 0o755),
  ];
  await writeMembers(path, members, { prefix: Buffer.from("#!/usr/bin/env python3\n"), mode: 0o755 });
  return path;
}

test("Python's zipfile finds in our archives what we find", async () => {
  const path = await ourArchive();
  const [theirs] = askPython<Row[]>(LISTING, [path]);
  expect(theirs).toEqual(await ourListing(path));
  expect(theirs).toHaveLength(5);
});

test("Python starts our archives", async () => {
  const path = await ourArchive();
  const python = askPython<string>("import sys\ndef answer(_): return sys.executable", [0])[0] ?? "";
  expect(spawnSync(python, [path], { encoding: "utf8" })).toMatchObject({
    status: 0,
    stdout: "it starts\n",
    stderr: "",
  });
});

test.skipIf(spawnSync("unzip", ["-v"]).error !== undefined)(
  "unzip has nothing to say against our archives",
  async () => {
    const path = await ourArchive();
    const plain = join(folder, "plain.zip");
    await writeMembers(plain, [
      storedMember("a", Buffer.from("1")),
      await deflatedMember("b", Buffer.from("b".repeat(99))),
    ]);
    for (const each of [path, plain]) {
      const { status, stdout, stderr } = spawnSync("unzip", ["-tq", each], { encoding: "utf8" });
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(stdout).toContain("No errors detected");
    }
  },
);

const MAKERS = `
import io, os, zipfile
class Pipe(io.RawIOBase):
    def __init__(self, f): self.f = f
    def writable(self): return True
    def seekable(self): return False
    def write(self, b): return self.f.write(b)
def fill(z):
    z.comment = b"made by Python"
    z.writestr("a.py", "print(1)\\n" * 300)
    z.writestr(zipfile.ZipInfo("dir/"), "")
    z.writestr("gr\\u00f6\\u00dfe/\\U0001f40d.txt", "snake", compress_type=zipfile.ZIP_STORED)
    info = zipfile.ZipInfo("run.sh", (2024, 2, 29, 12, 0, 0))
    info.external_attr = 0o100755 << 16
    z.writestr(info, "#!/bin/sh\\n")
    with z.open(zipfile.ZipInfo("wide.bin"), "w", force_zip64=True) as f:
        f.write(b"0123456789" * 5000)
def answer(question):
    kind, path = question
    with open(path, "wb") as f:
        if kind == "prefixed": f.write(b"#!/bin/sh\\nexit 1\\n")
        target = Pipe(f) if kind == "streamed" else f
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as z:
            fill(z)
    if kind == "prefixed late":
        data = open(path, "rb").read()
        with open(path, "wb") as f: f.write(b"x" * 1000 + data)
    return path
`;

test.each(["plain", "streamed", "prefixed", "prefixed late"])(
  "we read a %s archive as its maker does",
  async (kind) => {
    const path = join(folder, `${kind}.zip`);
    askPython(MAKERS, [[kind, path]]);
    const [theirs] = askPython<Row[]>(LISTING, [path]);
    expect(await ourListing(path)).toEqual(theirs);
    expect(theirs).toHaveLength(5);
  },
);

test("we read the wheels that come with Python as it does", async () => {
  const find = `
import ensurepip, glob, os
def answer(_): return sorted(glob.glob(os.path.join(os.path.dirname(ensurepip.__file__), "_bundled", "*.whl")))
`;
  const paths = askPython<string[]>(find, [0])[0] ?? [];
  const listings = askPython<Row[]>(LISTING, paths);
  for (const [index, path] of paths.entries()) expect(await ourListing(path)).toEqual(listings[index]);
});

test("an archive with zip64 records for more than 65,535 entries reads as in Python", async () => {
  const path = join(folder, "many.zip");
  const make = `
import zipfile
def answer(path):
    with zipfile.ZipFile(path, "w") as z:
        for i in range(65600): z.writestr("d/%d" % i, "")
    return len(zipfile.ZipFile(path).infolist())
`;
  const [count] = askPython<number>(make, [path]);
  const entries = await withFileSource(path, readZipDirectory);
  expect(entries.length).toBe(count);
  expect(readFileSync(path).length).toBeGreaterThan(entries.at(-1)?.headerOffset ?? 0);
});
