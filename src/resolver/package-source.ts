/** What the resolver asks of the world; implemented in `app/package-source.ts`. */

import type { CoreMetadata } from "../standards/core-metadata.ts";
import type { ProjectName } from "../standards/project-name.ts";
import type { ProjectReleases } from "../standards/simple-index.ts";
import type { Candidate } from "./candidate.ts";

/** The dependencies side of core metadata; all that solving needs. */
export type DependencyMetadata = Pick<CoreMetadata, "requiresDist" | "requiresPython" | "providesExtra">;

/** A value that may be at hand already: solving goes on without a tick when it is. */
export type Soon<Value> = Value | Promise<Value>;

/** Where releases and their metadata come from. Answers are kept: asking twice costs nothing. */
export interface PackageSource {
  /**
   * All releases of a project, or `undefined` when no configured place knows the project.
   *
   * @throws PexError when a place cannot be asked (network down, 401, broken page).
   */
  releases(project: ProjectName): Soon<ProjectReleases | undefined>;

  /**
   * What `releases` will probably say: what it said some other time, if that is at hand. Good for guesses only. The same
   * object if nothing has changed since.
   */
  recall(project: ProjectName): ProjectReleases | undefined;

  /**
   * The metadata of a candidate's file.
   *
   * @throws PexError such as `BuildFailed` of an sdist that had to be built.
   */
  metadata(candidate: Candidate): Soon<DependencyMetadata>;

  /** Says that `releases` will probably be asked for; never throws. */
  prefetchReleases(project: ProjectName): void;

  /** Says that `metadata` will probably be asked for; never throws. */
  prefetchMetadata(candidate: Candidate): void;
}
