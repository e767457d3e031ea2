/** What may stand where a PEX shall go. */

import { join } from "node:path";

import { factsOf, FileError, isFile, listDirectory, remove } from "../base/fs.ts";
import { PexError } from "../base/errors.ts";

import { inspectPex } from "./inspect.ts";

/**
 * Refuses what must not be replaced: devices, pipes, and directories that are no PEX.
 *
 * @throws FileError
 */
export function checkReplaceable(path: string): void {
  const facts = factsOf(path);
  if (facts === undefined || facts.kind === "file") return;
  if (facts.kind === "other") {
    throw new FileError(`Cannot write ${path}: it is not a regular file`, { hint: "choose another output file" });
  }
  const isPex = isFile(join(path, "PEX-INFO")) || listDirectory(path).length === 0;
  if (!isPex) {
    throw new FileError(`Cannot write ${path}: it is a directory`, {
      hint: "choose another output file, or remove the directory",
    });
  }
}

/**
 * Refuses a place for a directory where there is anything but a PEX of any layout: nobody expects a directory to
 * replace a file of another kind.
 *
 * @throws FileError
 */
export async function checkReplaceableByDirectory(path: string): Promise<void> {
  checkReplaceable(path);
  const facts = factsOf(path);
  if (facts?.kind !== "file" || facts.size === 0) return;
  try {
    await inspectPex(path);
  } catch (error) {
    if (!(error instanceof PexError)) throw error;
    throw new FileError(`Cannot write ${path}: it is a file, and no PEX`, {
      cause: error,
      hint: "choose another output directory, or remove the file",
    });
  }
}

/** A packed or loose PEX makes room for a file. @throws FileError */
export function removeOldDirectory(path: string): void {
  if (factsOf(path)?.kind !== "directory") return;
  checkReplaceable(path);
  remove(path);
}
