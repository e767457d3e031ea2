/** Why an incompatibility holds (docs/internals/solver.md, "Incompatibility"). */

import type { Requirement } from "../../standards/requirement.ts";

/** A fact from outside of the solver. */
export type Fact =
  /** The root is always chosen. */
  | { readonly kind: "root" }
  /** The first term's package has this requirement. */
  | { readonly kind: "dependency"; readonly requirement: Requirement }
  /** An extra goes with its project at the same version. */
  | { readonly kind: "same-version" }
  /** No candidate is left in the set. */
  | { readonly kind: "no-versions" }
  | { readonly kind: "unknown-project" }
  /** A constraint of the user leaves these versions out, or an exclusion names them. */
  | { readonly kind: "constraint"; readonly verb: "constrain" | "exclude"; readonly constraint: Requirement }
  /** The metadata rules it out: it is or has what `what` says. */
  | { readonly kind: "unusable"; readonly verb: "is" | "has"; readonly what: string };

/** Two incompatibilities from which a third follows. */
export interface Conflict<Premise> {
  readonly kind: "conflict";
  readonly conflict: Premise;
  /** The cause of the assignment that completed the conflict. */
  readonly other: Premise;
}
