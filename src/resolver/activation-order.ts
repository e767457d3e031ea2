/** The order in which distributions are activated: on colliding files, the earlier one wins. */

import { PexError } from "../base/errors.ts";
import type { ProjectName } from "../standards/project-name.ts";
import type { Requirement } from "../standards/requirement.ts";
import { RequirementReader } from "./requirement-reader.ts";
import type { PinnedDistribution, Resolution } from "./resolution.ts";

/** The user's requirements as given, then breadth first along dependencies in the order of their metadata. */
export function activationOrder(resolution: Resolution): readonly PinnedDistribution[] {
  const byProject = new Map(resolution.distributions.map((distribution) => [distribution.project, distribution]));
  const reader = new RequirementReader(resolution.target.markers);
  const ordered = new Set<PinnedDistribution>();
  const add = (project: ProjectName): void => {
    const distribution = byProject.get(project);
    if (distribution !== undefined) ordered.add(distribution);
  };
  for (const root of resolution.roots) add(root.project);
  // Iteration reaches what is added on the way.
  for (const distribution of ordered) for (const { project } of requirementsOf(distribution, reader)) add(project);
  for (const distribution of resolution.distributions) ordered.add(distribution);
  return [...ordered];
}

/** What a distribution requires with its extras, in the order written; nothing if that cannot be read. */
export function requirementsOf(
  { metadata, extras }: Pick<PinnedDistribution, "metadata" | "extras">,
  reader: RequirementReader,
): readonly Requirement[] {
  try {
    return [undefined, ...extras].flatMap((extra) => reader.read(metadata, extra));
  } catch (error) {
    // Only a resolve without dependencies accepts such metadata, and that did not look at it.
    if (error instanceof PexError) return [];
    throw error;
  }
}
