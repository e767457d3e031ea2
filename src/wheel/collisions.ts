/** Files that several wheels of one PEX want to install at the same path. */

import { compareOrdinal } from "../base/text.ts";

import type { WheelContents } from "./wheel-contents.ts";
import { installedPath, withWheel, type WheelSource } from "./wheel-source.ts";

/** A wheel that is activated together with others. */
export interface ActivatedWheel {
  readonly path: string;
  readonly filename: string;
  readonly contents: Pick<WheelContents, "topLevelNames">;
}

/** One path in site-packages with different contents. */
export interface Collision {
  readonly path: string;
  /** File names of the wheels in activation order: the content of the first is what will be there. */
  readonly wheels: readonly string[];
}

/**
 * Paths in site-packages for which wheels have different contents, sorted.
 *
 * Only wheels that share a top-level name are opened, which in most sets are none.
 *
 * @param wheels Those of one interpreter, in activation order.
 * @throws CorruptWheel, FileError
 */
export async function findCollisions(wheels: readonly ActivatedWheel[]): Promise<Collision[]> {
  const owners = new Map<string, { readonly wheels: string[]; readonly contents: Set<string> }>();
  for (const wheel of sharingNames(wheels)) {
    for (const [path, content] of await withWheel(wheel, installedFiles)) {
      const owner = owners.get(path) ?? { wheels: [], contents: new Set() };
      owners.set(path, owner);
      owner.wheels.push(wheel.filename);
      owner.contents.add(content);
    }
  }
  return [...owners]
    .filter(([, owner]) => owner.contents.size > 1)
    .map(([path, owner]) => ({ path, wheels: owner.wheels }))
    .toSorted((left, right) => compareOrdinal(left.path, right.path));
}

function sharingNames(wheels: readonly ActivatedWheel[]): ActivatedWheel[] {
  const counts = new Map<string, number>();
  for (const name of wheels.flatMap((wheel) => wheel.contents.topLevelNames))
    counts.set(name, (counts.get(name) ?? 0) + 1);
  return wheels.filter((wheel) => wheel.contents.topLevelNames.some((name) => (counts.get(name) ?? 0) > 1));
}

/** Paths in site-packages, each with something that tells its content from others. */
async function installedFiles(source: WheelSource): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const { name, isDirectory, size, crc32 } of source.entries) {
    const path = installedPath(name, source);
    if (!isDirectory && path !== undefined) files.set(path, `${size} ${crc32}`);
  }
  return files;
}
