/** What was named by path or URL, as the resolver sees it: projects of which only these files exist. */

import { basename } from "node:path";

import { PexError } from "../base/errors.ts";
import { OnceMap } from "../base/once-map.ts";
import { HashMismatch } from "../cache/expected-hashes.ts";
import { fileUrl } from "../index/location.ts";
import type { DirectSource } from "../inputs/direct-source.ts";
import type { RequirementArgument } from "../inputs/requirement-argument.ts";
import type { RequirementLine, SourceLine } from "../inputs/requirements-document.ts";
import type { Soon } from "../resolver/package-source.ts";
import { formatMarker, decideMarker } from "../standards/marker.ts";
import type { ProjectName } from "../standards/project-name.ts";
import { parseRequirement, type Requirement } from "../standards/requirement.ts";
import type { ProjectFile, ProjectReleases } from "../standards/simple-index.ts";
import { compareVersions, formatVersion, type Version } from "../standards/version.ts";
import { parseWheelFilename } from "../standards/wheel-filename.ts";
import type { Target } from "../targets/target.ts";
import { assertAllowed } from "./allowed-hashes.ts";
import { fileAt } from "./source-origin.ts";
import type { WheelBuilder } from "./wheel-builder.ts";

/** Something has to be built, but the user wants no builds. */
export class BuildsRefused extends PexError {
  readonly code = "BUILDS_REFUSED";
}

export interface DirectOptions {
  readonly target: Target;
  readonly builder: WheelBuilder;
  /** Whether anything may be built. */
  readonly builds: boolean;
}

type DirectLine = Pick<SourceLine, "source" | "hashes" | "configSettings">;

interface DirectFile {
  readonly version: Version;
  readonly file: ProjectFile;
}

/** Collects direct files for one target. */
export class DirectFiles {
  readonly #options: DirectOptions;
  readonly #files = new Map<ProjectName, DirectFile[]>();
  /** What is taken in when somebody asks for its project. */
  readonly #later = new Map<ProjectName, DirectLine>();
  readonly #arrived = new OnceMap<ProjectName, void>();
  /** Pins that stand for direct references in metadata, by their URL. */
  readonly references: Map<string, Requirement> = new Map();
  /** SHA-256 digests of what was built from checked sources, or checked when it is downloaded. */
  readonly digests: Map<ProjectName, ReadonlySet<string>> = new Map();

  /** What was named, by the URL of the wheel that was built of it. */
  readonly built: Map<string, string> = new Map();

  constructor(options: DirectOptions) {
    this.#options = options;
  }

