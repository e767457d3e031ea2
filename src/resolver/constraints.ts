/** Limits on versions that add nothing themselves (docs/internals/solver.md §3.5). */

import { UsageError } from "../base/errors.ts";
import type { ProjectName } from "../standards/project-name.ts";
import type { Requirement } from "../standards/requirement.ts";
import { complement, isEmpty, type VersionSet, versionSetOf } from "../standards/version-set.ts";
import { describeRequirement } from "./requirement-text.ts";
import type { Fact } from "./solver/cause.ts";
import { externalIncompatibility, type Incompatibility } from "./solver/incompatibility.ts";
import type { ProjectPackage } from "./solver/package.ts";

/** The constraints and exclusions that apply, by project. */
export class Constraints {
  readonly #byProject: ReadonlyMap<ProjectName, readonly Requirement[]>;
  readonly #excludes: readonly Requirement[];

  /** @throws UsageError for a constraint with extras or a URL. */
  constructor(constraints: readonly Requirement[], excludes: readonly Requirement[] = []) {
    const byProject = new Map<ProjectName, Requirement[]>();
    for (const constraint of constraints) {
      checkConstraint(constraint);
      const known = byProject.get(constraint.project);
      if (known === undefined) byProject.set(constraint.project, [constraint]);
      else known.push(constraint);
    }
    this.#byProject = byProject;
    this.#excludes = excludes;
  }

  /** One incompatibility for each constraint or exclusion of a package: what it leaves out cannot be chosen. */
  limits(subject: ProjectPackage): readonly Incompatibility[] {
    const constraints = this.#byProject.get(subject.project) ?? [];
    const excludes = this.#excludes.filter(({ project }) => project === subject.project);
    return [
      ...constraints.flatMap((each) => limit(subject, complement(versionSetOf(each.specifier)), constrains(each))),
      ...excludes.flatMap((each) =>
        limit(subject, versionSetOf(each.specifier), { ...constrains(each), verb: "exclude" }),
      ),
    ];
  }
}

function limit(subject: ProjectPackage, set: VersionSet, cause: Fact): readonly Incompatibility[] {
  return isEmpty(set) ? [] : [externalIncompatibility([{ package: subject, positive: true, set }], cause)];
}

function constrains(constraint: Requirement) {
  return { kind: "constraint", verb: "constrain", constraint } as const;
}

function checkConstraint(constraint: Requirement): void {
  if (constraint.url !== undefined) {
    throw new UsageError(`Constraints limit versions, they cannot have URLs: ${constraint.name}`, {
      hint: `Name the place of ${constraint.project} in a requirement`,
    });
  }
  if (constraint.extras.length > 0) {
    throw new UsageError(`Constraints cannot have extras: ${describeRequirement(constraint)}`, {
      hint: `Move \`[${constraint.extras.join(",")}]\` to a requirement`,
    });
  }
}
