/** What the solver asks of the world of packages. */

import type { VersionSet } from "../../standards/version-set.ts";
import type { Version } from "../../standards/version.ts";
import type { Soon } from "../package-source.ts";
import type { Fact } from "./cause.ts";
import type { Incompatibility } from "./incompatibility.ts";
import type { Package } from "./package.ts";
import type { Term } from "./term.ts";

/** What the solver takes for true while it asks. */
export interface SolutionView {
  /** The version decided for a package. */
  decision(subject: Package): Version | undefined;
  /** The intersection of all terms about a package; `undefined` when nothing is known. */
  known(subject: Package): Term | undefined;
  /** The versions of a package that requirements and constraints leave, whatever its own versions require. */
  required(subject: Package): VersionSet;
}

/** Earlier answers were too strict: the search must begin again. */
export interface Restart {
  readonly kind: "restart";
}

/** The version to try next, or why there is none. */
export type Choice =
  | { readonly kind: "version"; readonly version: Version }
  | { readonly kind: "none"; readonly incompatibility: Incompatibility }
  | Restart;

/** One package that a version needs. */
export interface Dependency {
  readonly package: Package;
  readonly set: VersionSet;
  readonly cause: Fact;
}

/** What a version needs, or that it cannot be used at all. */
export type Expansion =
  | {
      readonly kind: "dependencies";
      /** The version and the gap around it in which no other exists. */
      readonly span: VersionSet;
      readonly dependencies: readonly Dependency[];
    }
  | { readonly kind: "unusable"; readonly incompatibility: Incompatibility }
  | Restart;

/** Packages, their versions and what these need; the same question always has the same answer, but for `Restart`. */
export interface Catalogue {
  /** The preferred version of a package within a set. */
  choose(subject: Package, set: VersionSet, solution: SolutionView): Soon<Choice>;
  /** What a chosen version needs. */
  expand(subject: Package, version: Version): Soon<Expansion>;
  /** Facts about a package that hold from the moment it is first met. */
  limits(subject: Package): readonly Incompatibility[];
  /** Whether somebody asked for one exact version of the package. */
  isPinned(subject: Package): boolean;
}
