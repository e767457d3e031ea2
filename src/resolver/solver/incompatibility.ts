/** Terms that cannot all be true (docs/internals/solver.md, "Incompatibility"). */

import type { Conflict, Fact } from "./cause.ts";
import { intersectTerms, type Term } from "./term.ts";

/** Why an incompatibility holds. */
export type Cause = Fact | Conflict<Incompatibility>;

/** Holds in every context; at most one term for each package. */
export interface Incompatibility<Reason = Cause> {
  readonly terms: readonly Term[];
  readonly cause: Reason;
}

/** An incompatibility that was derived: a step of a proof. */
export type Derived = Incompatibility<Conflict<Incompatibility>>;

/** An incompatibility that is a fact; the terms are about different packages. */
export function externalIncompatibility(terms: readonly Term[], cause: Fact): Incompatibility<Fact> {
  return { terms, cause };
}

/**
 * An incompatibility that follows from two others.
 *
 * Terms about one package become one. That the root is chosen goes without saying beside other terms.
 */
export function derivedIncompatibility(terms: readonly Term[], cause: Conflict<Incompatibility>): Derived {
  const byPackage = new Map<number, Term>();
  for (const term of terms) {
    const same = byPackage.get(term.package.id);
    byPackage.set(term.package.id, same === undefined ? term : intersectTerms(same, term));
  }
  const merged = [...byPackage.values()];
  if (merged.length === 1) return { terms: merged, cause };
  return { terms: merged.filter((term) => term.package.kind !== "root" || !term.positive), cause };
}

/** Whether it says that nothing at all can be chosen. */
export function isFailure(incompatibility: Incompatibility): boolean {
  const [only, another] = incompatibility.terms;
  return only === undefined || (another === undefined && only.positive && only.package.kind === "root");
}

/** Whether it follows from two others, or is a fact. */
export function isDerived(incompatibility: Incompatibility): incompatibility is Derived {
  return incompatibility.cause.kind === "conflict";
}

/** Whether it is a fact, not derived. */
export function isFact(incompatibility: Incompatibility): incompatibility is Incompatibility<Fact> {
  return incompatibility.cause.kind !== "conflict";
}
