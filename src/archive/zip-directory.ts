/** The list of entries of a zip file: decoded, and checked against itself. */

import { isUtf8 } from "node:buffer";

import { checkSafePath } from "./safe-path.ts";
import type { DirectoryPlace } from "./zip-end-record.ts";
import { ZipError } from "./zip-error.ts";
import {
  CENTRAL_HEADER_SIZE,
  CENTRAL_SIGNATURE,
  decodeName,
  FLAG_ENCRYPTED,
  FLAG_UTF8,
  LOCAL_HEADER_SIZE,
  MAX_32,
  STORED,
} from "./zip-structures.ts";

/** One member of an archive, as its directory tells. */
export interface ZipEntry {
  /** Relative path with `/`; it has passed `checkSafePath`. */
  readonly name: string;
  readonly isDirectory: boolean;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  /** Of the content, not compressed. */
  readonly crc32: number;
  /** Bytes in the archive. */
  readonly compressedSize: number;
  /** Bytes of the content. */
  readonly size: number;
  /** Unix type and permission bits, or 0 if the archive has none. */
  readonly mode: number;
  /** Where the local header starts in the source. */
  readonly headerOffset: number;
  /** Where the next entry or the directory starts: local header and content end before. */
  readonly end: number;
}

/** Deflate cannot shrink more than this; whoever says so lies about a size. */
const MAX_DEFLATE_RATIO = 1032;

const ZIP64_EXTRA = 0x0001;
const MADE_BY_UNIX = 3;

/**
 * All entries in the order of the directory.
 *
 * @throws ZipError when a record is broken, entries overlap or share a name, or a name leaves the archive.
 */
export function decodeDirectory(
  bytes: Buffer,
  place: DirectoryPlace,
  { filesOnly = false }: DirectoryOptions = {},
): ZipEntry[] {
  const entries: ZipEntry[] = [];
  let count = 0;
  for (let at = 0; at < bytes.length; count++) {
    const end = endOfCentralHeader(bytes, at);
    if (!filesOnly || !namesDirectory(bytes, at)) entries.push(decodeCentralHeader(bytes, at, { end, ...place }));
    at = end;
  }
  if (count !== place.entryCount) {
    throw new ZipError("ZIP_DIRECTORY", `The archive lists ${count} entries but counts ${place.entryCount}`);
  }
  checkNames(entries);
  return withEnds(entries, place.start);
}

/** What is wanted of a directory. */
export interface DirectoryOptions {
  /** Whether entries that stand for directories are passed over, whatever they are called. */
  readonly filesOnly?: boolean;
}

/** Where the central directory header at `at` ends. */
function endOfCentralHeader(bytes: Buffer, at: number): number {
  if (at + CENTRAL_HEADER_SIZE > bytes.length || bytes.readUInt32LE(at) !== CENTRAL_SIGNATURE) {
    throw new ZipError("ZIP_DIRECTORY", `The directory of the archive is broken at its byte ${at}`);
  }
  // file name length, extra field length, file comment length
  const lengths = bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  const end = at + CENTRAL_HEADER_SIZE + lengths;
  if (end > bytes.length) throw new ZipError("ZIP_DIRECTORY", "The last entry of the archive is cut off");
  return end;
}

/** Whether the name in the central directory header ends with a slash. */
function namesDirectory(bytes: Buffer, at: number): boolean {
  return bytes[at + CENTRAL_HEADER_SIZE + bytes.readUInt16LE(at + 28) - 1] === SLASH;
}

const SLASH = 0x2f;

/** Central directory header, 4.3.12. */
function decodeCentralHeader(
  bytes: Buffer,
  at: number,
  { end, shift }: { readonly end: number; readonly shift: number },
): ZipEntry {
  // file name length, file comment length
  const nameEnd = at + CENTRAL_HEADER_SIZE + bytes.readUInt16LE(at + 28);
  const extraEnd = end - bytes.readUInt16LE(at + 32);
  // general purpose bit flag
  const flags = bytes.readUInt16LE(at + 8);
  const name = entryName(bytes.subarray(at + CENTRAL_HEADER_SIZE, nameEnd), flags);
  if (flags & FLAG_ENCRYPTED) throw new ZipError("ZIP_ENCRYPTED", `An entry is encrypted: ${name}`);
  const wide = wideFields(bytes, { at, extraStart: nameEnd, extraEnd, name });
  const entry = {
    name,
    isDirectory: name.endsWith("/"),
    // compression method
    method: bytes.readUInt16LE(at + 10),
    // crc-32
    crc32: bytes.readUInt32LE(at + 16),
    compressedSize: wide.compressedSize,
    size: wide.size,
    // external file attributes; their upper half is Unix's if "version made by" says so
    mode: bytes[at + 5] === MADE_BY_UNIX ? bytes.readUInt16LE(at + 40) : 0,
    headerOffset: wide.headerOffset + shift,
    end: 0,
  };
  checkSizes(entry);
  return entry;
}

