/** Finds the central directory from the end of a zip file. */

import { readExactly, type ByteSource } from "./byte-source.ts";
import { ZipError } from "./zip-error.ts";
import {
  END_RECORD_SIZE,
  END_SIGNATURE,
  LOCAL_SIGNATURE,
  MAX_16,
  MAX_32,
  ZIP64_END_RECORD_SIZE,
  ZIP64_END_SIGNATURE,
  ZIP64_LOCATOR_SIGNATURE,
  ZIP64_LOCATOR_SIZE,
  type EndRecord,
} from "./zip-structures.ts";

/** Where things lie, in offsets from the start of the source. */
export interface DirectoryPlace {
  readonly start: number;
  /** Bytes. */
  readonly size: number;
  readonly entryCount: number;
  /** What to add to the archive's own offsets: not 0 if bytes were put in front without rewriting them. */
  readonly shift: number;
  /** The end of the source, which usually holds the directory already. */
  readonly tail: Buffer;
  readonly tailStart: number;
}

/** An end record with the longest comment, and the zip64 records before it. */
const TAIL_SIZE = MAX_16 + END_RECORD_SIZE + ZIP64_LOCATOR_SIZE + ZIP64_END_RECORD_SIZE;

/**
 * Reads the tail of the source and works out where the directory is, as Python's `zipfile` and `zipimport` do:
 * the last end record counts, and the directory ends where that begins.
 *
 * @throws ZipError
 */
export async function locateDirectory(source: ByteSource): Promise<DirectoryPlace> {
  const tailStart = Math.max(0, source.size - TAIL_SIZE);
  const tail = await readExactly(source, tailStart, source.size - tailStart);
  const endAt = findEndRecord(tail);
  if (endAt === undefined) throw await noEndRecord(source);
  const { end, at } = widenedByZip64(decodeEndRecord(tail, endAt), { tail, endAt });
  const start = tailStart + at - end.directorySize;
  const shift = start - end.directoryOffset;
  if (start < 0 || shift < 0) {
    throw new ZipError("ZIP_TRUNCATED", `The archive lacks ${-Math.min(start, shift)} bytes before its directory`);
  }
  return { start, size: end.directorySize, entryCount: end.entryCount, shift, tail, tailStart };
}

function findEndRecord(tail: Buffer): number | undefined {
  for (let at = tail.length - END_RECORD_SIZE; at >= 0; at--) {
    if (tail[at] === 0x50 && tail.readUInt32LE(at) === END_SIGNATURE) return at;
  }
  return undefined;
}

async function noEndRecord(source: ByteSource): Promise<ZipError> {
  const head = Buffer.from(await source.read(0, 4));
  const beginsAsZip = head.length === 4 && head.readUInt32LE(0) === LOCAL_SIGNATURE;
  return beginsAsZip
    ? new ZipError("ZIP_TRUNCATED", "The archive ends in the middle")
    : new ZipError("ZIP_NOT_A_ZIP", "The file is no zip archive");
}

/** End of central directory record, 4.3.16. */
function decodeEndRecord(tail: Buffer, at: number): EndRecord {
  // number of this disk, disk where the directory starts
  checkSingleDisk(tail.readUInt16LE(at + 4) % MAX_16, tail.readUInt16LE(at + 6) % MAX_16);
  return {
    // entries in the directory on this disk (8), and in total
    entryCount: tail.readUInt16LE(at + 10),
    // size of the directory
    directorySize: tail.readUInt32LE(at + 12),
    // offset of its start
    directoryOffset: tail.readUInt32LE(at + 16),
  };
}

/** The end record's values, or those of the zip64 record when a locator (4.3.15) stands before it. */
function widenedByZip64(
  end: EndRecord,
  place: { readonly tail: Buffer; readonly endAt: number },
): { readonly end: EndRecord; readonly at: number } {
  const { tail, endAt } = place;
  const locatorAt = endAt - ZIP64_LOCATOR_SIZE;
  if (locatorAt < 0 || tail.readUInt32LE(locatorAt) !== ZIP64_LOCATOR_SIGNATURE) return { end, at: endAt };
  const at = locatorAt - ZIP64_END_RECORD_SIZE;
  if (at < 0 || tail.readUInt32LE(at) !== ZIP64_END_SIGNATURE) {
    throw new ZipError("ZIP_DIRECTORY", "The zip64 end record is not where it must be");
  }
  const wide = decodeZip64EndRecord(tail, at);
  const agrees =
    (end.entryCount === MAX_16 || end.entryCount === wide.entryCount) &&
    (end.directorySize === MAX_32 || end.directorySize === wide.directorySize) &&
    (end.directoryOffset === MAX_32 || end.directoryOffset === wide.directoryOffset);
  if (!agrees) throw new ZipError("ZIP_DIRECTORY", "The two end records contradict each other");
  return { end: wide, at };
}

/** Zip64 end of central directory record, 4.3.14. */
function decodeZip64EndRecord(tail: Buffer, at: number): EndRecord {
  // number of this disk, disk where the directory starts
  checkSingleDisk(tail.readUInt32LE(at + 16), tail.readUInt32LE(at + 20));
  return {
    // entries in the directory on this disk (24), and in total
    entryCount: Number(tail.readBigUInt64LE(at + 32)),
    // size of the directory
    directorySize: Number(tail.readBigUInt64LE(at + 40)),
    // offset of its start
    directoryOffset: Number(tail.readBigUInt64LE(at + 48)),
  };
}

function checkSingleDisk(disk: number, directoryDisk: number): void {
  if (disk !== 0 || directoryDisk !== 0) {
    throw new ZipError("ZIP_MULTI_DISK", "The archive is one part of several");
  }
}
