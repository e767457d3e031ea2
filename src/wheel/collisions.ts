/** Files that several wheels of one PEX want to install at the same path. */

import { sha256, type Sha256 } from "../base/digest.ts";
import { compareOrdinal } from "../base/text.ts";

import type { ContentsCache, WheelContents } from "./wheel-contents.ts";
import { installedPath, withWheel, type WheelSource } from "./wheel-source.ts";

/** A wheel that is activated together with others. */
export interface ActivatedWheel {
  readonly path: string;
  readonly filename: string;
  readonly sha256: Sha256;
  readonly contents: Pick<WheelContents, "topLevelNames">;
}

/** One path in site-packages that cannot be what each of the wheels wants. */
export interface Collision {
  readonly path: string;
  /** File names of the wheels in activation order: what the first has is what will be there. */
  readonly wheels: readonly string[];
}

/**
 * Paths in site-packages for which wheels have different contents, sorted; or that are a file in one and a directory in
 * another, where the directory will be there.
 *
 * Only wheels that share a top-level name are opened, which in most sets are none; what they gave is remembered.
 *
 * @param wheels Those of one interpreter, in activation order.
 * @throws CorruptWheel, FileError
 */
export async function findCollisions(wheels: readonly ActivatedWheel[], cache: ContentsCache): Promise<Collision[]> {
  const sharing = sharingNames(wheels);
  if (sharing.length === 0) return [];
  const key = sha256(`collisions ${FORMAT}\n${sharing.map((wheel) => `${wheel.filename} ${wheel.sha256}\n`).join("")}`);
  const known = decode(cache.read(key));
  if (known) return known;
  const found = await compareFiles(sharing);
  cache.write(key, JSON.stringify(found));
  return found;
}

const FORMAT = 1;

interface Owners {
  readonly wheels: Set<string>;
  /** What tells different contents apart; a directory is one too. */
  readonly contents: Set<string>;
}

async function compareFiles(wheels: readonly ActivatedWheel[]): Promise<Collision[]> {
  const owners = new Map<string, Owners>();
  const directories = new Map<string, string>();
  for (const wheel of wheels) {
    for (const [path, content] of await withWheel(wheel, installedFiles)) {
      const owner = owners.get(path) ?? { wheels: new Set(), contents: new Set() };
      owners.set(path, owner);
      owner.wheels.add(wheel.filename);
      owner.contents.add(content);
      for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
        const directory = path.slice(0, end);
        if (directories.has(directory)) break;
        directories.set(directory, wheel.filename);
      }
    }
  }
  for (const [path, wheel] of directories) {
    const owner = owners.get(path);
    owner?.contents.add("directory");
    owner?.wheels.add(wheel);
  }
  return [...owners]
    .filter(([, owner]) => owner.contents.size > 1)
    .map(([path, owner]) => ({ path, wheels: [...owner.wheels] }))
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

function decode(text: string | undefined): Collision[] | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every(isCollision) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isCollision(value: unknown): value is Collision {
  if (typeof value !== "object" || value === null) return false;
  const { path, wheels } = value as Partial<Collision>;
  return typeof path === "string" && Array.isArray(wheels) && wheels.every((each) => typeof each === "string");
}
