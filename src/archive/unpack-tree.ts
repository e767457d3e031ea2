/** Unpacks source archives into a directory: tar by modern-tar, zip by our own reader; nothing leaves the directory. */

import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";

import { PexError, systemCode } from "../base/errors.ts";
import { explained, fileError } from "../base/fs.ts";
import { escapeControl } from "../base/text.ts";
import { withFileSource, type ByteSource } from "./byte-source.ts";
import { decompressor, TooLarge, type Compression } from "./decompress.ts";
import { checkSafePath } from "./safe-path.ts";
import { ZipError } from "./zip-error.ts";
import { readZipDirectory, readZipEntry } from "./zip-reader.ts";

/** A source archive is damaged, hostile, or of a form that we do not read. */
export class ArchiveError extends PexError {
  readonly code = "ARCHIVE";
}

/** What unpacks to more bytes than this may only be so many times as large as its archive: text makes 20, traps 1000. */
const LARGE = 256 * 1024 * 1024;
const TIMES = 100;

/**
 * Unpacks a tar file below an existing directory. Owners and special mode bits are dropped, special files are left out;
 * links that lead out of the directory are refused.
 *
 * @throws ArchiveError, FileError
 */
export async function unpackTar(path: string, directory: string, compression: Compression): Promise<void> {
  const { unpackTar: unpack } = await import("modern-tar/fs");
  try {
    const limit = limitFor(path);
    const file = fs.createReadStream(path, { highWaterMark: 1 << 20 });
    await pipeline(file, await decompressor(compression, limit), bounded(limit), unpack(directory));
  } catch (error) {
    throw cannotUnpack(path, error);
  }
}

/**
 * Unpacks a zip file below an existing directory; the executable bit is the only mode bit that counts.
 *
 * @throws ArchiveError, FileError
 */
export async function unpackZip(path: string, directory: string): Promise<void> {
  try {
    await withFileSource(path, (source) => unpackEntries(source, { directory, limit: limitFor(path) }));
  } catch (error) {
    throw error instanceof ZipError ? cannotUnpack(path, error) : error;
  }
}

async function unpackEntries(
  source: ByteSource,
  { directory, limit }: { readonly directory: string; readonly limit: number },
): Promise<void> {
  const entries = await readZipDirectory(source);
  if (entries.reduce((sum, entry) => sum + entry.size, 0) > limit)
    throw new ZipError("ZIP_BOMB", new TooLarge().message);
  for (const entry of entries) {
    checkSafePath(entry.name);
    const target = join(directory, entry.name);
    if (entry.isDirectory) fs.mkdirSync(target, { recursive: true });
    else writeEntry(target, await readZipEntry(source, entry), (entry.mode & 0o111) !== 0 ? 0o755 : 0o644);
  }
}

function writeEntry(target: string, content: Uint8Array, mode: number): void {
  explained("Cannot write", target, () => {
    fs.mkdirSync(dirname(target), { recursive: true });
    fs.writeFileSync(target, content, { mode, flag: "wx" });
  });
}

function limitFor(path: string): number {
  return Math.max(LARGE, TIMES * fs.statSync(path).size);
}

function bounded(limit: number): (source: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array> {
  return async function* (source) {
    let size = 0;
    for await (const chunk of source) {
      size += chunk.length;
      if (size > limit) throw new TooLarge();
      yield chunk;
    }
  };
}

function cannotUnpack(path: string, error: unknown): unknown {
  const code = systemCode(error);
  // A full disk and the like are not the archive's fault.
  if (code !== undefined && /^E(?!RR_)/.test(code)) return fileError("Cannot unpack", path, error);
  const said = error instanceof Error && code === undefined ? error.message.replace(/\.$/, "") : "it is damaged";
  const reason = escapeControl(said.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase()));
  return new ArchiveError(`Cannot unpack ${path}: ${reason}`, {
    hint: "fetch it again; if it stays, tell whoever published it",
  });
}