  /** The projects that are known from here alone. */
  get projects(): ReadonlySet<ProjectName> {
    return new Set([...this.#files.keys(), ...this.#later.keys()]);
  }

  /** What is offered of a project; `undefined` leaves it to the indexes. @throws what `addSource` throws */
  releases(project: ProjectName): Soon<ProjectReleases | undefined> {
    const later = this.#later.get(project);
    if (later === undefined) return this.#releasesOf(project);
    return this.#arrived
      .get(project, async () => void (await this.addSource(later)))
      .then(() => this.#releasesOf(project));
  }

  #releasesOf(project: ProjectName): ProjectReleases | undefined {
    const files = this.#files.get(project);
    if (files === undefined) return undefined;
    const versions: Version[] = [];
    for (const { version } of files) {
      if (!versions.some((known) => compareVersions(known, version) === 0)) versions.push(version);
    }
    versions.sort((left, right) => compareVersions(right, left));
    const filesOf = (index: number): ProjectFile[] => {
      const wanted = versions[index];
      return files.filter(({ version }) => wanted && compareVersions(version, wanted) === 0).map(({ file }) => file);
    };
    return { project, versions, files: filesOf };
  }

  /** Takes in a wheel on this disk that a requirement names. */
  addWheelFile({ requirement, wheelFile }: Pick<RequirementLine, "requirement" | "wheelFile">): void {
    if (wheelFile === undefined || !this.#applies(requirement.marker)) return;
    const { path, hashes } = wheelFile;
    this.#take(fileAt(fileUrl(path), basename(path), hashes));
  }

  /**
   * Takes in a source, built if it must be, and gives the requirement that pins it; `undefined` when its marker does
   * not apply.
   *
   * @throws BuildsRefused, HashMismatch, and what building throws
   */
  async addSource(line: DirectLine): Promise<Requirement | undefined> {
    const { source } = line;
    if (!this.#applies(source.marker)) return undefined;
    const file = remoteWheel(source) ?? (await this.#built(line));
    const { project, version } = this.#take(file);
    if (source.project !== undefined && source.project !== project) {
      throw new OtherProject(`Not a wheel of ${source.project}: ${source.shown}`);
    }
    const extras = source.extras.length > 0 ? `[${source.extras.join(",")}]` : "";
    const marker = source.marker === undefined ? "" : ` ; ${formatMarker(source.marker)}`;
    return parseRequirement(`${project}${extras}==${formatVersion(version)}${marker}`);
  }

  /** Takes in a source with a name only if that project is needed. */
  addLater(line: DirectLine): void {
    const { project, marker } = line.source;
    if (project !== undefined && this.#applies(marker)) this.#later.set(project, line);
  }

  /** Takes in what the metadata of a distribution refers to. */
  async addReference(url: string, argument: RequirementArgument): Promise<void> {
    if (argument.kind === "wheel-file") this.addWheelFile({ ...argument, wheelFile: argument });
    const pin =
      argument.kind === "source" ? await this.addSource({ source: argument.source, hashes: [] }) : argument.requirement;
    if (pin !== undefined) this.references.set(url, pin);
  }

  #applies(marker: Requirement["marker"]): boolean {
    return marker === undefined || decideMarker(marker, this.#options.target.markers, undefined);
  }

  async #built({ source, hashes, configSettings }: DirectLine): Promise<ProjectFile> {
    if (!this.#options.builds) {
      throw new BuildsRefused(`This has to be built, but building is not allowed: ${source.shown}`, {
        hint: "leave out --no-build, or give the path of a wheel",
      });
    }
    const { wheel, archive } = await this.#options.builder.direct(source, configSettings);
    const { project } = parseWheelFilename(wheel.filename);
    if (archive && hashes.length > 0) assertAllowed(archive, project, new Map([[project, new Set(hashes)]]));
    const url = fileUrl(wheel.path);
    this.built.set(url, source.shown);
    return fileAt(url, wheel.filename, { sha256: wheel.sha256 });
  }

  #take(file: ProjectFile): { readonly project: ProjectName; readonly version: Version } {
    const { project, version } = parseWheelFilename(file.filename);
    const { sha256 } = file.hashes;
    if (sha256 !== undefined) this.digests.set(project, new Set([sha256]));
    const known = this.#files.get(project) ?? [];
    const index = known.findIndex((other) => other.file.url === file.url);
    const same = known[index];
    if (same === undefined) known.push({ version, file });
    else known[index] = { version, file: { ...file, hashes: inAgreement(same.file, file) } };
    this.#files.set(project, known);
    return { project, version };
  }
}

/** The hashes with which two requirements name one file. @throws HashMismatch when it cannot have both */
function inAgreement(one: ProjectFile, other: ProjectFile): ProjectFile["hashes"] {
  for (const [algorithm, digest] of Object.entries(one.hashes)) {
    const wanted = other.hashes[algorithm];
    if (wanted === undefined || wanted === digest) continue;
    throw new HashMismatch(`No file has both hashes: ${one.filename}: ${algorithm} ${digest}, ${algorithm} ${wanted}`, {
      hint: "correct the hash in one of the requirements that name it",
    });
  }
  return { ...one.hashes, ...other.hashes };
}

/** A URL leads to another project than it was named for. */
export class OtherProject extends PexError {
  readonly code = "OTHER_PROJECT";
}

function remoteWheel({ place }: DirectSource): ProjectFile | undefined {
  if (place.kind !== "url" || !place.filename.endsWith(".whl")) return undefined;
  return fileAt(place.url, place.filename, place.hashes);
}
