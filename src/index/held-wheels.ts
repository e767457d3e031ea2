/** Wheels that lie at no place of their own: inside a PEX, or to be put together from what is installed somewhere. */

import type { StoredWheel } from "../cache/wheel-store.ts";
import type { ProjectName } from "../standards/project-name.ts";
import type { ProjectFile, ProjectReleases } from "../standards/simple-index.ts";
import { parseWheelFilename } from "../standards/wheel-filename.ts";

import { groupByVersion } from "./release-files.ts";

/** A wheel that somebody can hand out. */
export interface HeldWheel {
  readonly filename: string;
  /** `undefined` when it is not known before it is asked for. */
  readonly sha256: string | undefined;
  extract(): Promise<StoredWheel>;
}

/** What is held, by project; of files with the same name, the first counts. A project is known from here alone. */
export class HeldWheels {
  readonly #wheels = new Map<string, HeldWheel>();
  readonly #files = new Map<ProjectName, ProjectFile[]>();

  constructor(wheels: readonly HeldWheel[]) {
    const names = new Set<string>();
    for (const wheel of wheels) {
      if (names.has(wheel.filename)) continue;
      names.add(wheel.filename);
      this.#add(wheel);
    }
  }

  releases(project: ProjectName): ProjectReleases | undefined {
    const files = this.#files.get(project);
    if (files === undefined) return undefined;
    const releases = groupByVersion(project, files);
    const versions = releases.map(({ version }) => version);
    return { project, versions, files: (index) => releases[index]?.files ?? [] };
  }

  /** Who hands out a file of `releases`. */
  holderOf(file: ProjectFile): HeldWheel | undefined {
    return this.#wheels.get(file.url);
  }

  #add(wheel: HeldWheel): void {
    const { filename, sha256 } = wheel;
    const { project } = parseWheelFilename(filename);
    const url = `held:${this.#wheels.size}/${encodeURIComponent(filename)}`;
    this.#wheels.set(url, wheel);
    const unknown = { requiresPython: undefined, yanked: undefined, size: undefined, metadata: undefined };
    const file = { filename, url, hashes: sha256 === undefined ? {} : { sha256 }, ...unknown, uploadTime: undefined };
    const known = this.#files.get(project);
    if (known) known.push(file);
    else this.#files.set(project, [file]);
  }
}
