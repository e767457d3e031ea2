import { createHash } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterAll, beforeEach, expect, test } from "vitest";

import { fileStreams } from "../../../src/archive/file-streams.ts";
import { asSha256, sha256, type Sha256 } from "../../../src/base/digest.ts";
import { cacheLayout, type CacheLayout } from "../../../src/cache/layout.ts";
import { WheelStore, type FileStreams } from "../../../src/cache/wheel-store.ts";

const folder = mkdtempSync(join(tmpdir(), "pexjs-store-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NAME = "demo-1.0-py3-none-any.whl";
const BYTES = Buffer.from("the bytes of a wheel");
const DIGEST: Sha256 = sha256(BYTES);

let layout: CacheLayout;
let store: WheelStore;
let serial = 0;
beforeEach(() => {
  layout = cacheLayout(join(folder, String(serial++)));
  store = new WheelStore(layout, fileStreams);
});

async function* inPieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 7) {
    await Promise.resolve();
    yield bytes.subarray(at, at + 7);
  }
}

async function* brokenOff(): AsyncGenerator<Uint8Array> {
  yield* inPieces(BYTES);
  throw new RangeError("connection lost");
}

function digest(algorithm: string): string {
  return createHash(algorithm).update(BYTES).digest("hex");
}

test("a wheel that arrived is found by its digest, with size and CRC", async () => {
  const added = await store.add(inPieces(BYTES), NAME, { hashes: { sha256: DIGEST }, size: BYTES.length });
  expect(added).toEqual({
    path: join(layout.wheels, DIGEST, NAME),
    filename: NAME,
    sha256: DIGEST,
    size: BYTES.length,
    crc32: crc32(BYTES),
  });
  expect(readFileSync(added.path)).toEqual(BYTES);
  expect(new WheelStore(layout, fileStreams).find(DIGEST)).toEqual(added);
  expect(readdirSync(layout.wheels)).toEqual([DIGEST]);
});

test("what was never added is not found", () => {
  expect(store.find(DIGEST)).toBeUndefined();
});

test("a wheel known by another name keeps its place and gets that name", async () => {
  const added = await store.add([BYTES], NAME);
  expect(store.find(DIGEST, "demo-1.0-1-py3-none-any.whl")).toEqual({
    ...added,
    filename: "demo-1.0-1-py3-none-any.whl",
  });
});

test.each([
  ["sha256", { sha256: sha256("other") }],
  ["md5", { md5: "0".repeat(32) }],
  ["blake2b", { blake2b: "0".repeat(128) }],
  ["one of two", { sha256: DIGEST, sha512: "0".repeat(128) }],
])("a wrong digest (%s) is refused and nothing is kept", async (_, hashes) => {
  await expect(store.add(inPieces(BYTES), NAME, { hashes })).rejects.toMatchObject({ code: "HASH_MISMATCH" });
  expect(readdirSync(layout.wheels)).toEqual([]);
});

test("right digests of every kind are accepted, in any case; unknown kinds are passed over", async () => {
  const hashes = {
    md5: digest("md5"),
    sha1: digest("sha1"),
    sha512: digest("sha512").toUpperCase(),
    sha3_256: digest("sha3-256"),
    blake2b: digest("blake2b512"),
    whirlpool3000: "abc",
  };
  expect((await store.add([BYTES], NAME, { hashes })).sha256).toBe(DIGEST);
});

test.each([
  ["another size", () => inPieces(BYTES), { size: 3 }, { code: "SIZE_MISMATCH" }],
  ["a lost connection", brokenOff, {}, { message: "connection lost" }],
  ["an aborted signal", () => inPieces(BYTES), { signal: AbortSignal.abort() }, { code: "CANCELLED" }],
] as const)("%s keeps nothing", async (_, chunks, expectation, failure) => {
  await expect(store.add(chunks(), NAME, expectation)).rejects.toMatchObject(failure);
  expect(readdirSync(layout.wheels)).toEqual([]);
});

test.each(["../evil.whl", "a/b.whl", "a\\b.whl", "", ".", "..", ".hidden"])(
  "the file name %j is refused",
  async (name) => {
    await expect(store.add([BYTES], name)).rejects.toMatchObject({ code: "FILE" });
  },
);

test("many at once leave one entry and all get the same wheel", async () => {
  const added = await Promise.all(Array.from({ length: 8 }, () => store.add(inPieces(BYTES), NAME)));
  expect(new Set(added.map((each) => each.path)).size).toBe(1);
  expect(readdirSync(layout.wheels)).toEqual([DIGEST]);
  expect(readdirSync(join(layout.wheels, DIGEST)).toSorted()).toEqual([NAME, "facts.json"]);
});

test.each([
  ["without its wheel", () => rmSync(join(layout.wheels, DIGEST, NAME))],
  ["whose wheel was cut", () => writeFileSync(join(layout.wheels, DIGEST, NAME), "cut")],
  ["whose facts are garbage", () => writeFileSync(join(layout.wheels, DIGEST, "facts.json"), "{")],
])("an entry %s counts as missing and is replaced", async (_, damage) => {
  await store.add([BYTES], NAME);
  damage();
  expect(store.find(DIGEST)).toBeUndefined();
  const added = await store.add([BYTES], NAME);
  expect(store.find(DIGEST)).toEqual(added);
  expect(readFileSync(added.path)).toEqual(BYTES);
});

function localWheel(content: Uint8Array = BYTES): string {
  const directory = join(folder, `local-${serial}`);
  mkdirSync(directory, { recursive: true });
  const path = join(directory, NAME);
  writeFileSync(path, content);
  return path;
}

/** Counts how often a file is read. */
function countingStreams(): FileStreams & { reads: number } {
  const streams = {
    reads: 0,
    create: fileStreams.create,
    chunks(path: string) {
      streams.reads++;
      return fileStreams.chunks(path);
    },
  };
  return streams;
}

test("a local wheel stays where it is and is read only once", async () => {
  const path = localWheel();
  const streams = countingStreams();
  const expected = { path, filename: NAME, sha256: DIGEST, size: BYTES.length, crc32: crc32(BYTES) };
  expect(await new WheelStore(layout, streams).adopt(path)).toEqual(expected);
  expect(await new WheelStore(layout, streams).adopt(path)).toEqual(expected);
  expect(streams.reads).toBe(1);
});

test.each([
  ["another size", (path: string) => writeFileSync(path, "other content")],
  ["another time", (path: string) => utimesSync(path, 1, 1)],
  [
    "another inode",
    (path: string) => {
      const { atime, mtime } = statSync(path);
      writeFileSync(`${path}.new`, Buffer.alloc(BYTES.length, "x"));
      utimesSync(`${path}.new`, atime, mtime);
      renameSync(`${path}.new`, path);
    },
  ],
])("a local wheel with %s is read again", async (_, change) => {
  const path = localWheel();
  await store.adopt(path);
  change(path);
  const { sha256: actual } = await store.adopt(path);
  expect(actual).toBe(asSha256(createHash("sha256").update(readFileSync(path)).digest("hex")));
});

test("a local wheel that is not there is an error naming it", async () => {
  await expect(store.adopt(join(folder, "absent.whl"))).rejects.toMatchObject({
    code: "FILE",
    message: expect.stringContaining("absent.whl"),
  });
});
