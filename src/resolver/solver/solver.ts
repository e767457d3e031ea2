/** PubGrub's main loop (docs/internals/solver.md, "The algorithm"). */

import { anyVersion, isEmpty } from "../../standards/version-set.ts";
import type { Version } from "../../standards/version.ts";
import type { Catalogue, Expansion, Restart } from "./catalogue.ts";
import { resolveConflict, ROOT_LEVEL } from "./conflict-resolution.ts";
import { externalIncompatibility, type Incompatibility } from "./incompatibility.ts";
import { IncompatibilityIndex, type Slot } from "./incompatibility-index.ts";
import type { Package, RootPackage } from "./package.ts";
import { type Decision, PartialSolution } from "./partial-solution.ts";
import { Priority } from "./priority.ts";
import { negate, type Term } from "./term.ts";

/** How a search ends. */
export type SearchOutcome =
  | { readonly kind: "solved"; readonly decisions: readonly Decision[] }
  | { readonly kind: "failed"; readonly proof: Incompatibility }
  | Restart;

/** Hears of what the solver does; must not throw, except to end the search. */
export interface SearchListener {
  /** A version was decided, or turned down because its dependencies do not fit. */
  tried(decision: Decision, level: number, decided: boolean): void;
  /** A conflict was resolved, which undid the decision about `loser`. */
  jumpedBack(level: number, loser: Package | undefined): void;
}

/** Whether all packages have a version, or the proof that they cannot. */
type Progress =
  | { readonly kind: "done" }
  | { readonly kind: "changed"; readonly packages: Iterable<Package> }
  | Restart;

/** What a conflict teaches: that there is no solution, or which packages to look at again. */
type Lesson =
  | { readonly kind: "failed"; readonly proof: Incompatibility }
  | { readonly kind: "learned"; readonly changed: Iterable<Package> };

type VersionNeeds = Extract<Expansion, { readonly kind: "dependencies" }>;

/** What unit propagation finds in one incompatibility. */
type Finding =
  | { readonly kind: "nothing" }
  | { readonly kind: "conflict" }
  | { readonly kind: "unit"; readonly term: Term };

const NOTHING: Finding = { kind: "nothing" };
const CONFLICT: Finding = { kind: "conflict" };

/** One search for a solution. */
export class Solver {
  readonly #catalogue: Catalogue;
  readonly #listener: SearchListener;
  readonly #priority: Priority;
  readonly #solution = new PartialSolution();
  readonly #incompatibilities = new IncompatibilityIndex();
  readonly #met = new Set<Package>();

  constructor(catalogue: Catalogue, listener: SearchListener) {
    this.#catalogue = catalogue;
    this.#listener = listener;
    this.#priority = new Priority((subject) => catalogue.isPinned(subject));
  }

  /** Searches until every needed package has a version or it is proved that there is no way. */
  async solve(root: RootPackage): Promise<SearchOutcome> {
    this.#add(externalIncompatibility([{ package: root, positive: false, set: anyVersion }], { kind: "root" }));
    let changed: Iterable<Package> = [root];
    for (;;) {
      const proof = this.#propagate(changed);
      if (proof !== undefined) return { kind: "failed", proof };
      const progress = await this.#decide();
      if (progress.kind === "done") return { kind: "solved", decisions: this.#solution.decisions };
      if (progress.kind === "restart") return progress;
      changed = progress.packages;
    }
  }

  /** Derives all that follows; returns a proof when nothing can be chosen. */
  #propagate(start: Iterable<Package>): Incompatibility | undefined {
    const changed = new Set(start);
    for (const subject of changed) {
      changed.delete(subject);
      const conflict = this.#deriveAbout(subject, changed);
      if (conflict === undefined) continue;
      const outcome = this.#learn(conflict);
      if (outcome.kind === "failed") return outcome.proof;
      changed.clear();
      for (const affected of outcome.changed) changed.add(affected);
    }
    return undefined;
  }

  /** Derives from all that names a package, newest first, until one incompatibility turns out to be satisfied. */
  #deriveAbout(subject: Package, changed: Set<Package>): Slot | undefined {
    const slots = this.#incompatibilities.about(subject);
    for (let index = slots.length - 1; index >= 0; index--) {
      const slot = slots[index];
      if (slot === undefined) continue;
      const finding = this.#examine(slot);
      if (finding.kind === "conflict") return slot;
      if (finding.kind === "unit") changed.add(this.#deriveFrom(slot.current, finding.term));
    }
    return undefined;
  }

