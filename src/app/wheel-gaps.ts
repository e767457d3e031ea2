/** What targets have no wheels of, told all at once: one table, distribution by target. */

import { mapConcurrently } from "../base/concurrency.ts";
import { PexError } from "../base/errors.ts";
import { compareOrdinal, escapeControl, plural, sentenceList } from "../base/text.ts";
import type { ProjectIndex } from "../index/project-index.ts";
import { acceptsPython, judgeFiles } from "../resolver/candidate.ts";
import { describePassedOver } from "../resolver/passed-over.ts";
import type { PinnedDistribution } from "../resolver/resolution.ts";
import type { ProjectReleases } from "../standards/simple-index.ts";
import { compareVersions, formatVersion, isPrerelease } from "../standards/version.ts";
import { tryParseWheelFilename } from "../standards/wheel-filename.ts";
import { describeRelease, isLater, neededRelease, optionFor, type SystemRelease } from "../targets/later-system.ts";
import type { Target } from "../targets/target.ts";
import type { BuildRequest } from "./build-request.ts";
import type { Resolved } from "./fetch-wheels.ts";
import { CannotBuild, WheelDoesNotFit } from "./source-builder.ts";

/** Some targets have no wheels of some distributions. */
export class MissingWheels extends PexError {
  readonly code = "MISSING_WHEELS";
}

/** One distribution that one target has no wheel of; `--json` prints exactly this. */
export interface WheelGap {
  readonly project: string;
  readonly version: string;
  readonly target: string;
  /** What there is instead. */
  readonly exists: "other-wheels" | "refused-sdist" | "compiled-sdist" | "unbuilt-sdist";
  /** The same in words. */
  readonly detail: string;
  /** The newest other version with a wheel for the target. */
  readonly fittingVersion: string | null;
  /** The release of the target's system, such as `glibc 2.28`, from which on there are wheels. */
  readonly neededSystem: string | null;
}

/** What looking for gaps takes. */
interface GapTools {
  readonly request: Pick<BuildRequest, "dryRun" | "jobs">;
  readonly index: ProjectIndex;
}

/** A gap, and what building said. */
interface FoundGap extends WheelGap {
  readonly cause?: CannotBuild;
  readonly needed?: { readonly target: Target; readonly release: SystemRelease };
}

/** Sources that are built for one target at the same time. */
const BUILDS = 4;

/**
 * Builds what was chosen as source for other machines, which is when it shows whether the wheels fit there.
 *
 * @throws MissingWheels
 */
export async function assertNoGaps(resolved: readonly Resolved[], tools: GapTools): Promise<void> {
  const gaps: FoundGap[] = [];
  // One target after the other: what is pure Python is built for the first one only.
  for (const each of resolved) gaps.push(...(await gapsOf(each, tools)));
  if (gaps.length > 0) throw missingWheels(gaps);
}

async function gapsOf({ resolution, builder, built }: Resolved, tools: GapTools): Promise<FoundGap[]> {
  const { target, distributions } = resolution;
  const gaps = await mapConcurrently(distributions, tools.request.jobs ?? BUILDS, async (distribution) => {
    const { gap, kind, file } = distribution;
    if (built?.has(file.url) === true && gap !== undefined) {
      return gapIn(distribution, target, { tools, ...compiled(file.filename) });
    }
    if (gap !== undefined) {
      const exists = gap.kind === "policy" ? "refused-sdist" : "other-wheels";
      return gapIn(distribution, target, { tools, exists, detail: describePassedOver(gap, target) });
    }
    if (kind === "wheel" || target.interpreter !== undefined) return undefined;
    // A dry run builds nothing but what it had to.
    if (tools.request.dryRun && !builder.hasTried(distribution)) return undefined;
    try {
      await builder.wheel(distribution);
      return undefined;
    } catch (error) {
      const found = buildGap(error);
      return gapIn(distribution, target, { tools, ...found });
    }
  });
  return gaps.filter((gap) => gap !== undefined);
}

/** @throws what is no gap */
function buildGap(error: unknown): Pick<FoundGap, "exists" | "detail" | "cause"> {
  if (error instanceof WheelDoesNotFit) return compiled(error.filename);
  if (error instanceof CannotBuild) {
    return { exists: "unbuilt-sdist", detail: "a source that cannot be built here", cause: error };
  }
  throw error;
}

function compiled(wheel: string): Pick<FoundGap, "exists" | "detail"> {
  return { exists: "compiled-sdist", detail: `a source that is compiled: here it becomes ${wheel}` };
}

async function gapIn(
  { project, version }: PinnedDistribution,
  target: Target,
  { tools, ...found }: Pick<FoundGap, "exists" | "detail" | "cause"> & { readonly tools: GapTools },
): Promise<FoundGap> {
  const releases = await tools.index.releases(project, target.markers);
  const release = releases && releaseWithWheels(releases, version, target);
  const needs = release && describeRelease(release);
  const more = needs !== undefined && found.exists !== "other-wheels" ? `; wheels need ${needs}` : "";
  return {
    project,
    version: formatVersion(version),
    target: target.description,
    ...found,
    detail: found.detail + more,
    fittingVersion: (releases && fittingVersion(project, releases, target)) ?? null,
    neededSystem: needs ?? null,
    ...(release && { needed: { target, release } }),
  };
}

