/** The files below a directory, in an order that does not depend on the disk. */

import { join } from "node:path";

import { PexError } from "../base/errors.ts";
import { factsOf, FileError, listDirectory, realPath } from "../base/fs.ts";
import type { FileFacts } from "../base/fs.ts";
import { silent } from "../base/log.ts";
import type { Listener } from "../base/log.ts";

/** Something below a source directory cannot become part of a PEX. */
export class UnusableSource extends PexError {
  readonly code = "UNUSABLE_SOURCE";
}

/** A file on disk. */
export interface SourceFile {
  /** Absolute. */
  readonly location: string;
  /** Relative to the walked directory, with `/`. */
  readonly path: string;
  readonly facts: FileFacts;
}

/** Told to a walk. */
export interface WalkOptions {
  /** Absolute paths that are left out, such as the PEX being written. */
  readonly except?: ReadonlySet<string>;
  readonly listener?: Listener;
}

/**
 * All regular files, hidden ones and those behind symbolic links included. Byte code, empty directories, sockets and pipes
 * are left out, and so is a link to a directory that the walk is inside of already.
 *
 * @throws FileError for what cannot be read; UnusableSource for a link that leads nowhere.
 */
export function walkSources(directory: string, options: WalkOptions = {}): SourceFile[] {
  const files: SourceFile[] = [];
  const facts = factsOf(directory);
  if (facts === undefined) throw new FileError(`No such directory: ${directory}`);
  if (facts.kind !== "directory") throw new FileError(`Not a directory: ${directory}`);
  visit({ location: directory, path: "", inside: [realPath(directory)] }, { files, ...options });
  return files;
}

interface Visit {
  readonly location: string;
  /** Empty, or ends with `/`. */
  readonly path: string;
  /** Real paths of this directory and of those around it. */
  readonly inside: readonly string[];
}

function visit({ location, path, inside }: Visit, walk: WalkOptions & { readonly files: SourceFile[] }): void {
  const { files, except, listener = silent } = walk;
  for (const name of listDirectory(location)) {
    const child = join(location, name);
    if (isByteCode(name) || except?.has(child)) continue;
    const facts = factsOfChild(child);
    if (facts.kind === "file") {
      files.push({ location: child, path: path + name, facts });
    } else if (facts.kind === "directory") {
      const real = realPath(child);
      if (!inside.includes(real)) visit({ location: child, path: `${path}${name}/`, inside: [...inside, real] }, walk);
    } else {
      listener({ kind: "warning", text: `Left out, it is neither a file nor a directory: ${child}` });
    }
  }
}

function isByteCode(name: string): boolean {
  return name === "__pycache__" || name.endsWith(".pyc");
}

function factsOfChild(path: string): FileFacts {
  let facts: FileFacts | undefined;
  try {
    facts = factsOf(path);
  } catch (error) {
    throw new FileError(`Cannot read ${path}`, { cause: error });
  }
  if (facts) return facts;
  if (path.includes("\uFFFD"))
    throw new UnusableSource(`The name of a file is not UTF-8: ${path}`, { hint: "rename it" });
  throw new UnusableSource(`The symbolic link leads nowhere: ${path}`, { hint: "remove or repair the link" });
}
