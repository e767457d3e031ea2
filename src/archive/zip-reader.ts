/**
 * Reads zip archives with few, small reads: one for the tail, one for a directory that does not lie in it, one per entry.
 *
 * Everything in an archive is hostile: whatever contradicts itself is refused with a `ZipError`.
 */

import { Readable, pipeline } from "node:stream";
import { crc32, createInflateRaw, inflateRawSync } from "node:zlib";

import { messageOf, PexError, systemCode } from "../base/errors.ts";

import { readExactly, type ByteSource } from "./byte-source.ts";
import { decodeDirectory, type DirectoryOptions, type ZipEntry } from "./zip-directory.ts";
import { locateDirectory } from "./zip-end-record.ts";
import { ZipError } from "./zip-error.ts";
import {
  decodeName,
  DEFLATED,
  FLAG_DATA_DESCRIPTOR,
  FLAG_UTF8,
  LOCAL_HEADER_SIZE,
  LOCAL_SIGNATURE,
  MAX_16,
  MAX_32,
  STORED,
} from "./zip-structures.ts";

export type { ZipEntry } from "./zip-directory.ts";

/** Bytes of a directory beyond which an archive is not taken seriously; a wheel of 15,000 files has 2 MB. */
const MAX_DIRECTORY_SIZE = 256 * 1024 * 1024;

/** Bytes of one entry that are inflated in memory unless the caller allows more. */
const DEFAULT_LIMIT = 64 * 1024 * 1024;

/**
 * All entries of an archive, in the order of its directory.
 *
 * @throws ZipError when the archive is broken or hostile.
 */
export async function readZipDirectory(
  source: ByteSource,
  options: DirectoryOptions = {},
): Promise<readonly ZipEntry[]> {
  const place = await locateDirectory(source);
  if (place.size > MAX_DIRECTORY_SIZE) {
    throw new ZipError("ZIP_BOMB", `The directory of the archive has ${place.size} bytes`);
  }
  const missing = place.tailStart - place.start;
  if (missing <= 0) return decodeDirectory(place.tail.subarray(-missing, place.size - missing), place, options);
  const bytes = await readExactly(source, place.start, place.size);
  return decodeDirectory(bytes, place, options);
}

/** Where the archive starts: not 0 if something stands before it that its own offsets do not count. @throws ZipError */
export async function findArchiveStart(source: ByteSource): Promise<number> {
  return (await locateDirectory(source)).shift;
}

/** The entry of exactly that name. */
export function findZipEntry(entries: readonly ZipEntry[], name: string): ZipEntry | undefined {
  return entries.find((entry) => entry.name === name);
}

/**
 * The content of an entry, its size and CRC checked.
 *
 * @param options.limit Bytes of content above which it is refused as a bomb.
 * @throws ZipError
 */
export async function readZipEntry(
  source: ByteSource,
  entry: ZipEntry,
  options: { readonly limit?: number } = {},
): Promise<Uint8Array> {
  const limit = options.limit ?? DEFAULT_LIMIT;
  if (entry.size > limit) {
    throw new ZipError("ZIP_BOMB", `An entry has ${entry.size} bytes, ${limit} are allowed: ${entry.name}`);
  }
  const bytes = await readHead(source, entry, HEADER_ROOM + entry.compressedSize);
  const start = checkLocalHeader(bytes, entry);
  const content = inflated(bytes.subarray(start, start + entry.compressedSize), entry);
  if (crc32(content) !== entry.crc32) throw damaged(entry);
  return content;
}

/** Bytes of one entry that are inflated in one piece: below, a stream costs more than it saves. */
const WHOLE_LIMIT = 1024 * 1024;

/**
 * The content of an entry in pieces: memory stays small, however big it is. Its size and CRC are checked by the time it
 * ends.
 *
 * @throws ZipError
 */
export async function* zipContent(source: ByteSource, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  if (entry.size <= WHOLE_LIMIT && entry.compressedSize <= WHOLE_LIMIT) {
    yield await readZipEntry(source, entry);
    return;
  }
  let [crc, size] = [0, 0];
  for await (const piece of inflatedPieces(source, entry)) {
    size += piece.length;
    if (size > entry.size) throw sizeMismatch(entry);
    crc = crc32(piece, crc);
    yield piece;
  }
  if (size !== entry.size) throw sizeMismatch(entry);
  if (crc !== entry.crc32) throw damaged(entry);
}

async function* inflatedPieces(source: ByteSource, entry: ZipEntry): AsyncGenerator<Buffer> {
  const stored = storedPieces(source, entry);
  if (entry.method === STORED) return yield* stored;
  if (entry.method !== DEFLATED) throw unknownMethod(entry);
  try {
    // The failure of any part ends the loop, so there is nothing to do in the callback.
    for await (const piece of pipeline(Readable.from(stored), createInflateRaw(), () => {})) yield piece as Buffer;
  } catch (error) {
    if (error instanceof PexError) throw error;
    throw cannotInflate(entry, error);
  }
}

