/** One step of the partial solution (docs/internals/solver.md, "Partial solution"). */

import type { Incompatibility } from "./incompatibility.ts";
import type { Term } from "./term.ts";

/** A term taken for true. */
export interface Assignment {
  readonly term: Term;
  /** The intersection of this and all earlier terms about the package. */
  readonly accumulated: Term;
  /** Place in the order of all assignments. */
  readonly index: number;
  /** How many decisions were made up to this one. */
  readonly level: number;
  /** What it was derived from; a decision has none. */
  readonly cause: Incompatibility | undefined;
}
