/** The answer of a resolve: one pinned set of distributions for one target. */

import type { ProjectName } from "../standards/project-name.ts";
import type { Requirement } from "../standards/requirement.ts";
import type { ProjectFile } from "../standards/simple-index.ts";
import type { Version } from "../standards/version.ts";
import type { Target } from "../targets/target.ts";
import type { PassedOver } from "./candidate.ts";
import type { DependencyMetadata } from "./package-source.ts";

/** One chosen file. */
export interface PinnedDistribution {
  readonly project: ProjectName;
  readonly version: Version;
  readonly file: ProjectFile;
  readonly kind: "wheel" | "sdist";
  /** Why the file will not do; only where a resolve went on over gaps. */
  readonly gap?: PassedOver;
  /** Extras that some requirement asked of it, sorted. */
  readonly extras: readonly ProjectName[];
  readonly metadata: DependencyMetadata;
  /** Who asked for it: projects of this resolution, sorted; empty when only the user did. */
  readonly requiredBy: readonly ProjectName[];
}

/** A complete, consistent choice. */
export interface Resolution {
  readonly target: Target;
  /** The user's requirements that apply to this target. */
  readonly roots: readonly Requirement[];
  /** Sorted by project name. */
  readonly distributions: readonly PinnedDistribution[];
  /** How many versions were decided on the way, backtracked ones included. */
  readonly tries: number;
}
