/** The versions of one project, judged when somebody looks at them. */

import type { ProjectName } from "../standards/project-name.ts";
import type { ProjectReleases } from "../standards/simple-index.ts";
import { contains, onlyVersion, type VersionSet } from "../standards/version-set.ts";
import { compareVersions, type Version } from "../standards/version.ts";
import { type FileFilter, judgeFiles, type Judgement } from "./candidate.ts";

/** All that is offered of a project, for one target. */
export class ProjectCandidates {
  readonly project: ProjectName;
  /** Newest first. */
  readonly versions: readonly Version[];
  readonly #releases: ProjectReleases;
  readonly #filter: FileFilter;
  readonly #judgements: (Judgement | undefined)[] = [];

  constructor(releases: ProjectReleases, filter: FileFilter) {
    this.project = releases.project;
    this.versions = releases.versions;
    this.#releases = releases;
    this.#filter = filter;
  }

  /** What became of `versions[index]`. */
  judge(index: number): Judgement {
    return (this.#judgements[index] ??= judgeFiles(
      { project: this.project, version: this.#versionAt(index) },
      this.#releases.files(index),
      this.#filter,
    ));
  }

  /** What became of a version that is one of `versions`. */
  judgeVersion(version: Version): Judgement {
    return this.judge(this.#indexOf(version));
  }

  /** Whether the visitor says yes to some version of a set; visits newest first and no further. */
  someIn(set: VersionSet, visit: (index: number, version: Version) => boolean): boolean {
    const { fromStart, cuts } = set;
    // Membership flips at each cut: open above if it ends as a member.
    const isOpenAbove = fromStart === (cuts.length % 2 === 0);
    const upper = isOpenAbove ? undefined : cuts.at(-1);
    const lower = fromStart ? undefined : cuts[0];
    for (let index = upper === undefined ? 0 : this.#firstBelow(upper); index < this.versions.length; index++) {
      const version = this.#versionAt(index);
      if (lower !== undefined && compareVersions(version, lower) < 0) return false;
      if (contains(set, version) && visit(index, version)) return true;
    }
    return false;
  }

  /**
   * A version with the gap around it in which no other version lies: up to the next newer one, and down to nothing for
   * the oldest.
   */
  spanOf(version: Version): VersionSet {
    const index = this.#indexOf(version);
    const newer = this.versions[index - 1];
    const fromStart = index === this.versions.length - 1 || onlyVersion(version).fromStart;
    const lower = fromStart ? [] : [version];
    return { fromStart, cuts: newer === undefined ? lower : [...lower, newer] };
  }

  #versionAt(index: number): Version {
    const version = this.versions[index];
    if (version === undefined) throw new RangeError(`No version ${index} of ${this.project}`);
    return version;
  }

  #indexOf(version: Version): number {
    const index = this.#firstBelow(version) - 1;
    if (index < 0 || compareVersions(this.#versionAt(index), version) !== 0) {
      throw new RangeError(`No such version of ${this.project}`);
    }
    return index;
  }

  /** The index of the newest version below a place in the order. */
  #firstBelow(place: Version): number {
    let low = 0;
    let high = this.versions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareVersions(this.#versionAt(middle), place) < 0) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
