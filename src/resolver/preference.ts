/** Which version in a set is tried first (docs/internals/solver.md §3.4). */

import { contains, type VersionSet } from "../standards/version-set.ts";
import { isPrerelease } from "../standards/version.ts";
import type { ProjectCandidates } from "./project-candidates.ts";

/** How reluctant candidates are treated. */
export interface Policy {
  /** Where pre-releases are candidates. */
  readonly prereleases: VersionSet;
  /** Where yanked releases are candidates. */
  readonly yanked: VersionSet;
  /** Whether pre-releases rank by their version, not after all final releases. */
  readonly prereleasesCompete: boolean;
}

/** What a look at the versions of a set has found. */
export interface Preferred {
  /** Index of the best candidate. */
  readonly index: number | undefined;
  /** Whether some version would be a candidate if the policy allowed it. */
  readonly refused: boolean;
}

/** The best candidate in a set: the newest; pre-releases may, yanked releases always do come after the others. */
export function preferredIn(candidates: ProjectCandidates, set: VersionSet, policy: Policy): Preferred {
  let prerelease: number | undefined;
  let yanked: number | undefined;
  let refused = false;
  for (const [index, version] of candidates.versions.entries()) {
    if (!contains(set, version)) continue;
    const reluctant = isPrerelease(version) && !policy.prereleasesCompete;
    if (reluctant && prerelease !== undefined) continue;
    const judgement = candidates.judge(index);
    if (judgement.kind === "unusable") continue;
    if (isPrerelease(version) && !contains(policy.prereleases, version)) refused = true;
    else if (judgement.yanked !== undefined) {
      if (!contains(policy.yanked, version)) refused = true;
      else yanked ??= index;
    } else if (reluctant) prerelease = index;
    else return { index, refused };
  }
  return { index: prerelease ?? yanked, refused };
}

/** Whether a set holds a final release that the target can use, yanked or not. */
export function hasFinalRelease(candidates: ProjectCandidates, set: VersionSet): boolean {
  return candidates.versions.some(
    (version, index) =>
      !isPrerelease(version) && contains(set, version) && candidates.judge(index).kind === "usable",
  );
}
