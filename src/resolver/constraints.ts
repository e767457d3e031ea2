/** Limits on versions that add nothing themselves (docs/internals/solver.md §3.5). */

import { NotImplemented, UsageError } from "../base/errors.ts";
import type { ProjectName } from "../standards/project-name.ts";
import type { Requirement } from "../standards/requirement.ts";
import { complement, isEmpty, versionSetOf } from "../standards/version-set.ts";
import { describeRequirement } from "./requirement-text.ts";
import { externalIncompatibility, type Incompatibility } from "./solver/incompatibility.ts";
import type { ProjectPackage } from "./solver/package.ts";

/** The constraints that apply, by project. */
export class Constraints {
  readonly #byProject: ReadonlyMap<ProjectName, readonly Requirement[]>;

  /** @throws UsageError for a constraint with extras, NotImplemented for one with a URL. */
  constructor(constraints: readonly Requirement[]) {
    const byProject = new Map<ProjectName, Requirement[]>();
    for (const constraint of constraints) {
      checkConstraint(constraint);
      const known = byProject.get(constraint.project);
      if (known === undefined) byProject.set(constraint.project, [constraint]);
      else known.push(constraint);
    }
    this.#byProject = byProject;
  }

  /** One incompatibility for each constraint on a package: what it leaves out cannot be chosen. */
  limits(subject: ProjectPackage): readonly Incompatibility[] {
    return (this.#byProject.get(subject.project) ?? []).flatMap((constraint) => {
      const set = complement(versionSetOf(constraint.specifier));
      if (isEmpty(set)) return [];
      return [externalIncompatibility([{ package: subject, positive: true, set }], { kind: "constraint", constraint })];
    });
  }
}

function checkConstraint(constraint: Requirement): void {
  if (constraint.url !== undefined) {
    throw new NotImplemented(`Constraints with a URL are not supported yet: ${constraint.name}`, {
      hint: `Constrain ${constraint.project} by version`,
    });
  }
  if (constraint.extras.length > 0) {
    throw new UsageError(`Constraints cannot have extras: ${describeRequirement(constraint)}`, {
      hint: `Move \`[${constraint.extras.join(",")}]\` to a requirement`,
    });
  }
}
