/** Reads what a PEX of any layout says about itself. */

import { join } from "node:path";

import { withFileSource, type ByteSource } from "../archive/byte-source.ts";
import { ZipError } from "../archive/zip-error.ts";
import { findZipEntry, readZipDirectory, readZipEntry } from "../archive/zip-reader.ts";
import { PexError } from "../base/errors.ts";
import { factsOf, FileError, isFile, readTextIfExists } from "../base/fs.ts";
import { escapeControl } from "../base/text.ts";

import type { PexLayout } from "./main-module.ts";
import { parsePexInfo } from "./pex-info-reader.ts";
import type { PexInfo } from "./pex-info.ts";

/** A PEX that is there already. */
export interface ExistingPex {
  readonly path: string;
  readonly layout: PexLayout;
  readonly info: PexInfo;
  /** PEX-INFO as it stands in the file, with fields that we do not know. */
  readonly infoText: string;
}

const HINT = "give the path of a file made by pex, or of a packed or loose directory";

/** The path leads to something else. */
export class NotAPex extends PexError {
  readonly code = "NOT_A_PEX";
}

/**
 * Recognises a PEX: a file is a zipapp; a directory is packed if its `.bootstrap` is a file, else loose.
 *
 * @throws NotAPex, InvalidPexInfo, FileError
 */
export async function inspectPex(path: string): Promise<ExistingPex> {
  const facts = factsOf(path);
  if (facts === undefined) {
    throw new FileError(`Cannot read ${escapeControl(path)}: no such file or directory`, { hint: HINT });
  }
  const isDirectory = facts.kind === "directory";
  const infoText = isDirectory
    ? readTextIfExists(join(path, "PEX-INFO"))
    : await withFileSource(path, zippedInfo(path));
  if (infoText === undefined) throw notAPex(path, "it has no PEX-INFO");
  const layout = isDirectory ? (isFile(join(path, ".bootstrap")) ? "packed" : "loose") : "zipapp";
  return { path, layout, info: parsePexInfo(infoText), infoText };
}

function zippedInfo(path: string): (source: ByteSource) => Promise<string | undefined> {
  return async (source) => {
    try {
      const entry = findZipEntry(await readZipDirectory(source), "PEX-INFO");
      return entry && Buffer.from(await readZipEntry(source, entry)).toString("utf8");
    } catch (error) {
      if (error instanceof ZipError) throw notAPex(path, "it is no intact zip file", error);
      throw error;
    }
  };
}

function notAPex(path: string, reason: string, cause?: unknown): NotAPex {
  return new NotAPex(`Not a PEX, ${reason}: ${escapeControl(path)}`, {
    cause,
    hint: HINT,
  });
}
