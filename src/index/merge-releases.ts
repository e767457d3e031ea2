/** Several places that know one project, seen as one. */

import type { ProjectFile, ProjectReleases } from "../standards/simple-index.ts";
import { compareVersions, type Version } from "../standards/version.ts";

/** All releases of all places; of files with the same name, the one of the first place counts. */
export function mergeReleases(places: readonly [ProjectReleases, ...ProjectReleases[]]): ProjectReleases {
  const [first] = places;
  return places.length === 1 ? first : new MergedReleases(places);
}

/** Where the files of a version are: a place and the version's index there. */
interface Source {
  readonly place: ProjectReleases;
  readonly index: number;
}

class MergedReleases implements ProjectReleases {
  readonly project: ProjectReleases["project"];
  readonly #places: readonly ProjectReleases[];
  readonly #files: (readonly ProjectFile[] | undefined)[] = [];
  #merged: readonly { readonly version: Version; readonly sources: readonly Source[] }[] | undefined;
  #versions: readonly Version[] | undefined;

  constructor(places: readonly [ProjectReleases, ...ProjectReleases[]]) {
    this.project = places[0].project;
    this.#places = places;
  }

  get versions(): readonly Version[] {
    this.#versions ??= this.#all().map(({ version }) => version);
    return this.#versions;
  }

  files(index: number): readonly ProjectFile[] {
    return (this.#files[index] ??= this.#collect(index));
  }

  #collect(index: number): ProjectFile[] {
    const byName = new Map<string, ProjectFile>();
    for (const source of this.#all()[index]?.sources ?? []) {
      for (const file of source.place.files(source.index)) {
        if (!byName.has(file.filename)) byName.set(file.filename, file);
      }
    }
    return [...byName.values()];
  }

  #all(): readonly { readonly version: Version; readonly sources: readonly Source[] }[] {
    if (this.#merged) return this.#merged;
    const entries = this.#places.flatMap((place) =>
      place.versions.map((version, index) => ({ version, place, index })),
    );
    // Stable: of equal versions, the first place's comes first.
    entries.sort((left, right) => compareVersions(right.version, left.version));
    const merged: { version: Version; sources: Source[] }[] = [];
    for (const { version, place, index } of entries) {
      const previous = merged.at(-1);
      if (previous && compareVersions(previous.version, version) === 0) previous.sources.push({ place, index });
      else merged.push({ version, sources: [{ place, index }] });
    }
    this.#merged = merged;
    return merged;
  }
}