async function* storedPieces(source: ByteSource, entry: ZipEntry): AsyncGenerator<Buffer> {
  const start = await locateZipContent(source, entry);
  for (let done = 0; done < entry.compressedSize; done += WHOLE_LIMIT) {
    yield await readExactly(source, start + done, Math.min(WHOLE_LIMIT, entry.compressedSize - done));
  }
}

/**
 * Where the bytes of an entry lie in the source, as they are stored; the local header is checked.
 *
 * @throws ZipError
 */
export async function locateZipContent(source: ByteSource, entry: ZipEntry): Promise<number> {
  const header = await readHead(source, entry, HEADER_ROOM);
  return entry.headerOffset + checkLocalHeader(header, entry);
}

/** The longest local header there can be. */
const HEADER_ROOM = LOCAL_HEADER_SIZE + 2 * MAX_16;

/** The first bytes of an entry, but never bytes of the next one. */
function readHead(source: ByteSource, entry: ZipEntry, length: number): Promise<Buffer> {
  return readExactly(source, entry.headerOffset, Math.min(entry.end - entry.headerOffset, length));
}

/**
 * Compares the local file header, 4.3.7, with the directory: readers that trust one must see what readers of the other see.
 *
 * @returns Where the content starts in `bytes`.
 */
function checkLocalHeader(bytes: Buffer, entry: ZipEntry): number {
  const mismatch = (what: string): ZipError =>
    new ZipError("ZIP_LOCAL_MISMATCH", `The ${what} at the entry is not that of the directory: ${entry.name}`);
  if (bytes.length < LOCAL_HEADER_SIZE || bytes.readUInt32LE(0) !== LOCAL_SIGNATURE) throw mismatch("signature");
  // general purpose bit flag
  const flags = bytes.readUInt16LE(6);
  // compression method
  if (bytes.readUInt16LE(8) !== entry.method) throw mismatch("method");
  // file name length, extra field length
  const nameEnd = LOCAL_HEADER_SIZE + bytes.readUInt16LE(26);
  const start = nameEnd + bytes.readUInt16LE(28);
  if (start + entry.compressedSize > entry.end - entry.headerOffset) {
    throw new ZipError("ZIP_OVERLAP", `An entry reaches into what follows it: ${entry.name}`);
  }
  const name = decodeName(bytes.subarray(LOCAL_HEADER_SIZE, nameEnd), (flags & FLAG_UTF8) !== 0);
  if (name !== entry.name) throw mismatch("name");
  if ((flags & FLAG_DATA_DESCRIPTOR) === 0) {
    // crc-32, compressed size, uncompressed size; all bits set stand for zip64
    if (bytes.readUInt32LE(14) !== entry.crc32) throw mismatch("CRC");
    for (const [offset, size] of [[18, entry.compressedSize] as const, [22, entry.size] as const]) {
      const value = bytes.readUInt32LE(offset);
      if (value !== size && value !== MAX_32) {
        throw new ZipError(
          "ZIP_SIZE_MISMATCH",
          `The entry has two different sizes, ${value} and ${size}: ${entry.name}`,
        );
      }
    }
  }
  return start;
}

function inflated(stored: Buffer, entry: ZipEntry): Uint8Array {
  switch (entry.method) {
    case STORED:
      return stored;
    case DEFLATED:
      return checkedInflate(stored, entry);
    default:
      throw unknownMethod(entry);
  }
}

function checkedInflate(stored: Buffer, entry: ZipEntry): Uint8Array {
  let content: Buffer;
  try {
    content = inflateRawSync(stored, { maxOutputLength: Math.max(1, entry.size) });
  } catch (error) {
    if (systemCode(error) === "ERR_BUFFER_TOO_LARGE") throw sizeMismatch(entry);
    throw cannotInflate(entry, error);
  }
  if (content.length !== entry.size) throw sizeMismatch(entry);
  return content;
}

function sizeMismatch(entry: ZipEntry): ZipError {
  return new ZipError("ZIP_SIZE_MISMATCH", `An entry does not have the ${entry.size} bytes it claims: ${entry.name}`);
}

function damaged(entry: ZipEntry): ZipError {
  return new ZipError("ZIP_CRC", `An entry is damaged: ${entry.name}`);
}

function cannotInflate(entry: ZipEntry, cause: unknown): ZipError {
  return new ZipError("ZIP_INFLATE", `An entry cannot be inflated: ${entry.name} (${messageOf(cause)})`, { cause });
}

function unknownMethod(entry: ZipEntry): ZipError {
  return new ZipError("ZIP_METHOD", `An entry is compressed by the unknown method ${entry.method}: ${entry.name}`, {
    hint: "repack the archive with the methods stored or deflated",
  });
}
