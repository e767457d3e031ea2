/** From the solver's decisions to the answer. */

import type { Listener } from "../base/log.ts";
import { compareOrdinal } from "../base/text.ts";
import { normalizeName, type ProjectName } from "../standards/project-name.ts";
import { formatVersion } from "../standards/version.ts";
import { requirementsOf } from "./activation-order.ts";
import type { Candidate } from "./candidate.ts";
import { MissingHashes } from "./errors.ts";
import type { PackageCatalogue } from "./package-catalogue.ts";
import type { PackageSource } from "./package-source.ts";
import type { PinnedDistribution, Resolution } from "./resolution.ts";
import type { ResolveRequest } from "./resolve-request.ts";
import type { Decision } from "./solver/partial-solution.ts";

/** What an answer is made of. */
export interface Solved {
  readonly request: ResolveRequest;
  readonly source: PackageSource;
  readonly catalogue: PackageCatalogue;
  readonly decisions: readonly Decision[];
  readonly tries: number;
}

type Pinned = Omit<PinnedDistribution, "requiredBy">;

/**
 * Makes the resolution of what was decided.
 *
 * @throws MissingHashes when hashes are given, but not for all distributions.
 */
export async function buildResolution(solved: Solved, onEvent: Listener): Promise<Resolution> {
  const { request, catalogue, tries } = solved;
  const pinned = await pinAll(solved);
  requireHashes(request, pinned);
  warnOfUnknownExtras(pinned, onEvent);
  const dependants = request.transitive ? dependantsOf(pinned, catalogue) : new Map<ProjectName, Set<ProjectName>>();
  const distributions = pinned.map((distribution) => ({
    ...distribution,
    requiredBy: [...(dependants.get(distribution.project) ?? [])].sort(compareOrdinal),
  }));
  return { target: request.target, roots: catalogue.roots, distributions, tries };
}

/** The chosen files with their metadata, sorted by project. */
async function pinAll({ source, catalogue, decisions }: Solved): Promise<readonly Pinned[]> {
  const extras = extrasByProject(decisions);
  const pinned: Pinned[] = [];
  for (const { package: subject, version } of decisions) {
    if (subject.kind !== "project") continue;
    const judgement = catalogue.projects.loaded(subject.project)?.judgeVersion(version);
    if (judgement?.kind !== "usable") throw new TypeError(`${subject.label} was decided without a candidate`);
    const metadata = await source.metadata(judgement.candidate);
    pinned.push({ ...judgement.candidate, extras: extras.get(subject.project) ?? [], metadata });
  }
  return pinned.sort((left, right) => compareOrdinal(left.project, right.project));
}

function extrasByProject(decisions: readonly Decision[]): ReadonlyMap<ProjectName, readonly ProjectName[]> {
  const extras = new Map<ProjectName, ProjectName[]>();
  for (const { package: subject } of decisions) {
    if (subject.kind !== "extra") continue;
    const known = extras.get(subject.project);
    if (known === undefined) extras.set(subject.project, [subject.extra]);
    else known.push(subject.extra);
  }
  for (const list of extras.values()) list.sort(compareOrdinal);
  return extras;
}

function dependantsOf(
  pinned: readonly Pinned[],
  { reader }: PackageCatalogue,
): ReadonlyMap<ProjectName, ReadonlySet<ProjectName>> {
  const dependants = new Map<ProjectName, Set<ProjectName>>();
  for (const distribution of pinned) {
    for (const { project } of requirementsOf(distribution, reader)) {
      if (project === distribution.project) continue;
      const known = dependants.get(project);
      if (known === undefined) dependants.set(project, new Set([distribution.project]));
      else known.add(distribution.project);
    }
  }
  return dependants;
}

function requireHashes({ allowedHashes }: ResolveRequest, pinned: readonly Pinned[]): void {
  const missing = allowedHashes === undefined ? [] : pinned.filter(({ project }) => !allowedHashes.has(project));
  if (missing.length === 0) return;
  throw new MissingHashes(`Some requirements have hashes, these have none: ${missing.map(describe).join(", ")}`, {
    hint: "Add a line such as `name==1.0 --hash=sha256:…` for each of them to the requirements file",
  });
}

/** As in pip, an extra that does not exist is worth a warning only. */
function warnOfUnknownExtras(pinned: readonly Pinned[], onEvent: Listener): void {
  for (const distribution of pinned) {
    const provided = new Set(distribution.metadata.providesExtra.map(normalizeName));
    for (const extra of distribution.extras) {
      if (provided.has(extra)) continue;
      onEvent({ kind: "warning", text: `${describe(distribution)} has no extra called \`${extra}\`` });
    }
  }
}

function describe({ project, version }: Pick<Candidate, "project" | "version">): string {
  return `${project} ${formatVersion(version)}`;
}
