/** The error for requirements that contradict each other. */

import { quoteForShell, sentenceList } from "../base/text.ts";
import type { ProjectName } from "../standards/project-name.ts";
import type { Requirement } from "../standards/requirement.ts";
import { compareVersions, formatVersion } from "../standards/version.ts";
import { anyVersion, contains, intersect, type VersionSet, versionSetOf } from "../standards/version-set.ts";
import { Unsatisfiable } from "./errors.ts";
import type { FailedResolve } from "./failed-resolve.ts";
import { hintFor } from "./no-matching-version.ts";
import { describeRequirement } from "./requirement-text.ts";
import type { Fact } from "./solver/cause.ts";
import { explain } from "./solver/explain.ts";

/** More requirements than this are not listed. */
const MOST = 5;

/** Tells the proof. */
export function unsatisfiable(failed: FailedResolve): Unsatisfiable {
  const { proof, vocabulary } = failed;
  const { required, constrained } = userPart(failed);
  const all = [...new Set([...required, ...constrained.map(({ constraint }) => constraint)].map(describeRequirement))];
  const headline =
    all.length === 1
      ? `The requirement cannot be met: ${all.join("")}`
      : `The requirements contradict each other: ${listed(all)}`;
  const hint =
    hintFromObstacles(failed) ??
    withPrereleases(failed, hintToLoosen(required, constrained) ?? hintToLeaveOut(failed) ?? hintToOverride(failed));
  return new Unsatisfiable([headline, ...explain(proof, vocabulary)].join("\n  "), { hint });
}

type Limit = Extract<Fact, { readonly kind: "constraint" }>;

/** What the user said that the proof makes use of, in the user's order. */
function userPart({ facts, catalogue }: FailedResolve): {
  readonly required: readonly Requirement[];
  readonly constrained: readonly Limit[];
} {
  const used = new Set<Requirement>();
  const constrained = new Map<Requirement, Limit>();
  for (const { cause, terms } of facts) {
    if (cause.kind === "constraint") constrained.set(cause.constraint, cause);
    else if (cause.kind === "dependency" && terms[0]?.package.kind === "root") used.add(cause.requirement);
  }
  return { required: catalogue.roots.filter((root) => used.has(root)), constrained: [...constrained.values()] };
}

/** How to get at versions that exist, where the requirements on a project leave none that can be used. */
function hintFromObstacles({ facts, vocabulary, request }: FailedResolve): string | undefined {
  for (const {
    cause,
    terms: [term],
  } of facts) {
    if (cause.kind !== "no-versions" || term === undefined || term.package.kind === "root") continue;
    const { project } = term.package;
    const required = requiredSet(facts, project);
    if (vocabulary.usableVersionsOf(project)?.some((version) => contains(required, version)) === true) continue;
    const hint = hintFor(vocabulary.obstacles(project, required)[0], { project, target: request.target });
    if (hint !== undefined) return hint;
  }
  return undefined;
}

/** What all requirements on a project in a proof leave of it. */
function requiredSet(facts: FailedResolve["facts"], project: ProjectName): VersionSet {
  const sets = facts.flatMap(({ cause }) =>
    cause.kind === "dependency" && cause.requirement.project === project
      ? [versionSetOf(cause.requirement.specifier)]
      : [],
  );
  return sets.reduce(intersect, anyVersion);
}

function hintToLoosen(required: readonly Requirement[], constrained: readonly Limit[]): string | undefined {
  const loosenable = required.filter((requirement) => requirement.specifier.length > 0);
  const all = [
    ...loosenable.map((requirement) => `\`${describeRequirement(requirement)}\``),
    ...constrained.map(({ verb, constraint }) => {
      const what = verb === "exclude" ? "exclusion" : "constraint";
      return `the ${what} \`${describeRequirement(constraint)}\``;
    }),
  ];
  if (all.length > MOST) return undefined;
  return all.length > 0 ? `Loosen ${sentenceList(all, "or")}` : undefined;
}

/** What of the user's, an extra perhaps, the proof would fall without. */
function hintToLeaveOut({ facts }: FailedResolve): string | undefined {
  const needed = new Set(
    facts.flatMap(({ terms: [first, second] }) => (first?.package.kind === "root" && second ? [second.package] : [])),
  );
  const bases = new Set([...needed].map((subject) => subject.kind === "extra" && subject.base));
  // The user's order is that of discovery.
  const labels = [...needed]
    .filter((subject) => subject.kind === "extra" || (subject.kind === "project" && !bases.has(subject)))
    .toSorted((left, right) => left.id - right.id)
    .map(({ label }) => label);
  if (labels.length < 2 || labels.length > MOST) return undefined;
  return `Leave out ${sentenceList(labels, "or")}: no releases of them go together`;
}

/** What to do when distributions contradict each other, or themselves, about a project. */
function hintToOverride({ facts }: FailedResolve): string | undefined {
  const demands = new Map<ProjectName, string>();
  for (const { cause, terms } of facts) {
    if (cause.kind !== "dependency" || terms[0]?.package.kind === "root") continue;
    const { project } = cause.requirement;
    const demand = describeRequirement(cause.requirement);
    const other = demands.get(project) ?? demand;
    demands.set(project, other);
    if (other === demand) continue;
    return `Decide what is required of ${project}, such as by \`--override ${quoteForShell(demand)}\``;
  }
  return undefined;
}

/** Names a pre-release newer than all that was looked at, if there is one that meets what is required. */
function withPrereleases({ facts, vocabulary }: FailedResolve, hint: string | undefined): string | undefined {
  const projects = new Set(
    facts.flatMap(({ cause }) => (cause.kind === "dependency" ? [cause.requirement.project] : [])),
  );
  for (const project of projects) {
    const required = requiredSet(facts, project);
    const [newest] = vocabulary.obstacles(project, required).find(({ kind }) => kind === "prerelease")?.versions ?? [];
    const best = vocabulary.usableVersionsOf(project)?.find((version) => contains(required, version));
    if (newest === undefined || (best !== undefined && compareVersions(best, newest) > 0)) continue;
    const allow = `allow pre-releases with --pre, such as ${project} ${formatVersion(newest)}`;
    return hint === undefined ? `A${allow.slice(1)}` : `${hint}, or ${allow}`;
  }
  return hint;
}

function listed(texts: readonly string[]): string {
  return texts.length <= MOST ? texts.join(", ") : `${texts.slice(0, MOST).join(", ")} and ${texts.length - MOST} more`;
}
