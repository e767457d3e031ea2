/** What a build tells about itself. */

import type { PinnedDistribution, Resolution } from "../resolver/resolution.ts";
import { SafeUrl } from "../base/safe-url.ts";
import { compareOrdinal } from "../base/text.ts";
import { formatVersion } from "../standards/version.ts";
import type { ImageWheel } from "../pex/image.ts";
import type { StoredWheel } from "../cache/wheel-store.ts";
import type { DistributionReport } from "./build-request.ts";
import type { FetchedWheels } from "./fetch-wheels.ts";

/** What was chosen. */
interface Chosen {
  readonly resolutions: readonly Resolution[];
  /** What was named by path or URL, by the URL of the wheel that was built of it. */
  readonly built: ReadonlyMap<string, string>;
}

/** One row per distinct file, sorted by project, then by file name. */
export function reportDistributions(
  { resolutions, built }: Chosen,
  fetched: FetchedWheels,
  remaining: readonly ImageWheel[] = [],
): DistributionReport[] {
  const rows = new Map<string, DistributionReport>();
  for (const { stored, project, version } of remaining) {
    const { filename: file, sha256, size } = stored;
    rows.set(file, { project, version, file, sha256, size, source: undefined, built: false, requiredBy: [] });
  }
  for (const distribution of resolutions.flatMap((resolution) => resolution.distributions)) {
    const row = reportOne(distribution, fetched.get(distribution), built);
    rows.set(row.file, row);
  }
  return [...rows.values()].toSorted(
    (left, right) => compareOrdinal(left.project, right.project) || compareOrdinal(left.file, right.file),
  );
}

function reportOne(
  distribution: PinnedDistribution,
  wheel: StoredWheel | undefined,
  built: Chosen["built"],
): DistributionReport {
  const { url } = distribution.file;
  const named = built.get(url);
  return {
    project: distribution.project,
    version: formatVersion(distribution.version),
    file: wheel?.filename ?? distribution.file.filename,
    sha256: wheel?.sha256 ?? distribution.file.hashes["sha256"],
    size: wheel?.size ?? distribution.file.size,
    source: named ?? shownUrl(url),
    built: named !== undefined || distribution.kind === "sdist",
    requiredBy: distribution.requiredBy,
  };
}

/** What lies inside of something else has no URL that means anything outside. */
function shownUrl(url: string): string | undefined {
  return url.startsWith("held:") ? undefined : SafeUrl.parse(url)?.toString();
}
