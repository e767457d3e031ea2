/** Where resolving and fetching meet building: what they ask for a source. Implemented in `source-builder.ts`. */

import type { StoredWheel } from "../cache/wheel-store.ts";
import type { ConfigSettings } from "../inputs/config-settings.ts";
import type { DirectSource } from "../inputs/direct-source.ts";
import type { Candidate } from "../resolver/candidate.ts";
import type { DependencyMetadata } from "../resolver/package-source.ts";

/** The part of a candidate or of a pinned distribution that names an sdist. */
export type SourceRelease = Pick<Candidate, "project" | "version" | "file">;

/** Makes wheels of sdists for one target, each once. */
export interface WheelBuilder {
  /**
   * The metadata of the wheel that the sdist builds to. For another machine, what it requires may stay unknown: then
   * `wheel` fails.
   *
   * @throws what `wheel` throws; InvalidMetadata
   */
  metadata(release: SourceRelease, options?: { readonly mayBuild: boolean }): Promise<DependencyMetadata>;

  /** The wheel of an sdist. @throws BuildFailed, BuildCycle, CannotBuild, UnusableWheel, WheelDoesNotFit, or what fetching throws */
  wheel(release: SourceRelease): Promise<StoredWheel>;

  /** Whether somebody has asked for the wheel of an sdist, or for what only the wheel tells. */
  hasTried(release: SourceRelease): boolean;

  /**
   * The wheel of what was named by path or URL.
   *
   * @param settings What its backend is told, if that is more than is known by its name.
   * @throws the same, and what reading it or asking git throws
   */
  direct(source: DirectSource, settings?: ConfigSettings): Promise<DirectWheel>;
}

/** A wheel that was built from what was named directly. */
export interface DirectWheel {
  readonly wheel: StoredWheel;
  /** The archive it was built from, if that is what was named. */
  readonly archive: StoredWheel | undefined;
}

/** A builder that is loaded when the first sdist turns up, which for most builds is never. */
export function lazyBuilder(load: () => Promise<WheelBuilder>): WheelBuilder {
  let loading: Promise<WheelBuilder> | undefined;
  let builder: WheelBuilder | undefined;
  const loaded = async (): Promise<WheelBuilder> => (builder ??= await (loading ??= load()));
  return {
    metadata: async (release, options) => (await loaded()).metadata(release, options),
    hasTried: (release) => builder?.hasTried(release) ?? false,
    wheel: async (release) => (await loaded()).wheel(release),
    direct: async (source, settings) => (await loaded()).direct(source, settings),
  };
}
