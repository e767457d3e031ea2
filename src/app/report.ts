/** What a build tells about itself. */

import type { PinnedDistribution, Resolution } from "../resolver/resolution.ts";
import { compareOrdinal } from "../base/text.ts";
import { formatVersion } from "../standards/version.ts";
import type { DistributionReport } from "./build-request.ts";

/** What fetching a file has shown beyond what the index told. */
export interface FetchedFacts {
  readonly sha256: string;
  readonly size: number;
}

/** One row per distinct file, sorted by project, then by file name. */
export function reportDistributions(
  resolutions: readonly Resolution[],
  fetched: ReadonlyMap<string, FetchedFacts>,
): DistributionReport[] {
  const rows = new Map<string, DistributionReport>();
  for (const distribution of resolutions.flatMap((resolution) => resolution.distributions)) {
    rows.set(distribution.file.filename, reportOne(distribution, fetched.get(distribution.file.filename)));
  }
  return [...rows.values()].toSorted(
    (left, right) => compareOrdinal(left.project, right.project) || compareOrdinal(left.file, right.file),
  );
}

function reportOne(distribution: PinnedDistribution, facts: FetchedFacts | undefined): DistributionReport {
  return {
    project: distribution.project,
    version: formatVersion(distribution.version),
    file: distribution.file.filename,
    sha256: facts?.sha256 ?? distribution.file.hashes["sha256"],
    size: facts?.size ?? distribution.file.size,
    requiredBy: distribution.requiredBy,
  };
}
