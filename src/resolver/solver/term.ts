/** Statements about one package (docs/internals/solver.md, "Term"). */

import {
  complement,
  intersect,
  isDisjoint,
  isEmpty,
  isSubset,
  union,
  type VersionSet,
} from "../../standards/version-set.ts";
import type { Package } from "./package.ts";

/**
 * `positive`: a version in `set` is chosen. Not `positive`: another version or none at all is chosen.
 */
export interface Term {
  readonly package: Package;
  readonly positive: boolean;
  readonly set: VersionSet;
}

/** What known truth says about a term. */
export type Relation = "satisfied" | "contradicted" | "inconclusive";

/** The opposite statement. */
export function negate(term: Term): Term {
  return { package: term.package, positive: !term.positive, set: term.set };
}

/** What `known`, the intersection of all true terms about the package, says about `term`. */
export function relate(known: Term, term: Term): Relation {
  if (known.positive) {
    // known A: A ⊆ B satisfies B and contradicts not B; A ∩ B = ∅ the other way round.
    if (isDisjoint(known.set, term.set)) return term.positive ? "contradicted" : "satisfied";
    if (isSubset(known.set, term.set)) return term.positive ? "satisfied" : "contradicted";
    return "inconclusive";
  }
  // known not A, where B ⊆ A: B cannot be, not B must be. Nothing makes B certain: perhaps no version is chosen.
  if (isSubset(term.set, known.set)) return term.positive ? "contradicted" : "satisfied";
  return "inconclusive";
}

/** Both statements as one. */
export function intersectTerms(left: Term, right: Term): Term {
  if (left.positive) {
    // A ∩ B, or A \ B.
    const other = right.positive ? right.set : complement(right.set);
    return { package: left.package, positive: true, set: intersect(left.set, other) };
  }
  if (right.positive) return intersectTerms(right, left);
  // not A and not B is not (A ∪ B).
  return { package: left.package, positive: false, set: union(left.set, right.set) };
}

/** What `left` says beyond `right`, or `undefined` when `left` alone satisfies `right`. */
export function difference(left: Term, right: Term): Term | undefined {
  const rest = intersectTerms(left, negate(right));
  return rest.positive && isEmpty(rest.set) ? undefined : rest;
}
