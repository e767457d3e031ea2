/** The error for requirements that contradict each other. */

import { sentenceList } from "../base/text.ts";
import type { ProjectName } from "../standards/project-name.ts";
import type { Requirement } from "../standards/requirement.ts";
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
  const hint = hintFromObstacles(failed) ?? hintToLoosen(required, constrained);
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
  if (all.length > 0) return `Loosen ${sentenceList(all, "or")}`;
  const projects = [...new Set(required.map(({ project }) => project))];
  if (projects.length < 2 || projects.length > MOST) return undefined;
  return `Leave out ${sentenceList(projects, "or")}: no releases of them go together`;
}

function listed(texts: readonly string[]): string {
  return texts.length <= MOST ? texts.join(", ") : `${texts.slice(0, MOST).join(", ")} and ${texts.length - MOST} more`;
}
