/** Removes from the builder's part of the cache what nobody has used for some time. */

import { join } from "node:path";

import { factsOf, FileError, lastUse, listDirectory, remove, setAside } from "../base/fs.ts";
import type { CacheLayout } from "./layout.ts";

/** What became of one thing in the cache. */
export interface PrunedEntry {
  /** The bucket that it lies in. */
  readonly kind: string;
  readonly name: string;
  readonly bytes: number;
  readonly outcome: "removed" | "in use" | "kept";
}

export interface PruneOptions {
  /** Milliseconds since 1970; what was used since then is kept. All goes without it. */
  readonly before: number | undefined;
  /** Only tells what would go. */
  readonly dryRun: boolean;
  /** Only these buckets. */
  readonly kinds: readonly string[] | undefined;
}

/**
 * Builds need no lock: what they read never changes, and a build that misses a file makes it again or ends with an error.
 *
 * @throws FileError
 */
export function pruneBuilder(layout: CacheLayout, options: PruneOptions): PrunedEntry[] {
  const found: PrunedEntry[] = [];
  for (const kind of listDirectory(layout.root)) {
    if (options.kinds !== undefined && !options.kinds.includes(kind)) continue;
    for (const { name, parts } of entriesOf(kind, join(layout.root, kind))) {
      const path = join(layout.root, kind, name);
      try {
        const isOld = options.before === undefined || parts.every((part) => lastUse(part) < (options.before ?? 0));
        const bytes = parts.reduce((sum, part) => sum + (factsOf(part)?.size ?? 0), 0);
        if (isOld && !options.dryRun) takeAway(path);
        found.push({ kind, name, bytes, outcome: isOld ? "removed" : "kept" });
      } catch (error) {
        // Somebody else was faster.
        if (!(error instanceof FileError) || factsOf(path) !== undefined) throw error;
      }
    }
  }
  return found;
}

interface Entry {
  readonly name: string;
  /** The files that it consists of. */
  readonly parts: readonly string[];
}

/** Buckets whose entries are directories, which go as a whole. */
const OF_DIRECTORIES: readonly string[] = ["wheels", "package"];

/** In all other buckets each file stands for itself, at any depth. */
function entriesOf(kind: string, bucket: string): Entry[] {
  if (OF_DIRECTORIES.includes(kind)) {
    return listDirectory(bucket).map((name) => ({ name, parts: filesBelow(join(bucket, name)) }));
  }
  return filesBelow(bucket).map((path) => ({ name: path.slice(bucket.length + 1), parts: [path] }));
}

function filesBelow(path: string): string[] {
  if (factsOf(path)?.kind !== "directory") return [path];
  return listDirectory(path).flatMap((name) => filesBelow(join(path, name)));
}

/** First out of sight: a directory that is half deleted is no wheel. */
function takeAway(path: string): void {
  const aside = setAside(path);
  if (aside !== undefined) remove(aside);
}
