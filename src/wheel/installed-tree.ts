/** A distribution as installing leaves it: in a PEX, or in a virtual environment seen the same way. */

import type { ZipMember } from "../archive/zip-member.ts";

/** One installed file. */
export interface InstalledFile {
  /** Permission bits: 0o644 or 0o755. */
  readonly mode: number;
  read(): Promise<Uint8Array>;
  /** The file as a member of an archive, where it lies deflated already and can be copied so. */
  asMember?(name: string, mode: number): Promise<ZipMember>;
}

/**
 * All files by their path: what is in site-packages at the root, the rest below `.prefix/` (`bin`, `data`,
 * `include/site/pythonX.Y/<project>`), as `installWheel` writes it.
 */
export interface InstalledTree {
  /** File name of the wheel that it was made from. */
  readonly filename: string;
  readonly files: ReadonlyMap<string, InstalledFile>;
}

/** Where installing puts what does not go to site-packages. */
export const PREFIX = ".prefix";
