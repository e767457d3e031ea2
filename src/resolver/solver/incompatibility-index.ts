/** All known incompatibilities by package (docs/internals/solver.md, "Unit propagation" and "Neighbours"). */

import { isEmpty, union, type VersionSet } from "../../standards/version-set.ts";
import type { Assignment } from "./assignment.ts";
import type { Dependency } from "./catalogue.ts";
import { externalIncompatibility, type Incompatibility } from "./incompatibility.ts";
import type { Package } from "./package.ts";

/** Holds one incompatibility, which a more general one may replace. */
export interface Slot {
  current: Incompatibility;
  /** An assignment that contradicts it: while that holds, there is nothing to find here. */
  contradictedBy: Assignment | undefined;
}

/** A dependency that several versions of one package may share. */
interface SharedDependency {
  readonly slot: Slot;
  dependants: VersionSet;
}

const NO_SLOTS: readonly Slot[] = [];

/** Finds incompatibilities by the packages that they name. */
export class IncompatibilityIndex {
  readonly #slots: Slot[][] = [];
  /** By dependant, dependency and set; equal specifiers have the same set object. */
  readonly #shared = new Map<Package, Map<Package, Map<VersionSet, SharedDependency>>>();

  /** Those that name a package, oldest first. */
  about(subject: Package): readonly Slot[] {
    return this.#slots[subject.id] ?? NO_SLOTS;
  }

  /** Adds an incompatibility. */
  add(incompatibility: Incompatibility): Slot {
    const slot: Slot = { current: incompatibility, contradictedBy: undefined };
    for (const { package: subject } of incompatibility.terms) {
      const slots = this.#slots[subject.id];
      if (slots === undefined) this.#slots[subject.id] = [slot];
      else slots.push(slot);
    }
    return slot;
  }

  /**
   * Adds that these versions of a package need the dependency: one incompatibility for all versions that are known to
   * need the same.
   */
  addDependency(dependant: Package, versions: VersionSet, dependency: Dependency): void {
    const shared = this.#sharedBetween(dependant, dependency.package);
    const known = shared.get(dependency.set);
    if (known !== undefined) {
      known.dependants = union(known.dependants, versions);
      known.slot.current = dependencyIncompatibility(dependant, known.dependants, dependency);
      known.slot.contradictedBy = undefined;
      return;
    }
    const slot = this.add(dependencyIncompatibility(dependant, versions, dependency));
    shared.set(dependency.set, { slot, dependants: versions });
  }

  #sharedBetween(dependant: Package, dependency: Package): Map<VersionSet, SharedDependency> {
    let ofDependant = this.#shared.get(dependant);
    if (ofDependant === undefined) this.#shared.set(dependant, (ofDependant = new Map()));
    let between = ofDependant.get(dependency);
    if (between === undefined) ofDependant.set(dependency, (between = new Map()));
    return between;
  }
}

function dependencyIncompatibility(dependant: Package, versions: VersionSet, dependency: Dependency): Incompatibility {
  const need = { package: dependant, positive: true, set: versions };
  // No version is in the empty set, so the dependant itself is what cannot be.
  if (isEmpty(dependency.set)) return externalIncompatibility([need], dependency.cause);
  return externalIncompatibility(
    [need, { package: dependency.package, positive: false, set: dependency.set }],
    dependency.cause,
  );
}
