/** Unpacks source archives into a directory: tar by modern-tar, zip by our own reader; nothing leaves the directory. */

import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";

import { PexError, systemCode } from "../base/errors.ts";
import { withFileSource } from "./byte-source.ts";
import { decompressor, type Compression } from "./decompress.ts";
import { checkSafePath } from "./safe-path.ts";
import { readZipDirectory, readZipEntry } from "./zip-reader.ts";

/** A source archive is damaged, hostile, or of a form that we do not read. */
export class ArchiveError extends PexError {
  readonly code = "ARCHIVE";
}

/**
 * Unpacks a tar file below an existing directory. Owners and special mode bits are dropped; links
 * that lead out of the directory and special files are refused.
 *
 * @throws ArchiveError
 */
export async function unpackTar(path: string, directory: string, compression: Compression): Promise<void> {
  const { unpackTar: unpack } = await import("modern-tar/fs");
  try {
    const file = fs.createReadStream(path, { highWaterMark: 1 << 20 });
    await pipeline(file, await decompressor(compression), unpack(directory));
  } catch (error) {
    throw new ArchiveError(`Cannot unpack ${path}`, { cause: error });
  }
}

/**
 * Unpacks a zip file below an existing directory; the executable bit is the only mode bit that counts.
 *
 * @throws ZipError, ArchiveError
 */
export function unpackZip(path: string, directory: string): Promise<void> {
  return withFileSource(path, async (source) => {
    for (const entry of await readZipDirectory(source)) {
      checkSafePath(entry.name);
      const target = join(directory, entry.name);
      if (entry.isDirectory) fs.mkdirSync(target, { recursive: true });
      else writeEntry(target, await readZipEntry(source, entry), (entry.mode & 0o111) !== 0 ? 0o755 : 0o644);
    }
  });
}

function writeEntry(target: string, content: Uint8Array, mode: number): void {
  try {
    fs.mkdirSync(dirname(target), { recursive: true });
    fs.writeFileSync(target, content, { mode, flag: "wx" });
  } catch (error) {
    throw new ArchiveError(`Cannot write ${target}: ${systemCode(error) ?? "unknown reason"}`, { cause: error });
  }
}
