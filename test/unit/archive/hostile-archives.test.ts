import { deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";

import { bytesSource } from "../../../src/archive/byte-source.ts";
import { ZipError, type ZipErrorCode } from "../../../src/archive/zip-error.ts";
import { readZipDirectory, readZipEntry } from "../../../src/archive/zip-reader.ts";

import { buildZip, zip64Extra, type BuiltEntry } from "./zip-builder.ts";

const A: BuiltEntry = { name: "a", content: "aaaa", method: 0 };
const B: BuiltEntry = { name: "b", content: "bbbb", method: 0 };
const TEXT: BuiltEntry = { name: "t", content: "text ".repeat(100) };

const broken: readonly [ZipErrorCode, string, Buffer][] = [
  ["ZIP_NOT_A_ZIP", "a text", Buffer.from("no zip at all, but long enough to hold an end record")],
  ["ZIP_NOT_A_ZIP", "nothing", Buffer.alloc(0)],
  ["ZIP_TRUNCATED", "a download that broke off", buildZip([TEXT, A]).subarray(0, 60)],
  ["ZIP_TRUNCATED", "a file without its beginning", buildZip([TEXT, A]).subarray(30)],
  ["ZIP_TRUNCATED", "a directory said to begin too late", buildZip([A], { directoryShift: 10 })],
  ["ZIP_DIRECTORY", "more entries than were counted", buildZip([A, B], { entryCount: 1 })],
  ["ZIP_DIRECTORY", "fewer entries than were counted", buildZip([A], { entryCount: 2 })],
  ["ZIP_DIRECTORY", "end records that contradict each other", contradiction()],
  ["ZIP_DIRECTORY", "a zip64 locator without its record", lostRecord()],
  ["ZIP_DIRECTORY", "zip64 sizes that are missing", buildZip([{ ...A, size: 0xffffffff, compressedSize: 0xffffffff }])],
  ["ZIP_MULTI_DISK", "a part of several", buildZip([A], { disk: 1 })],
  ["ZIP_TRAVERSAL", "a parent step", buildZip([{ name: "../evil" }])],
  ["ZIP_TRAVERSAL", "a parent step inside", buildZip([{ name: "a/../../evil" }])],
  ["ZIP_TRAVERSAL", "a parent step at the end", buildZip([{ name: "a/.." }])],
  ["ZIP_TRAVERSAL", "a parent step for Windows", buildZip([{ name: "a\\..\\evil" }])],
  ["ZIP_ABSOLUTE_PATH", "an absolute path", buildZip([{ name: "/etc/passwd" }])],
  ["ZIP_ABSOLUTE_PATH", "a backslash at the root", buildZip([{ name: "\\windows" }])],
  ["ZIP_ABSOLUTE_PATH", "a drive", buildZip([{ name: "C:evil" }])],
  ["ZIP_NAME", "no name", buildZip([{ name: "" }])],
  ["ZIP_NAME", "a NUL in the name", buildZip([{ name: "a.py\0.txt" }])],
  ["ZIP_NAME", "a name that is not UTF-8", buildZip([{ name: Buffer.from([0xff, 0xfe]), flags: 0x800 }])],
  ["ZIP_DUPLICATE_NAME", "the same name twice", buildZip([A, { ...B, name: "a" }])],
  ["ZIP_DUPLICATE_NAME", "a file and a directory of one name", buildZip([A, { name: "a/", method: 0 }])],
  ["ZIP_DUPLICATE_NAME", "two spellings of one path", buildZip([{ name: "p/a" }, { name: "p//./a" }])],
  ["ZIP_ENCRYPTED", "an encrypted entry", buildZip([{ ...A, flags: 1 }])],
  ["ZIP_OVERLAP", "two entries that share their bytes", buildZip([{ ...A }, { ...A, name: "b", headerOffset: 0 }])],
  ["ZIP_OVERLAP", "an entry that quotes the next one", buildZip([{ ...A, compressedSize: 39, size: 39 }, B])],
  ["ZIP_OVERLAP", "an entry that reaches into the directory", buildZip([{ ...A, compressedSize: 500, size: 500 }])],
  ["ZIP_OVERLAP", "an entry behind the directory", buildZip([{ ...A, headerOffset: 5000 }])],
  ["ZIP_SIZE_MISMATCH", "two sizes of a stored entry", buildZip([{ ...A, size: 5 }])],
  ["ZIP_SIZE_MISMATCH", "a ratio that deflate cannot reach", buildZip([{ ...TEXT, size: 10_000_000 }])],
];

test.each(broken)("%s: %s is refused with the directory", async (code, _, bytes) => {
  const failure = await readZipDirectory(bytesSource(bytes)).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ZipError);
  expect(failure).toMatchObject({ code });
});

