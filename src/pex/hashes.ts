/** The hashes of PEX-INFO; upstream's tools use them as identities, so equal contents must give equal hashes. */

import { createHash } from "node:crypto";

import { Sha256Stream, sha1, type Sha256 } from "../base/digest.ts";

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

/**
 * The name of unpacked sources in the cache, which the runtime computes again when it has unpacked them (`contents_key` in `install.py`):
 * SHA-256 over `<path> NUL <x or -> <size> LF <content>` of each file, in order of the bytes of paths.
 *
 * `code_hash` will not do: it stays the same if text moves from the end of one file to the beginning of the next.
 */
export function contentsKey(files: readonly HashedFile[]): Sha256 {
  const hash = new Sha256Stream();
  const keyed = files.map((file) => ({ file, path: Buffer.from(file.path, "utf8") }));
  for (const { file, path } of keyed.toSorted((left, right) => Buffer.compare(left.path, right.path))) {
    const content = file.read();
    hash.update(path);
    hash.update(Buffer.from(`\0${(file.mode & 0o111) === 0 ? "-" : "x"}${content.length}\n`));
    hash.update(content);
  }
  return hash.digest();
}

/** `pex_hash`: SHA-1 of the compact PEX-INFO without that key. */
export function pexHash(infoWithoutHash: string): string {
  return sha1(infoWithoutHash);
}
