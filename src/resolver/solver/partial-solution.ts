/** What is taken for true so far (docs/internals/solver.md, "Partial solution"). */

import { anyVersion, complement, intersect, onlyVersion, type VersionSet } from "../../standards/version-set.ts";
import type { Version } from "../../standards/version.ts";
import type { Assignment } from "./assignment.ts";
import type { SolutionView } from "./catalogue.ts";
import type { Incompatibility } from "./incompatibility.ts";
import type { Package } from "./package.ts";
import { factsOf } from "./proof.ts";
import { intersectTerms, relate, type Relation, type Term } from "./term.ts";

/** One decision: this version of this package. */
export interface Decision {
  readonly package: Package;
  readonly version: Version;
}

/** The ordered list of assignments, with what follows from it at hand. */
export class PartialSolution implements SolutionView {
  /** All assignments in order. */
  readonly #assignments: Assignment[] = [];
  /** The same by package id. */
  readonly #histories: (Assignment[] | undefined)[] = [];
  /** The decisions in order; the one of level n is at n - 1. */
  readonly #decisions: Decision[] = [];
  /** Decided versions by package id. */
  readonly #versions: (Version | undefined)[] = [];
  /** Packages that need a version and have none yet. */
  readonly #pending = new Set<Package>();

  /** The number of decisions made. */
  get level(): number {
    return this.#decisions.length;
  }

  get decisions(): readonly Decision[] {
    return this.#decisions;
  }

  /** Packages with a positive term and no decision, in no particular order. */
  get pending(): Iterable<Package> {
    return this.#pending;
  }

  /** The version decided for a package. */
  decision(subject: Package): Version | undefined {
    return this.#versions[subject.id];
  }

  /** The intersection of all terms about a package; `undefined` when nothing is known. */
  known(subject: Package): Term | undefined {
    return this.latest(subject)?.accumulated;
  }

  /**
   * The versions of a package that requirements and constraints leave: without what was derived from the package's own
   * requirements or from a lack of versions.
   */
  required(subject: Package): VersionSet {
    let set = anyVersion;
    for (const { term, cause } of this.#histories[subject.id] ?? []) {
      if (cause === undefined || restsOnVersionsOf(subject, cause)) continue;
      set = intersect(set, term.positive ? term.set : complement(term.set));
    }
    return set;
  }

  /** What the assignments say about a term. */
  relation(term: Term): Relation {
    const known = this.known(term.package);
    return known === undefined ? "inconclusive" : relate(known, term);
  }

  /** The last assignment about a package. */
  latest(subject: Package): Assignment | undefined {
    return this.#histories[subject.id]?.at(-1);
  }

  /** Whether an assignment was not undone. */
  holds(assignment: Assignment): boolean {
    return this.#assignments[assignment.index] === assignment;
  }

  /** Makes a decision, which begins the next level. */
  decide(subject: Package, version: Version): void {
    this.#decisions.push({ package: subject, version });
    this.#versions[subject.id] = version;
    this.#assign({ package: subject, positive: true, set: onlyVersion(version) }, undefined);
  }

  /** Adds what follows from an incompatibility at the current level. */
  derive(term: Term, cause: Incompatibility): void {
    this.#assign(term, cause);
  }

  /** The first assignment with which a term is satisfied; `undefined` when it is not. */
  satisfier(term: Term): Assignment | undefined {
    const history = this.#histories[term.package.id] ?? [];
    // Accumulated terms only shrink: once satisfied, satisfied for good.
    let low = 0;
    let high = history.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const assignment = history[middle];
      if (assignment !== undefined && relate(assignment.accumulated, term) === "satisfied") high = middle;
      else low = middle + 1;
    }
    return history[low];
  }

  /** Forgets everything above a level. */
  backjump(level: number): void {
    for (
      let last = this.#assignments.at(-1);
      last !== undefined && last.level > level;
      last = this.#assignments.at(-1)
    ) {
      this.#assignments.pop();
      this.#histories[last.term.package.id]?.pop();
      if (last.cause === undefined) this.#versions[last.term.package.id] = undefined;
      this.#updatePending(last.term.package);
    }
    this.#decisions.length = Math.min(this.#decisions.length, level);
  }

  /** Every package that something is known about, in the order of assignment. */
  assignedPackages(): Set<Package> {
    return new Set(this.#assignments.map((assignment) => assignment.term.package));
  }

  #assign(term: Term, cause: Incompatibility | undefined): void {
    const known = this.known(term.package);
    const accumulated = known === undefined ? term : intersectTerms(known, term);
    const assignment = { term, accumulated, index: this.#assignments.length, level: this.level, cause };
    this.#assignments.push(assignment);
    const history = this.#histories[term.package.id];
    if (history === undefined) this.#histories[term.package.id] = [assignment];
    else history.push(assignment);
    this.#updatePending(term.package);
  }

  #updatePending(subject: Package): void {
    if (this.decision(subject) === undefined && this.known(subject)?.positive === true) this.#pending.add(subject);
    else this.#pending.delete(subject);
  }
}

function restsOnVersionsOf(subject: Package, cause: Incompatibility): boolean {
  return factsOf(cause).some(
    ({ cause: { kind }, terms: [first] }) =>
      kind !== "constraint" &&
      first?.positive === true &&
      first.package.kind !== "root" &&
      subject.kind !== "root" &&
      first.package.project === subject.project,
  );
}
