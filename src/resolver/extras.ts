/** From requirements to packages of the solver (docs/internals/solver.md §3.1). */

import type { Requirement } from "../standards/requirement.ts";
import { onlyVersion, versionSetOf } from "../standards/version-set.ts";
import type { Version } from "../standards/version.ts";
import type { Dependency } from "./solver/catalogue.ts";
import type { ExtraPackage, PackageTable } from "./solver/package.ts";

/** A requirement is about the project and about each extra it names, all in the same set. */
export function dependenciesOf(requirement: Requirement, packages: PackageTable): readonly Dependency[] {
  const set = versionSetOf(requirement.specifier);
  const cause = { kind: "dependency", requirement } as const;
  const base = packages.project(requirement.project);
  const dependencies: Dependency[] = [{ package: base, set, cause }];
  for (const extra of requirement.extras) dependencies.push({ package: packages.extra(base, extra), set, cause });
  return dependencies;
}

/** An extra goes with its project at the same version. */
export function bondOf(subject: ExtraPackage, version: Version): Dependency {
  return { package: subject.base, set: onlyVersion(version), cause: { kind: "same-version" } };
}
