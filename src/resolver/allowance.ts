/** Which pre-releases and yanked releases of a project count as candidates (docs/internals/solver.md §3.4). */

import { mentionsPrerelease, type SpecifierSet } from "../standards/specifier.ts";
import { anyVersion, isDisjoint, isSubset, noVersions, union, type VersionSet } from "../standards/version-set.ts";
import type { Version } from "../standards/version.ts";
import type { SolutionView } from "./solver/catalogue.ts";
import type { Package } from "./solver/package.ts";

/** Shared by the allowances of one resolve. */
export interface Growth {
  /** Whether an answer was given that would be different now. */
  outgrown: boolean;
}

/** The sets in which reluctant candidates are allowed; they only grow during a resolve. */
export class Allowance {
  #prereleases: VersionSet;
  #yanked: VersionSet = noVersions;
  /** Where earlier answers said "no version" because something was not allowed. */
  #refused: VersionSet = noVersions;
  readonly #growth: Growth;
  #alwaysCompetes: boolean;
  /** Versions with a requirement that mentions a pre-release. */
  readonly #mentions: { readonly dependant: Package; readonly version: Version }[] = [];

  constructor(prereleases: boolean, growth: Growth) {
    this.#growth = growth;
    this.#prereleases = prereleases ? anyVersion : noVersions;
    this.#alwaysCompetes = prereleases;
  }

  get prereleases(): VersionSet {
    return this.#prereleases;
  }

  get yanked(): VersionSet {
    return this.#yanked;
  }

  /** Takes note of a specifier, whose set this is, of the user or of a version's metadata. */
  hear(specifier: SpecifierSet, set: VersionSet, by: { dependant: Package; version: Version } | "user"): void {
    if (mentionsPrerelease(specifier)) {
      this.allowPrereleases(set);
      if (by === "user") this.#alwaysCompetes = true;
      else this.#mentions.push(by);
    }
    if (isPinning(specifier)) {
      this.#noteGrowth(this.#yanked, set);
      this.#yanked = union(this.#yanked, set);
    }
  }

  /** Lets the pre-releases of a set in. */
  allowPrereleases(set: VersionSet): void {
    this.#noteGrowth(this.#prereleases, set);
    this.#prereleases = union(this.#prereleases, set);
  }

  /** Whether pre-releases rank by their version, not after all final releases. */
  prereleasesCompete(solution: SolutionView): boolean {
    return (
      this.#alwaysCompetes || this.#mentions.some(({ dependant, version }) => solution.decision(dependant) === version)
    );
  }

  /** Notes that "no version in this set" was said although there are candidates that are not allowed. */
  refuse(set: VersionSet): void {
    this.#refused = union(this.#refused, set);
  }

  /** A new search begins: nothing was refused yet. */
  forgetRefusals(): void {
    this.#refused = noVersions;
  }

  #noteGrowth(allowed: VersionSet, added: VersionSet): void {
    if (!isSubset(added, allowed) && !isDisjoint(added, this.#refused)) this.#growth.outgrown = true;
  }
}

/** Whether one exact version is asked for, as pip sees it. */
export function isPinning(specifier: SpecifierSet): boolean {
  return specifier.some(({ operator, wildcard }) => operator === "===" || (operator === "==" && !wildcard));
}
