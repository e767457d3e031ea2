/** Where an installed wheel goes: a directory, an archive, or a test's table. */

import type { ZipEntry } from "../archive/zip-reader.ts";

/** Paths are relative to the root of the installed wheel, with `/`; modes are permission bits, 0o644 or 0o755. */
export interface WheelDestination {
  /** Takes a file that installing makes. */
  write(path: string, content: Uint8Array, mode: number): void | Promise<void>;
  /**
   * Takes a file of the wheel.
   *
   * @returns Its SHA-256 as in RECORD: base64url without padding.
   */
  copy(path: string, entry: ZipEntry, mode: number): Promise<string>;
}
