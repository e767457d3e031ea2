/** Random access to bytes: of a file, of memory, or of a server that understands ranges. */

import { fstatSync, readSync } from "node:fs";

import { explained, withFile } from "../base/fs.ts";

import { ZipError } from "./zip-error.ts";

/** Bytes that are read piece by piece, in any order. */
export interface ByteSource {
  /** Bytes in total. */
  readonly size: number;
  /** Bytes from `offset` on: `length` of them, or fewer where the source ends. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Bytes in memory; what is read shares their memory. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}

/**
 * Hands over an open file, which is closed afterwards.
 *
 * @throws FileError when it cannot be opened.
 */
export function withFileSource<Value>(path: string, task: (source: ByteSource) => Promise<Value>): Promise<Value> {
  return withFile(path, (descriptor) => task(descriptorSource(descriptor, path)));
}

/**
 * Exactly the bytes of a range.
 *
 * @throws ZipError ZIP_TRUNCATED when the source ends before.
 */
export async function readExactly(source: ByteSource, offset: number, length: number): Promise<Buffer> {
  const bytes = offset + length <= source.size ? await source.read(offset, length) : undefined;
  if (bytes?.length !== length) {
    throw new ZipError("ZIP_TRUNCATED", `The archive ends before byte ${offset + length}, which it needs`);
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** A part of a source as a source of its own. */
export function partOf(source: ByteSource, part: { readonly offset: number; readonly length: number }): ByteSource {
  return {
    size: part.length,
    read: (offset, length) => source.read(part.offset + offset, Math.min(length, Math.max(0, part.length - offset))),
  };
}

/** The same source, that never asks twice for bytes it has seen; for sources where asking is dear. */
export function rememberingSource(source: ByteSource): ByteSource {
  const seen: { readonly offset: number; readonly bytes: Uint8Array }[] = [];
  return {
    size: source.size,
    async read(offset, length) {
      const end = Math.min(offset + length, source.size);
      const known = seen.find((piece) => piece.offset <= offset && end <= piece.offset + piece.bytes.length);
      if (known) return known.bytes.subarray(offset - known.offset, end - known.offset);
      const bytes = await source.read(offset, length);
      seen.push({ offset, bytes });
      return bytes;
    },
  };
}

function descriptorSource(descriptor: number, path: string): ByteSource {
  return {
    size: fstatSync(descriptor).size,
    read(offset, length) {
      const buffer = Buffer.allocUnsafe(length);
      let filled = 0;
      while (filled < length) {
        const [at, rest] = [filled, length - filled];
        const count = explained("Cannot read", path, () => readSync(descriptor, buffer, at, rest, offset + at));
        if (count === 0) break;
        filled += count;
      }
      return Promise.resolve(buffer.subarray(0, filled));
    },
  };
}
