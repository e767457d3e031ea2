/** What a build tells about itself. */

import type { PinnedDistribution, Resolution } from "../resolver/resolution.ts";
import { compareOrdinal } from "../base/text.ts";
import { formatVersion } from "../standards/version.ts";
import type { ImageWheel } from "../pex/image.ts";
import type { StoredWheel } from "../cache/wheel-store.ts";
import type { DistributionReport } from "./build-request.ts";
import type { FetchedWheels } from "./fetch-wheels.ts";

/** One row per distinct file, sorted by project, then by file name. */
export function reportDistributions(
  resolutions: readonly Resolution[],
  fetched: FetchedWheels,
  remaining: readonly ImageWheel[] = [],
): DistributionReport[] {
  const rows = new Map<string, DistributionReport>();
  for (const { stored, project, version } of remaining) {
    const { filename: file, sha256, size } = stored;
    rows.set(file, { project, version, file, sha256, size, requiredBy: [] });
  }
  for (const distribution of resolutions.flatMap((resolution) => resolution.distributions)) {
    const row = reportOne(distribution, fetched.get(distribution));
    rows.set(row.file, row);
  }
  return [...rows.values()].toSorted(
    (left, right) => compareOrdinal(left.project, right.project) || compareOrdinal(left.file, right.file),
  );
}

function reportOne(distribution: PinnedDistribution, wheel: StoredWheel | undefined): DistributionReport {
  return {
    project: distribution.project,
    version: formatVersion(distribution.version),
    file: wheel?.filename ?? distribution.file.filename,
    sha256: wheel?.sha256 ?? distribution.file.hashes["sha256"],
    size: wheel?.size ?? distribution.file.size,
    requiredBy: distribution.requiredBy,
  };
}
