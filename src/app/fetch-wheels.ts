/** Gets every chosen wheel onto this disk, checked against all hashes that are known. */

import { mapConcurrently } from "../base/concurrency.ts";
import type { StoredWheel } from "../cache/wheel-store.ts";
import type { ProjectIndex } from "../index/project-index.ts";
import type { DirectSource } from "../inputs/direct-source.ts";
import type { PinnedDistribution, Resolution } from "../resolver/resolution.ts";
import type { Requirement } from "../standards/requirement.ts";
import { assertAllowed, type HashedProject, hashesFor } from "./allowed-hashes.ts";
import type { WheelBuilder } from "./wheel-builder.ts";

export interface FetchOptions {
  /** Downloads at the same time. */
  readonly jobs: number;
  /** The hashes that the user gave. */
  readonly hashed: readonly HashedProject[];
}

/** A resolution, where its files are, and who builds what it chose as source. */
export interface Resolved {
  readonly resolution: Resolution;
  readonly index: ProjectIndex;
  readonly builder: WheelBuilder;
  /** What was named by path or URL. */
  readonly direct?: readonly DirectPin[];
  /** The same as messages call it, by the URL of the wheel that was built of it. */
  readonly built?: ReadonlyMap<string, string> | undefined;
}

/** A path or URL, and the requirement that stands for it since it has been built. */
export interface DirectPin {
  readonly source: DirectSource;
  readonly pin: Requirement;
}

/** The wheel for each chosen distribution. */
export type FetchedWheels = ReadonlyMap<PinnedDistribution, StoredWheel>;

/**
 * The wheels of all resolutions; what several of them share is fetched once.
 *
 * @throws HashMismatch, CorruptWheel, BuildFailed, or what the network throws; what has arrived stays in the store
 */
export async function fetchWheels(resolved: readonly Resolved[], options: FetchOptions): Promise<FetchedWheels> {
  const wanted = resolved.flatMap(({ resolution, index, builder }) => {
    const allowed = hashesFor(resolution.target, options.hashed);
    return resolution.distributions.map((distribution) => ({ distribution, index, builder, allowed }));
  });
  const wheels = await mapConcurrently(wanted, options.jobs, async ({ distribution, index, builder, allowed }) => {
    const file = await index.download(distribution.file);
    assertAllowed(file, distribution.project, allowed);
    const wheel = distribution.kind === "sdist" ? await builder.wheel(distribution) : file;
    return [distribution, wheel] as const;
  });
  return new Map(wheels);
}
