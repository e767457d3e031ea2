/** The one gate for paths that archives, indexes and users name: nothing may leave the directory it is meant for. */

import { ZipError } from "./zip-error.ts";

// A root, a drive, a parent step, a NUL or nothing at all; both slashes count, because Windows takes both.
const SUSPICIOUS = /^$|^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:$|[/\\])|\0/;

/**
 * Lets a relative path pass that stays below its root on every system.
 *
 * @throws ZipError ZIP_NAME, ZIP_ABSOLUTE_PATH or ZIP_TRAVERSAL
 */
export function checkSafePath(path: string): void {
  if (!SUSPICIOUS.test(path)) return;
  if (path === "") throw new ZipError("ZIP_NAME", "An entry has no name");
  // Readers in C would stop at the NUL and see another name than we do.
  if (path.includes("\0")) throw new ZipError("ZIP_NAME", `The name of an entry holds a NUL: ${path}`);
  if (/^[/\\]|^[A-Za-z]:/.test(path)) throw new ZipError("ZIP_ABSOLUTE_PATH", `An entry has an absolute path: ${path}`);
  throw new ZipError("ZIP_TRAVERSAL", `An entry climbs out of the archive: ${path}`);
}