  #examine(slot: Slot): Finding {
    if (slot.contradictedBy !== undefined && this.#solution.holds(slot.contradictedBy)) return NOTHING;
    let unit: Term | undefined;
    for (const term of slot.current.terms) {
      const relation = this.#solution.relation(term);
      if (relation === "satisfied") continue;
      if (relation === "contradicted") {
        slot.contradictedBy = this.#solution.latest(term.package);
        return NOTHING;
      }
      if (unit !== undefined) return NOTHING;
      unit = term;
    }
    return unit === undefined ? CONFLICT : { kind: "unit", term: unit };
  }

  #deriveFrom(incompatibility: Incompatibility, unit: Term): Package {
    this.#solution.derive(negate(unit), incompatibility);
    return unit.package;
  }

  /** Resolves a conflict and goes back to where its root cause says something new. */
  #learn(conflict: Slot): Lesson {
    const outcome = resolveConflict(this.#solution, conflict.current);
    if (outcome.kind === "failure") return { kind: "failed", proof: outcome.proof };
    const { rootCause, level, lostLevel } = outcome;
    const loser = this.#solution.decisions[lostLevel - 1]?.package;
    this.#solution.backjump(level);
    this.#listener.jumpedBack(level, loser);
    const slot = rootCause === conflict.current ? conflict : this.#incompatibilities.add(rootCause);
    const finding = this.#examine(slot);
    if (finding.kind !== "unit") throw new TypeError("A root cause must leave exactly one term open");
    const subject = this.#deriveFrom(rootCause, finding.term);
    return { kind: "learned", changed: this.#countLoss(loser, level) ?? [subject] };
  }

  /**
   * Counts a lost conflict. When it has made the loser early, goes back to before the decision of `level`, with which it
   * collided, so that the loser can come first; returns what to propagate then.
   */
  #countLoss(loser: Package | undefined, level: number): Iterable<Package> | undefined {
    if (loser === undefined || loser.kind === "root" || !this.#priority.recordLoss(loser)) return undefined;
    if (level <= ROOT_LEVEL) return undefined;
    this.#solution.backjump(level - 1);
    return this.#solution.assignedPackages();
  }

  /** Decides one version, or learns why it or the whole package cannot be. */
  async #decide(): Promise<Progress> {
    const subject = this.#priority.highest(this.#solution.pending);
    if (subject === undefined) return { kind: "done" };
    const set = this.#solution.known(subject)?.set ?? anyVersion;
    const choosing = this.#catalogue.choose(subject, set, this.#solution);
    const choice = choosing instanceof Promise ? await choosing : choosing;
    if (choice.kind === "restart") return choice;
    if (choice.kind === "none") {
      this.#add(choice.incompatibility);
      return { kind: "changed", packages: [subject] };
    }
    const expanding = this.#catalogue.expand(subject, choice.version);
    const expansion = expanding instanceof Promise ? await expanding : expanding;
    return expansion.kind === "restart" ? expansion : this.#tryVersion(subject, choice.version, expansion);
  }

  /** Decides a version unless what it needs rules it out at once. */
  #tryVersion(subject: Package, version: Version, expansion: Exclude<Expansion, Restart>): Progress {
    if (expansion.kind === "unusable") {
      this.#add(expansion.incompatibility);
      this.#listener.tried({ package: subject, version }, this.#solution.level, false);
      return { kind: "changed", packages: [subject] };
    }
    const obstacle = this.#addDependencies(subject, expansion);
    this.#listener.tried({ package: subject, version }, this.#solution.level, obstacle === undefined);
    if (obstacle !== undefined) return { kind: "changed", packages: this.#countLoss(subject, obstacle) ?? [subject] };
    this.#solution.decide(subject, version);
    return { kind: "changed", packages: [subject] };
  }

  /** Returns the level of the assignments that one of the dependencies contradicts, if any does. */
  #addDependencies(subject: Package, { span, dependencies }: VersionNeeds): number | undefined {
    let obstacle: number | undefined;
    for (const dependency of dependencies) {
      this.#meet(dependency.package);
      this.#incompatibilities.addDependency(subject, span, dependency);
      const missing: Term = { package: dependency.package, positive: false, set: dependency.set };
      if (isEmpty(dependency.set)) obstacle ??= ROOT_LEVEL;
      const satisfier = this.#solution.satisfier(missing);
      if (satisfier !== undefined) obstacle = Math.max(obstacle ?? ROOT_LEVEL, satisfier.level);
    }
    return obstacle;
  }

  #meet(subject: Package): void {
    if (this.#met.has(subject)) return;
    this.#met.add(subject);
    for (const limit of this.#catalogue.limits(subject)) this.#add(limit);
  }

  #add(incompatibility: Incompatibility): void {
    this.#incompatibilities.add(incompatibility);
  }
}
