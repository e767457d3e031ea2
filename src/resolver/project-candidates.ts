/** The versions of one project, judged when somebody looks at them. */

import type { ProjectName } from "../standards/project-name.ts";
import type { ProjectReleases } from "../standards/simple-index.ts";
import { onlyVersion, type VersionSet } from "../standards/version-set.ts";
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

  /** A version with the gap above it, up to the next newer one: no other version lies there. */
  spanOf(version: Version): VersionSet {
    const point = onlyVersion(version);
    const newer = this.versions[this.#indexOf(version) - 1];
    const lower = point.fromStart ? [] : [version];
    return { fromStart: point.fromStart, cuts: newer === undefined ? lower : [...lower, newer] };
  }

  #versionAt(index: number): Version {
    const version = this.versions[index];
    if (version === undefined) throw new RangeError(`No version ${index} of ${this.project}`);
    return version;
  }

  #indexOf(version: Version): number {
    let low = 0;
    let high = this.versions.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const order = compareVersions(this.#versionAt(middle), version);
      if (order === 0) return middle;
      if (order > 0) low = middle + 1;
      else high = middle - 1;
    }
    throw new RangeError(`No such version of ${this.project}`);
  }
}
