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
  /** Whether a source distribution is tried only when no wheel is left. */
  readonly preferWheels?: boolean;
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
  let best: number | undefined;
  let prerelease: number | undefined;
  let source: number | undefined;
  let yanked: number | undefined;
  let gap: number | undefined;
  let refused = false;
  candidates.someIn(set, (index, version) => {
    const isReluctant = isPrerelease(version) && !policy.prereleasesCompete;
    if (isReluctant && prerelease !== undefined) return false;
    const judgement = candidates.judge(index);
    if (judgement.kind === "unusable") return false;
    if (isPrerelease(version) && !contains(policy.prereleases, version)) refused = true;
    else if (judgement.yanked !== undefined) {
      if (!contains(policy.yanked, version)) refused = true;
      else yanked ??= index;
    } else if (judgement.candidate.gap !== undefined) gap ??= index;
    else if (isReluctant) prerelease = index;
    else if (policy.preferWheels === true && judgement.candidate.kind === "sdist") source ??= index;
    else best = index;
    return best !== undefined;
  });
  return { index: best ?? source ?? prerelease ?? yanked ?? gap, refused };
}

/** Whether a set holds a final release that the target can use, yanked or not. */
export function hasFinalRelease(candidates: ProjectCandidates, set: VersionSet): boolean {
  return candidates.someIn(
    set,
    (index, version) => !isPrerelease(version) && candidates.judge(index).kind === "usable",
  );
}
