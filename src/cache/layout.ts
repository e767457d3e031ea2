/**
 * Where the builder keeps what it can get again. Everything of ours lies below one directory of the PEX root, which is
 * shared with upstream's pex and with the PEX files at run time:
 *
 * ```text
 * <PEX_ROOT>/pexjs/1/
 *   run/                         belongs to the runtime, see python/runtime
 *   build/
 *     wheels/<sha256>/           one wheel from an index or built here, never changed once it is there
 *       <file name>.whl
 *       facts.json               name, size and CRC-32, so that nobody reads the wheel to learn them
 *     local/<key>.json           digests of a wheel that lies elsewhere (find-links); key: its path, size, times and inode
 *     contents/<xx>/<sha256>.json  entry points, scripts and top-level names of the wheel with that digest
 *     collisions/<xx>/<key>.json   paths that several of some wheels want; key: a digest of theirs
 *     digests/<xx>/<sha256>.json   SHA-256 of each file in the wheel with that digest, whose contents were checked then
 *     pages/                     index pages in parsed form, see index/
 *     metadata/                  METADATA of wheels that were never downloaded, see index/
 *     built/<key>/<best tag>       SHA-256 of the wheel that a source was built to; key: a digest of the source
 *     interpreters/              what probed interpreters said, see targets/
 *     authorities/               certificates that vouched for a server, see net/
 *     built/<sha256>/<tag>.metadata  what an sdist's backend said that METADATA of that wheel will be
 *     logs/                      output of builds that failed
 *     code/                      compiled code of the commands, see cli/code-cache
 *     package/<sha256>/          Python files that the single executable carries, see base/carried-files
 * ```
 *
 * A file or directory is first made under a hidden name (`.….tmp`) beside its place and then renamed. What a killed
 * process leaves behind has such a name; nobody reads it.
 */

import { join } from "node:path";

/** The directories of the builder, absolute. */
export interface CacheLayout {
  readonly root: string;
  readonly wheels: string;
  readonly local: string;
  readonly contents: string;
  readonly collisions: string;
  readonly digests: string;
  readonly pages: string;
  readonly metadata: string;
  readonly interpreters: string;
}

/** The builder's directories below a PEX root; none of them need exist. */
export function cacheLayout(pexRoot: string): CacheLayout {
  const root = join(pexRoot, "pexjs", "1", "build");
  return {
    root,
    wheels: join(root, "wheels"),
    local: join(root, "local"),
    contents: join(root, "contents"),
    collisions: join(root, "collisions"),
    digests: join(root, "digests"),
    pages: join(root, "pages"),
    metadata: join(root, "metadata"),
    interpreters: join(root, "interpreters"),
  };
}