/** The system that the target would need for a wheel of this version. */
function releaseWithWheels(
  releases: ProjectReleases,
  version: PinnedDistribution["version"],
  target: Target,
): SystemRelease | undefined {
  const position = releases.versions.findIndex((each) => compareVersions(each, version) === 0);
  const files = position === -1 ? [] : releases.files(position);
  const accepted = files.filter(({ requiresPython }) => acceptsPython(requiresPython, target));
  return neededRelease(
    target,
    accepted.flatMap(({ filename }) => tryParseWheelFilename(filename)?.tags ?? []),
  );
}

/** The newest final version that has a wheel for the target. */
function fittingVersion(
  project: PinnedDistribution["project"],
  releases: ProjectReleases,
  target: Target,
): string | undefined {
  const wheelsOnly = { target, allowedHashes: undefined, kinds: { wheel: true, sdist: false } };
  const version = releases.versions.find((each, position) => {
    if (isPrerelease(each)) return false;
    const judgement = judgeFiles({ project, version: each }, releases.files(position), wheelsOnly);
    return judgement.kind === "usable" && judgement.yanked === undefined;
  });
  return version && formatVersion(version);
}

function missingWheels(gaps: readonly FoundGap[]): MissingWheels {
  const sorted = gaps.toSorted((left, right) => compareOrdinal(left.project, right.project));
  const distributions = new Set(sorted.map(nameOf)).size;
  const targets = new Set(sorted.map(({ target }) => target));
  const [only] = targets;
  const where = targets.size === 1 ? only : `${targets.size} targets`;
  const causes = causesOf(sorted);
  return new MissingWheels(
    [`${plural(distributions, "distribution")} without a wheel for ${where}`, ...tableOf(sorted)].join("\n"),
    {
      hint: hintsFor(sorted).join("\n"),
      cause: causes.length > 1 ? new AggregateError(causes) : causes[0],
      facts: { missing: sorted.map(factsOf) },
    },
  );
}

function factsOf(gap: FoundGap): WheelGap {
  const { project, version, target, exists, detail } = gap;
  return {
    project,
    version,
    target,
    exists,
    detail,
    fittingVersion: gap.fittingVersion,
    neededSystem: gap.neededSystem,
  };
}

/** What made builds fail, once for each distribution. */
function causesOf(gaps: readonly FoundGap[]): unknown[] {
  const causes = new Map<string, unknown>();
  for (const { project, cause } of gaps) if (cause && !causes.has(project)) causes.set(project, cause.cause);
  return [...causes.values()];
}

function nameOf({ project, version }: WheelGap): string {
  return `${project} ${version}`;
}

/** Lines in three columns; a distribution is named once. */
function tableOf(gaps: readonly WheelGap[]): string[] {
  const rows = [
    ["distribution", "target", "what there is"] as const,
    ...gaps.map((gap, index) => {
      const previous = gaps[index - 1];
      const isNamed = previous !== undefined && nameOf(previous) === nameOf(gap);
      return [isNamed ? "" : nameOf(gap), gap.target, gap.detail] as const;
    }),
  ].map(([name, target, detail]) => [escapeControl(name), escapeControl(target), escapeControl(detail)] as const);
  const widest = (column: 0 | 1): number => Math.max(...rows.map((row) => row[column].length));
  const [names, targets] = [widest(0), widest(1)];
  return rows.map(([name, target, detail]) => `  ${name.padEnd(names)}  ${target.padEnd(targets)}  ${detail}`);
}

/** What to do, a line for each way out. */
function hintsFor(gaps: readonly FoundGap[]): string[] {
  const hints: string[] = [...systemHints(gaps)];
  const kinds = new Set(gaps.map(({ exists }) => exists));
  if (kinds.has("refused-sdist")) {
    hints.push("Allow building with --build: what is pure Python is built here for every target");
  }
  const fitting = new Map(gaps.map(({ project, fittingVersion: version }) => [project, version]));
  for (const [project, version] of fitting) {
    if (gaps.some((gap) => gap.project === project && gap.fittingVersion !== version)) continue;
    if (version !== null) hints.push(`Take a version of ${project} that has wheels: \`${project}==${version}\``);
  }
  const projects = sentenceList([...new Set(gaps.map(({ project }) => project))]);
  hints.push(`Give wheels of ${projects} with --find-links, built on such a machine`);
  if (kinds.has("compiled-sdist")) {
    hints.push("Build with a Python of this machine that matches the target: --resolve-local-platforms");
  }
  for (const { cause } of gaps) {
    const hint = cause && hintBelow(cause);
    if (hint !== undefined && !hints.includes(hint)) hints.push(hint);
  }
  return hints;
}

/** For each target, the system on which it would have wheels of what has any. */
function systemHints(gaps: readonly FoundGap[]): Set<string> {
  const hints = new Set<string>();
  for (const each of new Set(gaps.map(({ target }) => target))) {
    const related = gaps.filter(({ target, needed }) => target === each && needed !== undefined);
    const [first, ...others] = related.flatMap(({ needed }) => needed ?? []);
    if (first === undefined) continue;
    const { target, release } = others.reduce(
      (last, next) => (isLater(next.release, last.release) ? next : last),
      first,
    );
    const projects = sentenceList([...new Set(related.map(({ project }) => project))]);
    const option = optionFor(target, release);
    const needs = `Wheels of ${projects} need ${describeRelease(release)}`;
    hints.add(
      option === undefined ? `${needs}, which is newer than ${each}` : `${needs}; if the machine has that: ${option}`,
    );
  }
  return hints;
}

/** What helps with a build that failed. */
function hintBelow(error: PexError): string | undefined {
  if (error.hint !== undefined) return error.hint.charAt(0).toUpperCase() + error.hint.slice(1);
  return error.cause instanceof PexError ? hintBelow(error.cause) : undefined;
}
