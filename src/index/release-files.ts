/** Which files of a page belong to a project, and to which of its versions. */

import { normalizeName, type ProjectName } from "../standards/project-name.ts";
import { parseSdistFilename } from "../standards/sdist-filename.ts";
import { compareVersions, tryParseVersion, type Version } from "../standards/version.ts";

/** Whatever stands for a file. */
interface Named {
  readonly filename: string;
}

/** A version and all of its files, in the order of the page. */
export interface Release<File extends Named> {
  readonly version: Version;
  readonly files: File[];
}

/** The wheels and sdists of a project by version, newest first; whatever else the page lists is passed over. */
export function groupByVersion<File extends Named>(project: ProjectName, files: Iterable<File>): Release<File>[] {
  const grouping = new Grouping<File>(project);
  for (const file of files) grouping.add(file);
  return grouping.finish();
}

/** Project names that a file may belong to: one for a wheel; an sdist's name may be split at any of its dashes. */
export function possibleProjects(filename: string): ProjectName[] {
  const names = new Set<ProjectName>();
  const isWheel = filename.endsWith(".whl");
  for (let dash = filename.indexOf("-"); dash !== -1; dash = filename.indexOf("-", dash + 1)) {
    names.add(normalizeName(filename.slice(0, dash)));
    if (isWheel) break;
  }
  return [...names];
}

class Grouping<File extends Named> {
  readonly #project: ProjectName;
  readonly #releases = new Map<string, Release<File> | undefined>();
  readonly #names = new Map<string, boolean>();

  constructor(project: ProjectName) {
    this.#project = project;
  }

  add(file: File): void {
    const { filename } = file;
    if (filename.endsWith(".whl")) {
      // A page has thousands of wheels and few versions: each version's text is parsed once. Tags are looked at by
      // whoever chooses among the files.
      const text = wheelVersion(filename, (name) => this.#isOurs(name));
      if (text !== undefined) this.#release(text)?.files.push(file);
      return;
    }
    const text = sdistVersion(filename, (name) => this.#isOurs(name));
    if (text !== undefined) {
      this.#release(text)?.files.push(file);
      return;
    }
    const sdist = parseSdistFilename(filename, this.#project);
    if (sdist) this.#release(filename, sdist.version)?.files.push(file);
  }

  finish(): Release<File>[] {
    const found = [...this.#releases.values()].filter((release) => release !== undefined);
    found.sort((left, right) => compareVersions(right.version, left.version));
    const merged: Release<File>[] = [];
    for (const release of found) {
      const previous = merged.at(-1);
      if (previous && compareVersions(previous.version, release.version) === 0) previous.files.push(...release.files);
      else merged.push(release);
    }
    return merged;
  }

  #isOurs(name: string): boolean {
    let answer = this.#names.get(name);
    if (answer === undefined) this.#names.set(name, (answer = normalizeName(name) === this.#project));
    return answer;
  }

  /** @param key The version's text, or with `known` any unique text. */
  #release(key: string, known?: Version): Release<File> | undefined {
    const found = this.#releases.get(key);
    if (found || this.#releases.has(key)) return found;
    const version = known ?? tryParseVersion(key);
    const release = version && { version, files: [] };
    this.#releases.set(key, release);
    return release;
  }
}

/** The version part of a usual sdist's file name, or `undefined` when it takes more to find it. */
function sdistVersion(filename: string, isOurs: (name: string) => boolean): string | undefined {
  const extension = filename.endsWith(".tar.gz") ? 7 : filename.endsWith(".zip") ? 4 : 0;
  const dash = filename.lastIndexOf("-");
  if (extension === 0 || dash <= 0 || !isOurs(filename.slice(0, dash))) return undefined;
  return filename.slice(dash + 1, -extension);
}

/** The version part of a wheel's file name, or `undefined` when the name cannot be one of ours. */
function wheelVersion(filename: string, isOurs: (name: string) => boolean): string | undefined {
  const first = filename.indexOf("-");
  const second = filename.indexOf("-", first + 1);
  if (first <= 0 || second === -1 || !isOurs(filename.slice(0, first))) return undefined;
  let dashes = 2;
  for (let dash = filename.indexOf("-", second + 1); dash !== -1; dash = filename.indexOf("-", dash + 1)) dashes++;
  return dashes === 4 || dashes === 5 ? filename.slice(first + 1, second) : undefined;
}
