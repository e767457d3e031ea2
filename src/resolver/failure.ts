/** Which error a proof becomes (docs/internals/solver.md §5). */

import type { PexError } from "../base/errors.ts";
import type { ProjectName } from "../standards/project-name.ts";
import type { Requirement } from "../standards/requirement.ts";
import { formatSpecifierSet } from "../standards/specifier.ts";
import type { FailedResolve, Lack } from "./failed-resolve.ts";
import { noMatchingVersion } from "./no-matching-version.ts";
import type { PackageCatalogue } from "./package-catalogue.ts";
import type { ResolveRequest } from "./resolve-request.ts";
import type { Fact } from "./solver/cause.ts";
import { factsOf } from "./solver/proof.ts";
import type { Incompatibility } from "./solver/incompatibility.ts";
import type { Term } from "./solver/term.ts";
import { unknownProject } from "./unknown-project.ts";
import { unsatisfiable } from "./unsatisfiable.ts";
import { ResolveVocabulary } from "./resolve-vocabulary.ts";

/** The error that tells why there is no solution. */
export function failureOf(proof: Incompatibility, request: ResolveRequest, catalogue: PackageCatalogue): PexError {
  const vocabulary = new ResolveVocabulary(request, catalogue);
  const failed: FailedResolve = { proof, facts: factsOf(proof), request, catalogue, vocabulary };
  const lack = soleLack(failed.facts);
  if (lack === undefined) return unsatisfiable(failed);
  const isUnknown = failed.facts.some(({ cause }) => cause.kind === "unknown-project");
  return isUnknown ? unknownProject(failed, lack) : noMatchingVersion(failed, lack);
}

/** The one thing that is missing, when nothing contradicts anything else. */
function soleLack(facts: readonly Incompatibility<Fact>[]): Lack | undefined {
  const lacking = new Set<ProjectName>();
  const dependants = new Map<ProjectName, Term[]>();
  const requirements = new Map<ProjectName, Requirement>();
  const dependantProjects = new Set<ProjectName>();
  for (const { cause, terms } of facts) {
    const [first] = terms;
    if (cause.kind === "constraint" || first === undefined) return undefined;
    if (cause.kind === "dependency") {
      const { requirement } = cause;
      const other = requirements.get(requirement.project);
      if (other !== undefined && !isSameDemand(other, requirement)) return undefined;
      requirements.set(requirement.project, requirement);
      if (first.package.kind === "root") continue;
      dependantProjects.add(first.package.project);
      dependants.set(requirement.project, [...(dependants.get(requirement.project) ?? []), first]);
    } else if (cause.kind !== "root" && cause.kind !== "same-version" && first.package.kind !== "root") {
      lacking.add(first.package.project);
    }
  }
  const [project, another] = lacking;
  if (project === undefined || another !== undefined) return undefined;
  for (const required of requirements.keys()) {
    // A requirement that does not lead to the lack is one side of a contradiction.
    if (required !== project && !dependantProjects.has(required)) return undefined;
  }
  const requirement = requirements.get(project);
  return (
    requirement && { project, requirement, dependants: dependants.get(project) ?? [], path: pathTo(project, facts) }
  );
}

/** How the user's requirements lead to a project, by the fewest steps. */
function pathTo(project: ProjectName, facts: readonly Incompatibility<Fact>[]): readonly Requirement[] {
  const ways: Requirement[][] = [[]];
  const met = new Set<ProjectName>();
  // Iteration reaches what is added on the way.
  for (const way of ways) {
    const end = way.at(-1)?.project;
    if (end === project) return way;
    for (const { cause, terms } of facts) {
      const dependant = terms[0]?.package;
      if (cause.kind !== "dependency" || dependant === undefined || met.has(cause.requirement.project)) continue;
      if ((dependant.kind === "root" ? undefined : dependant.project) !== end) continue;
      met.add(cause.requirement.project);
      ways.push([...way, cause.requirement]);
    }
  }
  return [];
}

function isSameDemand(left: Requirement, right: Requirement): boolean {
  return formatSpecifierSet(left.specifier) === formatSpecifierSet(right.specifier);
}
