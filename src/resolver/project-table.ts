/** The candidates of every project that was asked for, each loaded once. */

import type { ProjectName } from "../standards/project-name.ts";
import type { ProjectReleases } from "../standards/simple-index.ts";
import { Allowance, type Growth } from "./allowance.ts";
import type { PackageSource, Soon } from "./package-source.ts";
import type { FileFilter } from "./candidate.ts";
import { ANY_KIND, kindsFor } from "./file-policy.ts";
import { ProjectCandidates } from "./project-candidates.ts";
import type { ResolveRequest } from "./resolve-request.ts";
import { whenKnown } from "./soon.ts";

/** What is known of projects during one resolve. */
export class ProjectTable {
  readonly #source: PackageSource;
  readonly #request: ResolveRequest;
  /** `undefined` for a project that nobody knows. */
  readonly #loaded = new Map<ProjectName, ProjectCandidates | undefined>();
  /** Judged once, also if it was only recalled at first. */
  readonly #candidates = new Map<ProjectReleases, ProjectCandidates>();
  /** What the solver has asked for; the scout may have loaded more, depending on the network. */
  readonly #asked = new Set<ProjectName>();
  readonly #allowances = new Map<ProjectName, Allowance>();
  readonly #growth: Growth = { outgrown: false };

  constructor(request: ResolveRequest, source: PackageSource) {
    this.#request = request;
    this.#source = source;
  }

  /** The candidates of a project for the solver; `undefined` when no place knows it. */
  load(project: ProjectName): Soon<ProjectCandidates | undefined> {
    this.#asked.add(project);
    return this.loadAhead(project);
  }

  /** The same for the scout: leaves no trace in what messages say. */
  loadAhead(project: ProjectName): Soon<ProjectCandidates | undefined> {
    if (this.#loaded.has(project)) return this.#loaded.get(project);
    return whenKnown(this.#source.releases(project), (releases) => {
      // The solver and the scout may both have waited for this.
      if (this.#loaded.has(project)) return this.#loaded.get(project);
      const candidates = releases && this.#candidatesOf(project, releases);
      this.#loaded.set(project, candidates);
      return candidates;
    });
  }

  /** Until a project is loaded, what it will probably be. */
  recalled(project: ProjectName): ProjectCandidates | undefined {
    const releases = this.#loaded.has(project) ? undefined : this.#source.recall(project);
    return releases && this.#candidatesOf(project, releases);
  }

  #candidatesOf(project: ProjectName, releases: ProjectReleases): ProjectCandidates {
    let candidates = this.#candidates.get(releases);
    if (candidates === undefined) {
      this.#candidates.set(releases, (candidates = new ProjectCandidates(releases, this.#filterFor(project))));
    }
    return candidates;
  }

  #filterFor(project: ProjectName): FileFilter {
    const { target, allowedHashes, files, direct, uploadedPriorTo, isHere, overGaps } = this.#request;
    // What was named itself is what the user wants, whatever its kind.
    const isDirect = direct?.has(project) === true;
    const kinds = isDirect ? ANY_KIND : kindsFor(files, project);
    const before = isDirect ? undefined : uploadedPriorTo;
    return { target, allowedHashes: allowedHashes?.get(project), kinds, uploadedPriorTo: before, isHere, overGaps };
  }

  /** The candidates of a project that the solver has asked for. */
  loaded(project: ProjectName): ProjectCandidates | undefined {
    return this.#asked.has(project) ? this.#loaded.get(project) : undefined;
  }

  /** Which reluctant candidates of a project are allowed. */
  allowanceOf(project: ProjectName): Allowance {
    let allowance = this.#allowances.get(project);
    if (allowance === undefined) {
      this.#allowances.set(project, (allowance = new Allowance(this.#request.prereleases, this.#growth)));
    }
    return allowance;
  }

  /** Whether some earlier answer would be different with what is allowed now. */
  get isOutgrown(): boolean {
    return this.#growth.outgrown;
  }

  /** Prepares for a new search with what is allowed by now. */
  beginAgain(): void {
    for (const allowance of this.#allowances.values()) allowance.forgetRefusals();
    this.#growth.outgrown = false;
  }
}
