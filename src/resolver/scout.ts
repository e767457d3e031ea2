/** Fetches ahead of the solver (docs/internals/solver.md §4). */

import type { ProjectName } from "../standards/project-name.ts";
import type { Requirement } from "../standards/requirement.ts";
import { anyVersion, intersect, isEmpty, type VersionSet, versionSetOf } from "../standards/version-set.ts";
import { isPrerelease } from "../standards/version.ts";
import type { Candidate } from "./candidate.ts";
import type { DependencyMetadata, PackageSource, Soon } from "./package-source.ts";
import type { ProjectCandidates } from "./project-candidates.ts";
import type { RequirementReader } from "./requirement-reader.ts";

/** How the scout sees the world. */
export interface ScoutOptions {
  readonly source: PackageSource;
  readonly reader: RequirementReader;
  readonly candidates: (project: ProjectName) => Soon<ProjectCandidates | undefined>;
  /** Until the candidates are there, what they will probably be. */
  readonly recalled: (project: ProjectName) => ProjectCandidates | undefined;
  /** Whether dependencies are followed. */
  readonly transitive: boolean;
}

/** What the scout has heard of a project. */
interface Sighting {
  set: VersionSet;
  readonly extras: Set<ProjectName | undefined>;
  /** What was followed already, as candidate and extra. */
  readonly followed: Map<Candidate, Set<ProjectName | undefined>>;
}

/** Projects that are looked at in one go; with code that is still cold, some milliseconds. */
const STRIDE = 8;

/** Walks along the best guesses, as wide as the source allows. Decides nothing; its failures are nobody's concern. */
export class Scout {
  readonly #options: ScoutOptions;
  readonly #sightings = new Map<ProjectName, Sighting>();
  /** Projects to look at once awake. */
  readonly #waiting = new Set<ProjectName>();
  #awake = false;
  #walking = false;

  constructor(options: ScoutOptions) {
    this.#options = options;
  }

  /** Hears of requirements that will probably have to be met. */
  follow(requirements: readonly Requirement[]): void {
    for (const requirement of requirements) if (requirement.url === undefined) this.#note(requirement);
    if (this.#awake) this.#walk();
  }

  /** Begins to walk: there is something to wait for. */
  wake(): void {
    if (this.#awake) return;
    this.#awake = true;
    this.#walk();
  }

  #note(requirement: Requirement): void {
    const { project } = requirement;
    let sighting = this.#sightings.get(project);
    if (sighting === undefined) {
      sighting = { set: anyVersion, extras: new Set([undefined]), followed: new Map() };
      this.#sightings.set(project, sighting);
      this.#options.source.prefetchReleases(project);
    }
    const set = versionSetOf(requirement.specifier);
    const common = intersect(sighting.set, set);
    sighting.set = isEmpty(common) ? set : common;
    for (const extra of requirement.extras) sighting.extras.add(extra);
    this.#waiting.add(project);
  }

  /**
   * Looks at all that waits, a few at a time so that connections and answers get their turns; what is heard of meanwhile
   * joins the queue instead of going deeper.
   */
  #walk(): void {
    if (this.#walking) return;
    this.#walking = true;
    let steps = 0;
    for (const project of this.#waiting) {
      if (steps++ === STRIDE) {
        setImmediate(() => {
          this.#walking = false;
          this.#walk();
        });
        return;
      }
      this.#waiting.delete(project);
      const look = (candidates: ProjectCandidates | undefined): void =>
        this.#look(candidates, this.#sightings.get(project));
      whenGood(() => this.#options.candidates(project), look);
      whenGood(() => this.#options.recalled(project), look);
    }
    this.#walking = false;
  }

  #look(candidates: ProjectCandidates | undefined, sighting: Sighting | undefined): void {
    if (candidates === undefined || sighting === undefined) return;
    const guess = guessIn(candidates, sighting.set);
    if (guess === undefined || guess.kind === "sdist") return;
    if (!sighting.followed.has(guess)) this.#options.source.prefetchMetadata(guess);
    if (!this.#options.transitive) return;
    whenGood(
      () => this.#options.source.metadata(guess),
      (metadata) => this.#followAll(guess, metadata, sighting),
    );
  }

  #followAll(guess: Candidate, metadata: DependencyMetadata, sighting: Sighting): void {
    let followed = sighting.followed.get(guess);
    if (followed === undefined) sighting.followed.set(guess, (followed = new Set()));
    for (const extra of sighting.extras) {
      if (followed.has(extra)) continue;
      followed.add(extra);
      this.follow(this.#options.reader.read(metadata, extra));
    }
  }
}

/** The newest final release that can be used, else the newest pre-release. */
function guessIn(candidates: ProjectCandidates, set: VersionSet): Candidate | undefined {
  let prerelease: Candidate | undefined;
  let final: Candidate | undefined;
  candidates.someIn(set, (index, version) => {
    if (prerelease !== undefined && isPrerelease(version)) return false;
    const judgement = candidates.judge(index);
    if (judgement.kind === "unusable" || judgement.yanked !== undefined) return false;
    if (isPrerelease(version)) prerelease = judgement.candidate;
    else final = judgement.candidate;
    return final !== undefined;
  });
  return final ?? prerelease;
}

/** Goes on with a value when there is one; whoever really needs it meets the failure. */
function whenGood<Value>(ask: () => Soon<Value>, then: (value: Value) => void): void {
  const ignore = (): void => {};
  const attempt = (value: Value): void => {
    try {
      then(value);
    } catch {
      // Faulty metadata; the solver meets it too if it gets there.
    }
  };
  try {
    const soon = ask();
    if (soon instanceof Promise) soon.then(attempt, ignore);
    else attempt(soon);
  } catch {
    // As above.
  }
}
