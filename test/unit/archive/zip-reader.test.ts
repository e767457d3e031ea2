import { expect, test } from "vitest";

import { bytesSource, rememberingSource, withFileSource, type ByteSource } from "../../../src/archive/byte-source.ts";
import { findZipEntry, locateZipContent, readZipDirectory, readZipEntry } from "../../../src/archive/zip-reader.ts";

import { buildZip, zip64Extra, type BuiltEntry, type BuiltZip } from "./zip-builder.ts";

const HELLO: BuiltEntry = { name: "a/hello.txt", content: "hello ".repeat(50) };

async function contentsOf(bytes: Uint8Array): Promise<Record<string, string>> {
  const source = bytesSource(bytes);
  const contents: Record<string, string> = {};
  for (const entry of await readZipDirectory(source)) {
    contents[entry.name] = Buffer.from(await readZipEntry(source, entry)).toString();
  }
  return contents;
}

const readable: readonly [string, readonly BuiltEntry[], BuiltZip?][] = [
  ["deflated and stored entries", [HELLO, { name: "b", content: "b", method: 0 }]],
  ["an empty archive", []],
  [
    "an empty file and a directory",
    [
      { name: "d/", method: 0 },
      { name: "d/e", method: 0 },
    ],
  ],
  [
    "sizes that follow the content",
    [
      { ...HELLO, descriptor: true },
      { name: "b", content: "b", descriptor: true },
    ],
  ],
  ["a comment at the end", [HELLO], { comment: "made by nobody" }],
  ["the longest comment", [HELLO], { comment: "c".repeat(65_535) }],
  ["comments and extra fields of entries", [{ ...HELLO, comment: "c", extra: Buffer.from([9, 9, 1, 0, 7]) }]],
  ["an extra field in the local header only", [{ ...HELLO, local: { extra: Buffer.alloc(300) } }]],
  ["bytes in front that offsets count", [HELLO], { prefix: Buffer.from("#!/usr/bin/env python\n") }],
  ["bytes in front that offsets ignore", [HELLO], { prefix: Buffer.from("#!/bin/sh\n"), offsetsFromZip: true }],
  ["bytes behind, which Python passes over", [HELLO], { trailer: Buffer.from("\n\n") }],
  ["zip64 end records", [HELLO], { zip64: true }],
  ["zip64 end records behind a prefix", [HELLO], { zip64: true, prefix: Buffer.from("#!x\n"), offsetsFromZip: true }],
  ["a gap before the directory", [HELLO], { gap: Buffer.alloc(17) }],
  ["a directory that does not fit into the tail", many(2000)],
];

function many(count: number): BuiltEntry[] {
  return Array.from({ length: count }, (_, index) => ({ name: `package/module_${index}.py`, content: `x = ${index}` }));
}

test.each(readable)("reads %s", async (_, entries, zip) => {
  const expected = Object.fromEntries(entries.map(({ name, content }) => [String(name), content ?? ""]));
  expect(await contentsOf(buildZip(entries, zip))).toEqual(expected);
});

test("reads sizes and offsets from zip64 extra fields", async () => {
  const content = "wide";
  const all: BuiltEntry = {
    name: "w",
    method: 0,
    stored: Buffer.from(content),
    crc32: 0x1a_c9_8a_66,
    size: 0xffffffff,
    compressedSize: 0xffffffff,
    headerOffset: 0xffffffff,
    extra: zip64Extra(4, 4, 0),
  };
  const [entry] = await readZipDirectory(bytesSource(buildZip([all])));
  expect(entry).toMatchObject({ size: 4, compressedSize: 4, headerOffset: 0 });
});

test("reads names in UTF-8 when flagged and in code page 437 otherwise", async () => {
  const zip = buildZip([
    { name: "größe/日本.py", content: "1", flags: 0x800 },
    { name: Buffer.from([0x67, 0x72, 0x94, 0xe1, 0x65]), content: "2" },
  ]);
  expect(Object.keys(await contentsOf(zip))).toEqual(["größe/日本.py", "größe"]);
});

test("tells Unix modes, but not those that another system wrote", async () => {
  const zip = buildZip([
    { name: "x", mode: 0o100755 },
    { name: "y", mode: 0o100755, madeBy: 0 },
  ]);
  expect((await readZipDirectory(bytesSource(zip))).map((entry) => entry.mode)).toEqual([0o100755, 0]);
});

test("takes one read for the tail, one for a directory outside of it, one for an entry", async () => {
  const source = countingSource(buildZip(many(3000)));
  const entries = await readZipDirectory(source);
  expect(source.reads).toBe(2);
  await readZipEntry(source, entries[0]!);
  expect(source.reads).toBe(3);
});

test("needs no further read for what lies in a remembered tail", async () => {
  const counting = countingSource(buildZip([{ name: "big", method: 0, content: "x".repeat(100_000) }, HELLO]));
  const source = rememberingSource(counting);
  const entry = findZipEntry(await readZipDirectory(source), "a/hello.txt")!;
  expect((await readZipEntry(source, entry)).length).toBe(300);
  expect(counting.reads).toBe(1);
});

test("locates the stored bytes of an entry", async () => {
  const bytes = buildZip([HELLO, { name: "b", content: "raw", method: 0, local: { extra: Buffer.alloc(9) } }]);
  const source = bytesSource(bytes);
  const entry = findZipEntry(await readZipDirectory(source), "b")!;
  const offset = await locateZipContent(source, entry);
  expect(bytes.subarray(offset, offset + entry.compressedSize).toString()).toBe("raw");
});

test("refuses to inflate more than the caller allows", async () => {
  const source = bytesSource(buildZip([HELLO]));
  const [entry] = await readZipDirectory(source);
  await expect(readZipEntry(source, entry!, { limit: 299 })).rejects.toMatchObject({ code: "ZIP_BOMB" });
});

function countingSource(bytes: Uint8Array): ByteSource & { reads: number } {
  const source = {
    size: bytes.length,
    reads: 0,
    read(offset: number, length: number) {
      source.reads++;
      return Promise.resolve(bytes.subarray(offset, offset + length));
    },
  };
  return source;
}

test("a directory or a missing file is an error that names it", async () => {
  await expect(withFileSource(import.meta.dirname, readZipDirectory)).rejects.toMatchObject({
    code: "FILE",
    message: expect.stringContaining(import.meta.dirname),
  });
  await expect(withFileSource("/nonexistent.whl", readZipDirectory)).rejects.toMatchObject({ code: "FILE" });
});

test("directories can be passed over, whatever they are called; files cannot", async () => {
  const read = (...names: readonly string[]) =>
    readZipDirectory(bytesSource(buildZip(names.map((name) => ({ name })))), { filesOnly: true });
  expect((await read("../", "a/", "a/b", "../../")).map(({ name }) => name)).toEqual(["a/b"]);
  await expect(read("../", "../evil")).rejects.toMatchObject({ code: "ZIP_TRAVERSAL" });
});