const damaged: readonly [ZipErrorCode, string, BuiltEntry][] = [
  ["ZIP_CRC", "changed content", { ...A, crc32: 1 }],
  ["ZIP_INFLATE", "bytes that deflate never writes", { ...TEXT, stored: Buffer.alloc(20, 0xff) }],
  [
    "ZIP_INFLATE",
    "deflated bytes that break off",
    { ...TEXT, stored: deflateRawSync("x".repeat(5000)).subarray(0, 9) },
  ],
  ["ZIP_SIZE_MISMATCH", "more content than promised", { ...TEXT, size: 10 }],
  ["ZIP_SIZE_MISMATCH", "less content than promised", { ...TEXT, size: 501 }],
  ["ZIP_SIZE_MISMATCH", "another size in the local header", { ...TEXT, local: { size: 7 } }],
  ["ZIP_METHOD", "an unknown method", { ...A, method: 12 }],
  ["ZIP_LOCAL_MISMATCH", "no local header", { ...A, local: { signature: 0 } }],
  ["ZIP_LOCAL_MISMATCH", "another name in the local header", { ...A, local: { name: "z" } }],
  ["ZIP_LOCAL_MISMATCH", "another method in the local header", { ...A, local: { method: 8 } }],
  ["ZIP_LOCAL_MISMATCH", "another CRC in the local header", { ...A, local: { crc32: 5 } }],
];

test.each(damaged)("%s: %s is refused with the entry", async (code, _, entry) => {
  const source = bytesSource(buildZip([entry]));
  const [found] = await readZipDirectory(source);
  await expect(readZipEntry(source, found!)).rejects.toMatchObject({ name: "ZipError", code });
});

test("ZIP_OVERLAP: a local header that makes its entry longer than its room", async () => {
  const bytes = buildZip([A, B]);
  // extra field length of the first local header
  bytes.writeUInt16LE(8, 28);
  const source = bytesSource(bytes);
  const [entry] = await readZipDirectory(source);
  await expect(readZipEntry(source, entry!)).rejects.toMatchObject({ code: "ZIP_OVERLAP" });
});

test("messages show control characters of names as text", async () => {
  const zip = buildZip([{ name: "../\u001b[31mred" }]);
  await expect(readZipDirectory(bytesSource(zip))).rejects.toThrow("../\\x1b[31mred");
});

test("no byte of a small archive can be changed to make the reader fail otherwise than with a ZipError", async () => {
  const honest = buildZip([A, TEXT, { name: "ü", content: "x", flags: 0x800, extra: zip64Extra(1) }], { comment: "c" });
  for (let at = 0; at < honest.length; at++) {
    for (const value of [0x00, 0x01, 0x2f, 0x7f, 0xff]) {
      const bytes = Buffer.from(honest);
      bytes[at] = value;
      await readAll(bytes);
    }
  }
});

async function readAll(bytes: Buffer): Promise<void> {
  const source = bytesSource(bytes);
  try {
    for (const entry of await readZipDirectory(source)) await readZipEntry(source, entry);
  } catch (error) {
    if (!(error instanceof ZipError)) throw error;
  }
}

function contradiction(): Buffer {
  return buildZip([A, B], { zip64: true, entryCount: 2, zip64EntryCount: 3 });
}

function lostRecord(): Buffer {
  const bytes = buildZip([A], { zip64: true });
  bytes[bytes.indexOf(Buffer.from([0x50, 0x4b, 6, 6]))] = 0;
  return bytes;
}
