/** Source distributions on disk: one directory with the project in it. */

import { join } from "node:path";

import { ArchiveError, unpackTar, unpackZip } from "../archive/unpack-tree.ts";
import { NotImplemented } from "../base/errors.ts";
import { isDirectory, listDirectory } from "../base/fs.ts";

/**
 * Unpacks a source distribution and gives the directory of the project.
 *
 * @param directory An empty directory that the caller removes.
 * @throws ArchiveError, ZipError; NotImplemented for a compression that is not read yet
 * @see https://packaging.python.org/en/latest/specifications/source-distribution-format/
 */
export async function unpackSdist(path: string, directory: string): Promise<string> {
  if (/\.(?:tar\.gz|tgz)$/i.test(path)) await unpackTar(path, directory, true);
  else if (/\.tar$/i.test(path)) await unpackTar(path, directory, false);
  else if (/\.zip$/i.test(path)) await unpackZip(path, directory);
  else throw new NotImplemented(`This form of source distribution is not read yet: ${path}`);
  const [only, ...more] = listDirectory(directory);
  if (only === undefined || more.length > 0 || !isDirectory(join(directory, only))) {
    throw new ArchiveError(`A source distribution must hold exactly one directory: ${path}`);
  }
  return join(directory, only);
}
