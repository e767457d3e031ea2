/** What the narrator knows about the projects of one resolve. */

import { contains, type VersionSet } from "../standards/version-set.ts";
import { isPrerelease, type Version } from "../standards/version.ts";
import type { ProjectName } from "../standards/project-name.ts";
import type { PackageCatalogue } from "./package-catalogue.ts";
import { describeGroups, type ObstacleGroup, obstaclesIn } from "./passed-over.ts";
import type { ResolveRequest } from "./resolve-request.ts";
import type { Package } from "./solver/package.ts";
import type { Vocabulary } from "./solver/wording.ts";

/** Versions and obstacles by project. */
export class ResolveVocabulary implements Vocabulary {
  readonly #request: ResolveRequest;
  readonly #catalogue: PackageCatalogue;
  readonly #usable = new Map<ProjectName, readonly Version[]>();

  constructor(request: ResolveRequest, catalogue: PackageCatalogue) {
    this.#request = request;
    this.#catalogue = catalogue;
  }

  usableVersions(subject: Package): readonly Version[] | undefined {
    return subject.kind === "root" ? undefined : this.usableVersionsOf(subject.project);
  }

  passedOver(subject: Package, set: VersionSet): string {
    return subject.kind === "root" ? "" : describeGroups(this.obstacles(subject.project, set)).join("; ");
  }

  /** Versions of a project that are candidates, newest first. */
  usableVersionsOf(project: ProjectName): readonly Version[] | undefined {
    const candidates = this.#catalogue.projects.loaded(project);
    const known = this.#usable.get(project);
    if (known !== undefined || candidates === undefined) return known;
    const allowance = this.#catalogue.projects.allowanceOf(project);
    const usable = candidates.versions.filter((version, index) => {
      const judgement = candidates.judge(index);
      if (judgement.kind === "unusable") return false;
      if (isPrerelease(version) && !contains(allowance.prereleases, version)) return false;
      return judgement.yanked === undefined || contains(allowance.yanked, version);
    });
    this.#usable.set(project, usable);
    return usable;
  }

  /** Why versions of a project in a set are no candidates. */
  obstacles(project: ProjectName, set: VersionSet): readonly ObstacleGroup[] {
    const { projects } = this.#catalogue;
    const candidates = projects.loaded(project);
    if (candidates === undefined) return [];
    return obstaclesIn(candidates, set, { allowance: projects.allowanceOf(project), target: this.#request.target });
  }
}
