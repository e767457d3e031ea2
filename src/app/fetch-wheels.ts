/** Gets every chosen wheel onto this disk, checked against all hashes that are known. */

import { mapConcurrently } from "../base/concurrency.ts";
import type { StoredWheel } from "../cache/wheel-store.ts";
import type { ProjectIndex } from "../index/project-index.ts";
import type { PinnedDistribution, Resolution } from "../resolver/resolution.ts";
import { assertAllowed, type AllowedHashes } from "./allowed-hashes.ts";

export interface FetchOptions {
  /** Downloads at the same time. */
  readonly jobs: number;
  readonly allowedHashes: AllowedHashes;
}

/**
 * The wheels of all resolutions by file name, each fetched once.
 *
 * @throws HashMismatch, CorruptWheel, or what the network throws; what has arrived stays in the store.
 */
export async function fetchWheels(
  resolutions: readonly Resolution[],
  index: ProjectIndex,
  options: FetchOptions,
): Promise<ReadonlyMap<string, StoredWheel>> {
  const wanted = new Map<string, PinnedDistribution>();
  for (const distribution of resolutions.flatMap((resolution) => resolution.distributions)) {
    wanted.set(distribution.file.filename, distribution);
  }
  const wheels = await mapConcurrently([...wanted.values()], options.jobs, async ({ file, project }) => {
    const wheel = await index.download(file);
    assertAllowed(wheel, project, options.allowedHashes);
    return wheel;
  });
  return new Map(wheels.map((wheel) => [wheel.filename, wheel]));
}
