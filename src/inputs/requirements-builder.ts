/** A requirements document while its files are being read. */

import type { FilePlace, RequirementLine, RequirementsDocument, SourceLine } from "./requirements-document.ts";
import type { RequirementsFault } from "./requirements-fault.ts";

/** Collects lines, options and faults of all files. */
export class DocumentBuilder {
  readonly faults: RequirementsFault[] = [];
  readonly requirements: RequirementLine[] = [];
  readonly sources: SourceLine[] = [];
  readonly constraints: RequirementLine[] = [];
  readonly constraintSources: SourceLine[] = [];
  readonly extraIndexUrls: string[] = [];
  readonly findLinks: string[] = [];
  readonly places: FilePlace[] = [];
  readonly trustedHosts: string[] = [];
  /** The project lists of options such as `--only-binary`, by option. */
  readonly projectLists: Map<string, string[]> = new Map();
  indexUrl: string | undefined;
  noIndex = false;
  prereleases = false;
  preferBinary = false;
  requireHashes: boolean | undefined;

  /** Adds an index or a find-links place that an option of a file names. */
  addPlace(option: "--index-url" | "--extra-index-url" | "--find-links", place: string, file: string): void {
    this.places.push({ kind: option === "--find-links" ? "find-links" : "index", place, file });
    if (option === "--index-url") this.indexUrl = place;
    else (option === "--find-links" ? this.findLinks : this.extraIndexUrls).push(place);
  }

  /** Adds the projects of a list such as `a,b`; `:none:` empties it. */
  addProjects(option: string, list: string): void {
    let projects = this.projectLists.get(option) ?? [];
    for (const project of list.split(",").map((part) => part.trim())) {
      if (project === ":none:") projects = [];
      else if (project !== "" && !projects.includes(project)) projects.push(project);
    }
    this.projectLists.set(option, projects);
  }

  build(): RequirementsDocument {
    const isHashed = [...this.requirements, ...this.sources, ...this.constraints].some(
      ({ hashes }) => hashes.length > 0,
    );
    const allReleases = this.projectLists.get("--all-releases") ?? [];
    return {
      requirements: this.requirements,
      sources: this.sources,
      constraints: this.constraints,
      constraintSources: this.constraintSources,
      indexUrl: this.indexUrl,
      extraIndexUrls: this.extraIndexUrls,
      findLinks: this.findLinks,
      places: this.places,
      noIndex: this.noIndex,
      prereleases: this.prereleases || allReleases.includes(":all:"),
      allReleases: allReleases.filter((project) => project !== ":all:"),
      onlyFinal: this.projectLists.get("--only-final") ?? [],
      onlyBinary: this.projectLists.get("--only-binary") ?? [],
      noBinary: this.projectLists.get("--no-binary") ?? [],
      preferBinary: this.preferBinary,
      trustedHosts: this.trustedHosts,
      requireHashes: this.requireHashes ?? isHashed,
    };
  }
}
