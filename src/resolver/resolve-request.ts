/** What is to be resolved. */

import type { ProjectName } from "../standards/project-name.ts";
import type { Requirement } from "../standards/requirement.ts";
import type { ProjectFile } from "../standards/simple-index.ts";
import type { Target } from "../targets/target.ts";
import type { Override } from "./amendments.ts";
import type { FilePolicy } from "./file-policy.ts";

/** The user's wishes for one target. */
export interface ResolveRequest {
  readonly target: Target;
  /** In the order given; markers are evaluated for the target. */
  readonly requirements: readonly Requirement[];
  /** Limit versions of what is needed anyway; markers are evaluated for the target. */
  readonly constraints: readonly Requirement[];
  /** Distributions that are not wanted, with what only they need. */
  readonly excludes?: readonly Requirement[];
  /** What counts instead of what distributions require. */
  readonly overrides?: readonly Override[];
  /** Whether pre-releases are ordinary candidates. */
  readonly prereleases: boolean;
  /** Whether dependencies are followed. */
  readonly transitive: boolean;
  /**
   * Allowed sha256 digests of files in lower-case hexadecimal; `undefined` for a project whose files are held against others
   * when they are here. When given, every distribution must have some.
   */
  readonly allowedHashes?: ReadonlyMap<ProjectName, ReadonlySet<string> | undefined> | undefined;
  /** Milliseconds since 1970: files uploaded then or later are no candidates, nor is one of which nobody knows. */
  readonly uploadedPriorTo?: number | undefined;
  /** Which kinds of files may be chosen; all unless given. */
  readonly files?: FilePolicy | undefined;
  /** Whether a file can be had; every one can unless given. */
  readonly isHere?: ((file: ProjectFile) => boolean) | undefined;
  /** Whether versions that the target has no file of count after all others, to find out everything that it lacks. */
  readonly overGaps?: boolean | undefined;
  /** Projects whose one file the user named, so that `files` does not limit them. */
  readonly direct?: ReadonlySet<ProjectName> | undefined;
  /** Pins for what metadata refers to by URL. */
  readonly references?: ReadonlyMap<string, Requirement> | undefined;
  /** How messages call the places that were searched for a project, such as host names. */
  readonly places?: ((project: ProjectName) => readonly string[]) | undefined;
  /** The hint when something is not in these places, where naming another one is no help. */
  readonly remedy?: string | undefined;
}
