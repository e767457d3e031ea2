/** What goes into a zip file: each member knows its header before a byte is written. */

import { crc32 } from "node:zlib";

import type { FileRange } from "./file-streams.ts";
import type { ZipEntry } from "./zip-directory.ts";
import { DEFLATED, STORED, type EntryHeader } from "./zip-structures.ts";

/** One entry to write. */
export interface ZipMember extends EntryHeader {
  /** Permission bits. */
  readonly mode: number;
  /** The bytes as they lie in the archive, where to copy them from, or whoever gives them, checked, piece by piece. */
  readonly content: Uint8Array | FileRange | AsyncIterable<Uint8Array>;
}

/** A member of its own bytes. */
export function storedMember(name: string, content: Uint8Array, mode = 0o644): ZipMember {
  const size = content.length;
  return { name, mode, method: STORED, crc32: crc32(content), compressedSize: size, size, content };
}

/** A directory. @param path Without a slash at the end. */
export function directoryMember(path: string): ZipMember {
  return storedMember(`${path}/`, new Uint8Array(), 0o755);
}

/**
 * A member that is deflated, unless that would not make it smaller.
 *
 * The compressor is `fflate` and not the zlib of this Node, whose bytes differ from machine to machine.
 */
export async function deflatedMember(name: string, content: Uint8Array, mode = 0o644): Promise<ZipMember> {
  const stored = storedMember(name, content, mode);
  const { deflateSync } = await import("fflate");
  const deflated = deflateSync(content, { level: 6 });
  return deflated.length >= content.length ? stored : compressedMember(name, content, deflated, mode);
}

/** A member that was deflated before. */
export function compressedMember(name: string, content: Uint8Array, deflated: Uint8Array, mode = 0o644): ZipMember {
  const stored = storedMember(name, content, mode);
  return { ...stored, method: DEFLATED, compressedSize: deflated.length, content: deflated };
}

/** A whole file, stored; its CRC is known already and checked while it is copied. */
export function storedFileMember(
  name: string,
  file: { readonly path: string; readonly size: number; readonly crc32: number },
  mode = 0o644,
): ZipMember {
  const { path, size } = file;
  return {
    name,
    mode,
    method: STORED,
    crc32: file.crc32,
    compressedSize: size,
    size,
    content: { path, offset: 0, length: size },
  };
}

/**
 * An entry of another archive as it lies there, still deflated, under a new name.
 *
 * @param place.offset Where its content starts, from `locateZipContent`.
 */
export function rawMember(
  name: string,
  entry: ZipEntry,
  place: { readonly path: string; readonly offset: number },
  mode = 0o644,
): ZipMember {
  const { method, size, compressedSize } = entry;
  const content = { path: place.path, offset: place.offset, length: compressedSize };
  return { name, mode, method, crc32: entry.crc32, compressedSize, size, content };
}

/** An entry of another archive, inflated on the way. @param content From `zipContent`. */
export function inflatedMember(
  name: string,
  entry: ZipEntry,
  content: AsyncIterable<Uint8Array>,
  mode = 0o644,
): ZipMember {
  const { size } = entry;
  return { name, mode, method: STORED, crc32: entry.crc32, compressedSize: size, size, content };
}
