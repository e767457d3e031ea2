/** Derivation graphs (docs/internals/solver.md, "Incompatibility"). */

import type { Fact } from "./cause.ts";
import { type Derived, type Incompatibility, isDerived, isFact } from "./incompatibility.ts";

/** The two incompatibilities that a step rests on. */
export function causesOf(step: Derived): readonly [Incompatibility, Incompatibility] {
  return [step.cause.conflict, step.cause.other];
}

/** Every step of a proof, once. */
export function stepsOf(proof: Derived): ReadonlySet<Derived> {
  const steps = new Set([proof]);
  // Iteration reaches what is added on the way.
  for (const step of steps) for (const cause of causesOf(step)) if (isDerived(cause)) steps.add(cause);
  return steps;
}

/** The facts that an incompatibility rests on, each once. */
export function factsOf(incompatibility: Incompatibility): readonly Incompatibility<Fact>[] {
  if (!isDerived(incompatibility)) return isFact(incompatibility) ? [incompatibility] : [];
  return [...new Set([...stepsOf(incompatibility)].flatMap(causesOf).filter(isFact))];
}
