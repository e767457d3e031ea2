/** Source distributions on disk: one directory with the project in it. */

import { join } from "node:path";

import type { Compression } from "../archive/decompress.ts";
import { ArchiveError, unpackTar, unpackZip } from "../archive/unpack-tree.ts";
import { isDirectory, listDirectory } from "../base/fs.ts";
import { sentenceList } from "../base/text.ts";

/** PEP 527 left `.tar.gz` and `.zip` for indexes; the others are what pip reads elsewhere, and zstd. */
const TARS: Readonly<Record<string, Compression>> = {
  ".tar": "none",
  ".tar.gz": "gzip",
  ".tgz": "gzip",
  ".tar.bz2": "bzip2",
  ".tbz": "bzip2",
  ".tar.xz": "xz",
  ".txz": "xz",
  ".tar.zst": "zstd",
};

/**
 * Unpacks a source distribution and gives the directory of the project.
 *
 * @param directory An empty directory that the caller removes.
 * @throws ArchiveError, ZipError
 * @see https://packaging.python.org/en/latest/specifications/source-distribution-format/
 */
export async function unpackSdist(path: string, directory: string): Promise<string> {
  const extension = /\.(?:zip|t[a-z]{2}|tar(?:\.\w+)?)$/.exec(path.toLowerCase())?.[0] ?? "";
  const compression = TARS[extension];
  if (compression !== undefined) await unpackTar(path, directory, compression);
  else if (extension === ".zip") await unpackZip(path, directory);
  else throw unreadable(path);
  const [only, ...more] = listDirectory(directory);
  if (only === undefined || more.length > 0 || !isDirectory(join(directory, only))) {
    throw new ArchiveError(`A source distribution must hold exactly one directory: ${path}`, {
      hint: "pack the directory of the project, not the files in it",
    });
  }
  return join(directory, only);
}

function unreadable(path: string): ArchiveError {
  return new ArchiveError(`Not a source archive that can be read: ${path}`, {
    hint: `pack it as ${sentenceList([".zip", ...Object.keys(TARS)], "or")}`,
  });
}
