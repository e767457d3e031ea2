/** What the user changes about what distributions require: `--exclude` and `--override` (docs/internals/solver.md §3.5). */

import { UsageError } from "../base/errors.ts";
import type { ProjectName } from "../standards/project-name.ts";
import { formatRequirement, parseRequirement, type Requirement } from "../standards/requirement.ts";
import { isSubset, versionSetOf } from "../standards/version-set.ts";

/** Stands in for every requirement of a distribution on a project. */
export interface Override {
  readonly project: ProjectName;
  readonly requirement: Requirement;
  /** As PEX-INFO has it: `project==1` or `project=other==1`. */
  readonly text: string;
}

const OF_ANOTHER = /^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*=(?!=)(.*)$/s;

/** Reads `REQUIREMENT`, which overrides its own project, or `PROJECT=REQUIREMENT`. @throws InvalidRequirement */
export function parseOverride(text: string): Override {
  const [, name, other = ""] = OF_ANOTHER.exec(text) ?? [];
  const requirement = parseRequirement(name === undefined ? text : other.trim());
  const formatted = formatRequirement(requirement);
  if (name === undefined) return { project: requirement.project, requirement, text: formatted };
  const { name: replaced, project } = parseRequirement(name);
  return { project, requirement, text: `${replaced}=${formatted}` };
}

/** The amendments that apply to one target. */
export class Amendments {
  readonly excludes: readonly Requirement[];
  readonly #overrides = new Map<ProjectName, Override>();

  /** @param applies Whether the marker of a requirement holds. @throws UsageError when two overrides are for one project. */
  constructor(
    { excludes = [], overrides = [] }: { excludes?: readonly Requirement[]; overrides?: readonly Override[] },
    applies: (requirement: Requirement) => boolean,
  ) {
    this.excludes = excludes.filter(applies);
    for (const override of overrides) {
      if (!applies(override.requirement)) continue;
      const other = this.#overrides.get(override.project);
      if (other !== undefined && other.text !== override.text) {
        throw new UsageError(`Two overrides apply to ${override.project}: ${other.text}, ${override.text}`, {
          hint: "leave one of them out, or give them markers that exclude each other",
        });
      }
      this.#overrides.set(override.project, override);
    }
  }

  /** What counts instead of a requirement of a distribution, if anything does. */
  amend(requirement: Requirement): Requirement | undefined {
    const amended = this.#overrides.get(requirement.project)?.requirement ?? requirement;
    return this.isExcluded(amended) ? undefined : amended;
  }

  /** Whether nothing that would meet the requirement is wanted. */
  isExcluded({ project, specifier, url }: Requirement): boolean {
    return this.excludes.some(
      (exclude) =>
        exclude.project === project &&
        (exclude.specifier.length === 0 ||
          (url === undefined && isSubset(versionSetOf(specifier), versionSetOf(exclude.specifier)))),
    );
  }
}
