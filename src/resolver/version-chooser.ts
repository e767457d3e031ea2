/** Finds the version to try next (docs/internals/solver.md, "Decision making" and §3.4). */

import type { PackageSource, Soon } from "./package-source.ts";
import {
  anyVersion,
  complement,
  contains,
  intersect,
  isSubset,
  onlyVersion,
  type VersionSet,
} from "../standards/version-set.ts";
import type { Version } from "../standards/version.ts";
import { hasFinalRelease, type Policy, preferredIn } from "./preference.ts";
import type { ProjectCandidates } from "./project-candidates.ts";
import type { ProjectTable } from "./project-table.ts";
import type { Choice, SolutionView } from "./solver/catalogue.ts";
import type { Fact } from "./solver/cause.ts";
import { externalIncompatibility } from "./solver/incompatibility.ts";
import type { ExtraPackage, Package, PackageTable, ProjectPackage } from "./solver/package.ts";
import { whenKnown } from "./soon.ts";

/** How the chooser sees the world. */
export interface ChooserOptions {
  readonly source: PackageSource;
  readonly packages: PackageTable;
  readonly projects: ProjectTable;
  /** Whether an older wheel goes before a newer source distribution. */
  readonly preferWheels: boolean;
  /** Called before the solver has to wait. */
  readonly onWait: () => void;
}

/** Tried this many versions of a project, metadata of as many more is asked for at once; then at every doubling. */
const FIRST_BATCH = 5;
const LARGEST_BATCH = 50;

/** Chooses among the candidates of projects. */
export class VersionChooser {
  readonly #options: ChooserOptions;
  readonly #tried = new Map<ProjectCandidates, Set<Version>>();

  constructor(options: ChooserOptions) {
    this.#options = options;
  }

  /** The preferred version of a project in a set, one that its extras can follow if there is any. */
  chooseProject(subject: ProjectPackage, set: VersionSet, solution: SolutionView): Soon<Choice> {
    return this.#whenLoaded(subject, (candidates) => {
      const common = this.#withExtras(subject, set, solution);
      const choice = this.#choose(subject, candidates, common, solution);
      return choice.kind === "none" && common !== set ? this.#choose(subject, candidates, set, solution) : choice;
    });
  }

  /** An extra follows its project; only when that is undecided, the same rules apply. */
  chooseExtra(subject: ExtraPackage, set: VersionSet, solution: SolutionView): Soon<Choice> {
    const version = solution.decision(subject.base);
    if (version === undefined) {
      return this.#whenLoaded(subject.base, (candidates) => this.#choose(subject, candidates, set, solution));
    }
    if (contains(set, version)) return { kind: "version", version };
    const point = onlyVersion(version);
    const terms = [
      { package: subject.base, positive: true, set: point },
      { package: subject, positive: true, set: complement(point) },
    ];
    return { kind: "none", incompatibility: externalIncompatibility(terms, { kind: "same-version" }) };
  }

  #whenLoaded(subject: ProjectPackage, then: (candidates: ProjectCandidates | undefined) => Choice): Soon<Choice> {
    const candidates = this.#options.projects.load(subject.project);
    if (candidates instanceof Promise) this.#options.onWait();
    return whenKnown(candidates, then);
  }

  /** What is left of a set where the extras that are needed can have the same version. */
  #withExtras(subject: ProjectPackage, set: VersionSet, solution: SolutionView): VersionSet {
    let common = set;
    for (const extra of this.#options.packages.extrasOf(subject)) {
      const known = solution.known(extra);
      if (known?.positive === true && !isSubset(common, known.set)) common = intersect(common, known.set);
    }
    return common;
  }

  #choose(
    subject: ProjectPackage | ExtraPackage,
    candidates: ProjectCandidates | undefined,
    set: VersionSet,
    solution: SolutionView,
  ): Choice {
    if (candidates === undefined) return none(subject, anyVersion, { kind: "unknown-project" });
    const { projects } = this.#options;
    const allowance = projects.allowanceOf(subject.project);
    const prereleasesCompete = allowance.prereleasesCompete(solution);
    const policy = (): Policy => ({
      prereleases: allowance.prereleases,
      yanked: allowance.yanked,
      prereleasesCompete,
      preferWheels: this.#options.preferWheels,
    });
    let { index, refused } = preferredIn(candidates, set, policy());
    if (index === undefined && refused) {
      // "Nothing else matches" is about what is required, not about what conflicts have excluded since.
      const required = solution.required(subject);
      if (!hasFinalRelease(candidates, required)) allowance.allowPrereleases(required);
      if (projects.isOutgrown) return { kind: "restart" };
      ({ index, refused } = preferredIn(candidates, set, policy()));
    }
    const version = index === undefined ? undefined : candidates.versions[index];
    if (version !== undefined) {
      this.#prefetchBatch(candidates, { version, set });
      return { kind: "version", version };
    }
    if (refused) allowance.refuse(set);
    return none(subject, set, { kind: "no-versions" });
  }

  /** When one project's versions fail one after the other, many more will: asks for them all at once. */
  #prefetchBatch(
    candidates: ProjectCandidates,
    { version, set }: { readonly version: Version; readonly set: VersionSet },
  ): void {
    let tried = this.#tried.get(candidates);
    if (tried === undefined) this.#tried.set(candidates, (tried = new Set()));
    if (tried.has(version)) return;
    tried.add(version);
    if (!isBatchStart(tried.size)) return;
    let wanted = Math.min(tried.size, LARGEST_BATCH);
    candidates.someIn(set, (index, other) => {
      const judgement = tried.has(other) ? undefined : candidates.judge(index);
      if (judgement?.kind === "usable") {
        this.#options.source.prefetchMetadata(judgement.candidate);
        wanted--;
      }
      return wanted === 0;
    });
  }
}

function isBatchStart(count: number): boolean {
  const doublings = count / FIRST_BATCH;
  // A power of two, and after that every largest batch.
  return Number.isInteger(Math.log2(doublings)) ? doublings >= 1 : count > LARGEST_BATCH && count % LARGEST_BATCH === 0;
}

function none(subject: Package, set: VersionSet, cause: Fact): Choice {
  return { kind: "none", incompatibility: externalIncompatibility([{ package: subject, positive: true, set }], cause) };
}
