/** From a conflict to its root cause (docs/internals/solver.md, "Conflict resolution"). */

import type { Assignment } from "./assignment.ts";
import { derivedIncompatibility, type Incompatibility, isFailure } from "./incompatibility.ts";
import type { PartialSolution } from "./partial-solution.ts";
import { difference, negate, type Term } from "./term.ts";

/** How a conflict ends. */
export type ConflictOutcome =
  /** Nothing can be chosen; the incompatibility is the proof. */
  | { readonly kind: "failure"; readonly proof: Incompatibility }
  /** Going back to `level` leaves exactly one term of the root cause inconclusive. */
  | {
      readonly kind: "root-cause";
      readonly rootCause: Incompatibility;
      readonly level: number;
      /** The level of the decision that the conflict undoes first. */
      readonly lostLevel: number;
    };

/** The level at which the root is decided; going back never undoes it. */
export const ROOT_LEVEL = 1;

/** Generalises an incompatibility that the partial solution satisfies until it tells what to undo. */
export function resolveConflict(solution: PartialSolution, conflict: Incompatibility): ConflictOutcome {
  let incompatibility = conflict;
  while (!isFailure(incompatibility)) {
    const { term, satisfier, previousLevel } = findSatisfier(solution, incompatibility);
    if (satisfier.cause === undefined || previousLevel < satisfier.level) {
      return { kind: "root-cause", rootCause: incompatibility, level: previousLevel, lostLevel: satisfier.level };
    }
    incompatibility = priorCause(incompatibility, term, satisfier, satisfier.cause);
  }
  return { kind: "failure", proof: incompatibility };
}

interface Satisfaction {
  /** The term that was the last to be satisfied. */
  readonly term: Term;
  /** The assignment that satisfied it. */
  readonly satisfier: Assignment;
  /** The level at which all else was satisfied. */
  readonly previousLevel: number;
}

function findSatisfier(solution: PartialSolution, incompatibility: Incompatibility): Satisfaction {
  let last: { readonly term: Term; readonly satisfier: Assignment } | undefined;
  let previousLevel = ROOT_LEVEL;
  for (const term of incompatibility.terms) {
    const satisfier = satisfierOf(solution, term);
    if (last === undefined || satisfier.index > last.satisfier.index) {
      if (last !== undefined) previousLevel = Math.max(previousLevel, last.satisfier.level);
      last = { term, satisfier };
    } else {
      previousLevel = Math.max(previousLevel, satisfier.level);
    }
  }
  if (last === undefined) throw new TypeError("An incompatibility without terms has no satisfier");
  // The satisfier alone may not be enough: then an earlier assignment about the same package did the rest.
  const rest = difference(last.satisfier.term, last.term);
  if (rest !== undefined) previousLevel = Math.max(previousLevel, satisfierOf(solution, negate(rest)).level);
  return { ...last, previousLevel };
}

function satisfierOf(solution: PartialSolution, term: Term): Assignment {
  const satisfier = solution.satisfier(term);
  if (satisfier === undefined) throw new TypeError(`The term about ${term.package.label} is not satisfied`);
  return satisfier;
}

/** The rule of resolution: what follows from `{term, …}` and the cause `{not satisfier, …}`. */
function priorCause(
  incompatibility: Incompatibility,
  term: Term,
  satisfier: Assignment,
  cause: Incompatibility,
): Incompatibility {
  const terms = incompatibility.terms.filter((other) => other !== term);
  for (const other of cause.terms) if (other.package !== term.package) terms.push(other);
  const rest = difference(satisfier.term, term);
  // not (satisfier \ term)
  if (rest !== undefined) terms.push(negate(rest));
  return derivedIncompatibility(terms, { kind: "conflict", conflict: incompatibility, other: cause });
}
