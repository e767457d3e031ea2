import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterAll, expect, test } from "vitest";

import { bytesSource } from "../../../src/archive/byte-source.ts";
import { deflatedMember, rawMember, storedFileMember, storedMember } from "../../../src/archive/zip-member.ts";
import type { ZipMember } from "../../../src/archive/zip-member.ts";
import { locateZipContent, readZipDirectory, readZipEntry } from "../../../src/archive/zip-reader.ts";
import type { ZipLimits } from "../../../src/archive/zip-writer.ts";

import { buildZip } from "./zip-builder.ts";
import { writeMembers } from "../../support/zip-members.ts";

const folder = mkdtempSync(join(tmpdir(), "pexjs-zip-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let serial = 0;
function freshFolder(): string {
  return join(folder, String(serial++));
}

function file(name: string, content: Uint8Array): { path: string; size: number; crc32: number } {
  const path = join(folder, name);
  writeFileSync(path, content);
  return { path, size: content.length, crc32: crc32(content) };
}

const SHEBANG = Buffer.from("#!/usr/bin/env python3.11\n");
/** Longer than both halves of the buffer together, and not a multiple of them. */
const BIG = Buffer.alloc(3_000_001, "0123456789abcdef");

async function sampleMembers(): Promise<ZipMember[]> {
  return [
    storedMember("first.py", Buffer.from("print('first')\n")),
    storedFileMember(".deps/big.whl", file("big.whl", BIG)),
    storedFileMember(".deps/empty.whl", file("empty.whl", Buffer.alloc(0))),
    await deflatedMember("größe/text.txt", Buffer.from("same words ".repeat(1000))),
    await deflatedMember("noise", Buffer.from("q7")),
    storedMember("__main__.py", Buffer.from("import first\n"), 0o755),
  ];
}

test("writes members that read back, in their order, with contents, modes and methods", async () => {
  const path = join(freshFolder(), "out.pex");
  await writeMembers(path, await sampleMembers(), { prefix: SHEBANG });
  const bytes = readFileSync(path);
  expect(bytes.subarray(0, SHEBANG.length)).toEqual(SHEBANG);
  const source = bytesSource(bytes);
  const entries = await readZipDirectory(source);
  expect(entries.map(({ name, mode, method }) => [name, mode.toString(8), method])).toEqual([
    ["first.py", "100644", 0],
    [".deps/big.whl", "100644", 0],
    [".deps/empty.whl", "100644", 0],
    ["größe/text.txt", "100644", 8],
    ["noise", "100644", 0],
    ["__main__.py", "100755", 0],
  ]);
  expect(BIG.equals(await readZipEntry(source, entries[1]!))).toBe(true);
  expect(Buffer.from(await readZipEntry(source, entries[3]!)).toString()).toBe("same words ".repeat(1000));
});

test("tells size and SHA-256 of what is on disk, and spares the digest when nobody wants it", async () => {
  const path = join(freshFolder(), "out.pex");
  const written = await writeMembers(path, await sampleMembers(), { prefix: SHEBANG });
  const bytes = readFileSync(path);
  expect(written).toEqual({ size: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") });
  expect(await writeMembers(path, await sampleMembers(), { digest: false })).toMatchObject({ sha256: undefined });
});

test("copies entries of another archive without inflating them", async () => {
  const bytes = buildZip([{ name: "a.py", content: "x = 1\n".repeat(500), descriptor: true }]);
  const { path } = file("other.zip", bytes);
  const source = bytesSource(bytes);
  const [entry] = await readZipDirectory(source);
  const offset = await locateZipContent(source, entry!);
  const out = join(freshFolder(), "out.zip");
  await writeMembers(out, [rawMember(".deps/w/a.py", entry!, { path, offset })]);
  const copy = bytesSource(readFileSync(out));
  const [copied] = await readZipDirectory(copy);
  expect(copied).toMatchObject({ name: ".deps/w/a.py", method: 8, compressedSize: entry!.compressedSize });
  expect(Buffer.from(await readZipEntry(copy, copied!)).toString()).toBe("x = 1\n".repeat(500));
});

test("takes the permission bits through the umask and replaces an existing file", async () => {
  const path = join(freshFolder(), "sub", "out.pex");
  const expected = (0o755 & ~process.umask()).toString(8);
  await writeMembers(path, [storedMember("a", Buffer.from("1"))], { mode: 0o755 });
  expect((statSync(path).mode & 0o777).toString(8)).toBe(expected);
  chmodSync(path, 0o400);
  await writeMembers(path, [storedMember("b", Buffer.from("2"))], { mode: 0o755 });
  expect((statSync(path).mode & 0o777).toString(8)).toBe(expected);
  const [entry] = await readZipDirectory(bytesSource(readFileSync(path)));
  expect(entry?.name).toBe("b");
});

async function* failing(): AsyncGenerator<ZipMember> {
  yield storedFileMember("big", file("big.whl", BIG));
  await Promise.resolve();
  throw new RangeError("no more members");
}

const changed = { ...file("changed.whl", BIG), crc32: 1 };
const short = { ...file("short.whl", BIG), size: BIG.length + 1 };
const twice = [storedMember("a", Buffer.from("1")), storedMember("a", Buffer.from("2"))];

test.each([
  ["a member that cannot be made", failing(), { message: "no more members" }],
  ["a file whose content changed", [storedFileMember("w", changed)], { code: "FILE_CHANGED" }],
  ["a file that became shorter", [storedFileMember("w", short)], { code: "FILE_CHANGED" }],
  ["a file that is gone", [storedFileMember("w", { path: join(folder, "none"), size: 1, crc32: 0 })], { code: "FILE" }],
  ["two members of one name", twice, { code: "ZIP_DUPLICATE_NAME" }],
  ["a name that climbs", [storedMember("../a", Buffer.from(""))], { code: "ZIP_TRAVERSAL" }],
  ["a name without end", [storedMember("n".repeat(65_536), Buffer.from(""))], { code: "ZIP_NAME" }],
] as const)("%s fails and leaves the old file alone", async (_, members, failure) => {
  const directory = freshFolder();
  const path = join(directory, "out.pex");
  await writeMembers(path, [storedMember("old", Buffer.from("old"))]);
  const old = readFileSync(path);
  await expect(writeMembers(path, members)).rejects.toMatchObject(failure);
  expect(readdirSync(directory)).toEqual(["out.pex"]);
  expect(readFileSync(path)).toEqual(old);
});

test("stops in the middle of a file when it is cancelled, and leaves nothing", async () => {
  const directory = freshFolder();
  const abort = new AbortController();
  const wheel = file("big.whl", BIG);
  function* members(): Generator<ZipMember> {
    yield storedFileMember("one", wheel);
    setImmediate(() => abort.abort());
    for (let index = 0; index < 500; index++) yield storedFileMember(`more${index}`, wheel);
  }
  const writing = writeMembers(join(directory, "out.pex"), members(), { signal: abort.signal });
  await expect(writing).rejects.toMatchObject({ code: "CANCELLED" });
  expect(readdirSync(directory)).toEqual([]);
});

test("a directory in the way is an error that leaves nothing", async () => {
  const directory = freshFolder();
  const path = join(directory, "out.pex");
  await writeMembers(join(path, "inner"), [storedMember("a", Buffer.from("1"))]);
  await expect(writeMembers(path, [storedMember("a", Buffer.from("1"))])).rejects.toMatchObject({ code: "FILE" });
  expect(readdirSync(directory)).toEqual(["out.pex"]);
  expect(existsSync(join(path, "inner"))).toBe(true);
});

test.each<readonly [string, ZipLimits, string | undefined]>([
  ["as many entries as there may be", { entries: 2, bytes: 1000 }, undefined],
  ["one entry too many", { entries: 1, bytes: 1000 }, "ZIP_TOO_BIG"],
  ["as many bytes as there may be", { entries: 9, bytes: 200 + 1 }, undefined],
  ["one byte too many", { entries: 9, bytes: 200 }, "ZIP_TOO_BIG"],
])("%s", async (_, limits, code) => {
  const directory = freshFolder();
  const path = join(directory, "out.pex");
  // Two headers for each, of 30 and 46 bytes and a name, 22 bytes for the end, 20 of content.
  const members = [storedMember("a", Buffer.alloc(9)), storedMember("bb", Buffer.alloc(11))];
  const writing = writeMembers(path, members, { limits });
  if (code === undefined) expect((await writing).size).toBe(200);
  else {
    await expect(writing).rejects.toMatchObject({ code });
    expect(readdirSync(directory)).toEqual([]);
  }
});