function entryName(bytes: Buffer, flags: number): string {
  const isMarkedUtf8 = (flags & FLAG_UTF8) !== 0;
  const name = decodeName(bytes, isMarkedUtf8);
  if (isMarkedUtf8 && !isUtf8(bytes)) throw new ZipError("ZIP_NAME", `The name of an entry is not UTF-8: ${name}`);
  checkSafePath(name);
  return name;
}

/** Sizes and offset, from the zip64 extended information (4.5.3) where the 32 bits of a field are all set. */
function wideFields(
  bytes: Buffer,
  record: { readonly at: number; readonly extraStart: number; readonly extraEnd: number; readonly name: string },
): { readonly size: number; readonly compressedSize: number; readonly headerOffset: number } {
  // uncompressed size, compressed size, relative offset of local header: the order of the extra field too
  const fields = [24, 20, 42].map((offset) => bytes.readUInt32LE(record.at + offset));
  if (fields.includes(MAX_32)) {
    const extra = findExtra(bytes.subarray(record.extraStart, record.extraEnd), ZIP64_EXTRA);
    let at = 0;
    for (const [index, value] of fields.entries()) {
      if (value !== MAX_32) continue;
      if (extra === undefined || at + 8 > extra.length) {
        throw new ZipError("ZIP_DIRECTORY", `An entry lacks its zip64 sizes: ${record.name}`);
      }
      fields[index] = Number(extra.readBigUInt64LE(at));
      at += 8;
    }
  }
  const [size = 0, compressedSize = 0, headerOffset = 0] = fields;
  return { size, compressedSize, headerOffset };
}

/** The data of one extra field, 4.5.1: each is a header id, a size and that many bytes. */
function findExtra(extra: Buffer, id: number): Buffer | undefined {
  for (let at = 0; at + 4 <= extra.length;) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === id) return extra.subarray(at + 4, end);
    at = end;
  }
  return undefined;
}

function checkSizes(entry: ZipEntry): void {
  const possible =
    entry.method === STORED
      ? entry.size === entry.compressedSize
      : entry.size <= (entry.compressedSize + 1) * MAX_DEFLATE_RATIO;
  if (!possible) {
    throw new ZipError(
      "ZIP_SIZE_MISMATCH",
      `An entry cannot have ${entry.size} bytes, being stored in ${entry.compressedSize}: ${entry.name}`,
    );
  }
}

function checkNames(entries: readonly ZipEntry[]): void {
  const seen = new Set<string>();
  for (const { name } of entries) {
    const path = canonicalPath(name);
    if (seen.has(path)) throw new ZipError("ZIP_DUPLICATE_NAME", `Two entries have the same name: ${name}`);
    seen.add(path);
  }
}

/** The path on which a name lands when it is extracted. */
function canonicalPath(name: string): string {
  const path = name.endsWith("/") ? name.slice(0, -1) : name;
  if (!/(?:^|\/)\.?(?:\/|$)/.test(path)) return path;
  return path
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}

/** Tells each entry where it must end; entries that reach into each other are how small files become huge. */
function withEnds(entries: readonly ZipEntry[], directoryStart: number): ZipEntry[] {
  const order = entries.map((_, index) => index);
  const offsetOf = (index: number): number => entries[index]?.headerOffset ?? 0;
  order.sort((left, right) => offsetOf(left) - offsetOf(right));
  const result = [...entries];
  for (const [rank, index] of order.entries()) {
    const entry = entries[index];
    if (entry === undefined) continue;
    const follower = order[rank + 1];
    const end = follower === undefined ? directoryStart : offsetOf(follower);
    if (entry.headerOffset + LOCAL_HEADER_SIZE + entry.compressedSize > end) {
      throw new ZipError("ZIP_OVERLAP", `An entry reaches into what follows it: ${entry.name}`);
    }
    result[index] = { ...entry, end };
  }
  return result;
}
