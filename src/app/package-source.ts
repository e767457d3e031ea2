/** The resolver's view of the world: project pages and metadata of the configured indexes, each asked for once. */

import type { ProjectName } from "../standards/project-name.ts";
import type { ProjectReleases } from "../standards/simple-index.ts";
import type { ProjectIndex } from "../index/project-index.ts";
import type { Candidate } from "../resolver/candidate.ts";
import type { DependencyMetadata, PackageSource, Soon } from "../resolver/package-source.ts";
import type { Target } from "../targets/target.ts";
import type { WheelBuilder } from "./wheel-builder.ts";

/** Where packages for one target come from. */
export interface PackagePlaces {
  readonly index: ProjectIndex;
  /** Who builds what has no wheel. */
  readonly builder: WheelBuilder;
  readonly target: Pick<Target, "markers">;
  /** Goes before all other places. */
  readonly direct?: { releases(project: ProjectName): Soon<ProjectReleases | undefined> } | undefined;
}

/** A package source over the configured indexes and find-links. */
export function packageSource({ index, builder, target, direct }: PackagePlaces): PackageSource {
  const releases = new Remembered<ProjectName, ProjectReleases | undefined>((project) => {
    const named = direct?.releases(project);
    if (!(named instanceof Promise)) return named ?? index.releases(project, target.markers);
    return named.then((found) => found ?? index.releases(project, target.markers));
  });
  const metadata = new Remembered<Candidate, DependencyMetadata, string>(
    (candidate) => {
      if (candidate.kind === "sdist") return builder.metadata(candidate, { mayBuild: candidate.gap === undefined });
      return index.knownMetadata(candidate.file) ?? index.metadata(candidate.file);
    },
    (candidate) => candidate.file.url,
  );
  return {
    releases: (project) => releases.get(project),
    metadata: (candidate) => metadata.get(candidate),
    recall: (project) => (direct === undefined ? index.recall(project, target.markers) : undefined),
    prefetchReleases: (project) => releases.prefetch(project),
    prefetchMetadata(candidate) {
      if (candidate.kind === "wheel") metadata.prefetch(candidate);
    },
  };
}

/** Answers by key: at once when known, as a promise while under way. */
class Remembered<Input, Value, Key = Input> {
  readonly #answers = new Map<Key | Input, { readonly value: Value } | Promise<Value>>();

  readonly #ask: (input: Input) => Soon<Value>;
  readonly #keyOf: (input: Input) => Key | Input;

  constructor(ask: (input: Input) => Soon<Value>, keyOf: (input: Input) => Key | Input = (input) => input) {
    this.#ask = ask;
    this.#keyOf = keyOf;
  }

  get(input: Input): Soon<Value> {
    const key = this.#keyOf(input);
    const known = this.#answers.get(key);
    if (known !== undefined) return known instanceof Promise ? known : known.value;
    const asked = this.#ask(input);
    if (!(asked instanceof Promise)) {
      this.#answers.set(key, { value: asked });
      return asked;
    }
    const answer = asked.then((value) => {
      this.#answers.set(key, { value });
      return value;
    });
    this.#answers.set(key, answer);
    return answer;
  }

  /** Asks ahead of need; a failure waits for the one who really asks. */
  prefetch(input: Input): void {
    const answer = this.get(input);
    if (answer instanceof Promise) answer.catch(() => {});
  }
}
