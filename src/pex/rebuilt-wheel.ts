/** Wheels that are put together again from installed trees, on their way to the store. */

import { join } from "node:path";

import { fileStreams } from "../archive/file-streams.ts";
import { makeTemporaryDirectory, remove } from "../base/fs.ts";
import type { StoredWheel, WheelStore } from "../cache/wheel-store.ts";
import type { InstalledTree } from "../wheel/installed-tree.ts";
import { rebuildWheel } from "../wheel/rebuild.ts";

/** Where wheels go that are taken out of something. */
export interface ExtractTools {
  readonly store: WheelStore;
  /** An existing directory for temporary files. */
  readonly temporary: string;
  readonly signal?: AbortSignal | undefined;
}

/** The wheel of a tree, in the store. @throws CorruptWheel, FileError, Cancelled, or what reading a file throws */
export async function storeRebuilt(
  tree: InstalledTree,
  { store, temporary, signal }: ExtractTools,
): Promise<StoredWheel> {
  const workspace = makeTemporaryDirectory(temporary, "pexjs-wheel-");
  try {
    const path = join(workspace, tree.filename);
    await rebuildWheel(tree, path, { signal });
    return await store.add(fileStreams.chunks(path), tree.filename, { signal });
  } finally {
    remove(workspace);
  }
}
