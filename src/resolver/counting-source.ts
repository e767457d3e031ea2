/** Counts what a resolve asks of the world: the effort that depends on the resolver alone. */

import type { ProjectName } from "../standards/project-name.ts";
import type { ProjectReleases } from "../standards/simple-index.ts";
import type { Candidate } from "./candidate.ts";
import type { DependencyMetadata, PackageSource, Soon } from "./package-source.ts";

/** A package source that remembers whose metadata was asked for, ahead of need or not. */
export class CountingSource implements PackageSource {
  /** Each version of a project once. */
  readonly asked: Set<Candidate> = new Set();
  readonly #source: PackageSource;

  constructor(source: PackageSource) {
    this.#source = source;
  }

  releases(project: ProjectName): Soon<ProjectReleases | undefined> {
    return this.#source.releases(project);
  }

  recall(project: ProjectName): ProjectReleases | undefined {
    return this.#source.recall(project);
  }

  metadata(candidate: Candidate): Soon<DependencyMetadata> {
    this.asked.add(candidate);
    return this.#source.metadata(candidate);
  }

  prefetchReleases(project: ProjectName): void {
    this.#source.prefetchReleases(project);
  }

  prefetchMetadata(candidate: Candidate): void {
    this.asked.add(candidate);
    this.#source.prefetchMetadata(candidate);
  }
}
