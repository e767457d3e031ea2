/** The hashes of PEX-INFO; upstream's tools use them as identities, so equal contents must give equal hashes. */

import { createHash } from "node:crypto";

import { sha1 } from "../base/digest.ts";

/** A file whose content is hashed under its path. */
export interface HashedFile {
  /** Relative path with `/`. */
  readonly path: string;
  readonly mode: number;
  read(): Uint8Array;
}

/**
 * `code_hash` and `bootstrap_hash`: SHA-1 over all paths in byte order, without separators, then over the contents in
 * that order.
 *
 * For plain files this is upstream's number. Unlike upstream's it also changes with hidden files and with executable
 * bits, because the runtime keeps extracted code by it.
 */
export function treeHash(files: readonly HashedFile[]): string {
  const sorted = files
    .map((file) => ({ file, key: Buffer.from(file.path, "utf8") }))
    .toSorted((left, right) => Buffer.compare(left.key, right.key));
  const hash = createHash("sha1");
  for (const { key } of sorted) hash.update(key);
  for (const { file } of sorted) hash.update(file.read());
  const executables = sorted.filter(({ file }) => (file.mode & 0o111) !== 0);
  for (const { key } of executables) hash.update("\0executable\0").update(key);
  return hash.digest("hex");
}

/** `pex_hash`: SHA-1 of the compact PEX-INFO without that key. */
export function pexHash(infoWithoutHash: string): string {
  return sha1(infoWithoutHash);
}
