/** What the solver asks of the world of packages. */

import type { VersionSet } from "../../standards/version-set.ts";
import type { Version } from "../../standards/version.ts";
import type { Soon } from "../package-source.ts";
import type { Fact } from "./cause.ts";
import type { Incompatibility } from "./incompatibility.ts";
import type { Package } from "./package.ts";
import type { Decision } from "./partial-solution.ts";

/** The decisions in force while the solver asks. */
export interface Decisions {
  readonly decisions: readonly Decision[];
  decision(subject: Package): Version | undefined;
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
  choose(subject: Package, set: VersionSet, decisions: Decisions): Soon<Choice>;
  /** What a chosen version needs. */
  expand(subject: Package, version: Version): Soon<Expansion>;
  /** Facts about a package that hold from the moment it is first met. */
  limits(subject: Package): readonly Incompatibility[];
  /** Whether somebody asked for one exact version of the package. */
  isPinned(subject: Package): boolean;
}
