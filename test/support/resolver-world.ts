/** Small made-up worlds of packages for the resolver's tests. */

import { parseOverride } from "../../src/resolver/amendments.ts";
import type { Candidate } from "../../src/resolver/candidate.ts";
import type { DependencyMetadata, PackageSource, Soon } from "../../src/resolver/package-source.ts";
import type { Resolution } from "../../src/resolver/resolution.ts";
import { resolve, type ResolveOptions, type ResolveRequest } from "../../src/resolver/resolve.ts";
import { normalizeName, type ProjectName } from "../../src/standards/project-name.ts";
import { parseRequirement } from "../../src/standards/requirement.ts";
import type { ProjectFile, ProjectReleases } from "../../src/standards/simple-index.ts";
import { compareVersions, formatVersion, parseVersion } from "../../src/standards/version.ts";
import type { Target } from "../../src/targets/target.ts";

/** One version; a list stands for its requirements. */
export interface WorldVersion {
  readonly requires?: readonly string[];
  /** `Requires-Python` as the index lists it. */
  readonly requiresPython?: string;
  /** `Requires-Python` that only the metadata tells. */
  readonly metadataRequiresPython?: string;
  /** Tags of its wheels; default `py3-none-any`. */
  readonly wheels?: readonly string[];
  /** Whether there is an sdist; default false. */
  readonly sdist?: boolean;
  readonly yanked?: string;
  readonly sha256?: string;
  readonly extras?: readonly string[];
}

/** Versions by project. */
export type World = Readonly<Record<string, Readonly<Record<string, WorldVersion | readonly string[]>>>>;

/** What is asked of a world. */
export interface Question {
  readonly requirements: readonly string[];
  readonly constraints?: readonly string[];
  readonly excludes?: readonly string[];
  readonly overrides?: readonly string[];
  readonly prereleases?: boolean;
  readonly transitive?: boolean;
  readonly hashes?: Readonly<Record<string, readonly string[]>>;
  readonly target?: Target;
}

/** CPython 3.11 on Linux. */
export const linuxTarget: Target = makeTarget("3.11.7", [
  "cp311-cp311-manylinux_2_17_x86_64",
  "cp311-cp311-linux_x86_64",
  "cp311-abi3-manylinux_2_17_x86_64",
  "cp310-abi3-manylinux_2_17_x86_64",
  "py3-none-manylinux_2_17_x86_64",
  "cp311-none-any",
  "py3-none-any",
  "py2.py3-none-any",
]);

/** A described CPython on Linux. */
export function makeTarget(python: string, tags: readonly string[]): Target {
  return {
    kind: "platform",
    description: `CPython ${python} on linux_x86_64`,
    markers: {
      implementation_name: "cpython",
      implementation_version: python,
      os_name: "posix",
      platform_machine: "x86_64",
      platform_python_implementation: "CPython",
      platform_release: "6.1.0",
      platform_system: "Linux",
      platform_version: "1",
      python_full_version: python,
      python_version: python.split(".").slice(0, 2).join("."),
      sys_platform: "linux",
    },
    tags,
    tagRanks: new Map(tags.map((tag, rank) => [tag, rank])),
    pythonVersion: parseVersion(python),
    interpreter: undefined,
  };
}

/** A source over a world; `soon` may delay answers, and hears what is asked. */
export class WorldSource implements PackageSource {
  /** What was asked or said, such as `metadata foo 1.0`. */
  readonly log: string[] = [];
  readonly #releases = new Map<string, ProjectReleases>();
  readonly #metadata = new Map<ProjectFile, DependencyMetadata>();
  readonly #soon: <Value>(value: Value) => Soon<Value>;

  constructor(world: World, soon: <Value>(value: Value) => Soon<Value> = (value) => value) {
    this.#soon = soon;
    for (const [name, versions] of Object.entries(world)) this.#addProject(normalizeName(name), versions);
  }

  releases(project: ProjectName): Soon<ProjectReleases | undefined> {
    this.log.push(`releases ${project}`);
    return this.#soon(this.#releases.get(project));
  }

  recall(): undefined {
    return undefined;
  }

  /** A project's releases, of which the log hears nothing. */
  known(project: ProjectName): ProjectReleases | undefined {
    return this.#releases.get(project);
  }

  /** The same for metadata. */
  knownMetadata({ file }: Candidate): DependencyMetadata | undefined {
    return this.#metadata.get(file);
  }

  metadata(candidate: Candidate): Soon<DependencyMetadata> {
    this.log.push(`metadata ${candidate.project} ${formatVersion(candidate.version)}`);
    const metadata = this.#metadata.get(candidate.file);
    if (metadata === undefined) throw new Error(`No metadata of ${candidate.file.filename}`);
    return this.#soon(metadata);
  }

  prefetchReleases(project: ProjectName): void {
    this.log.push(`prefetch releases ${project}`);
  }

  prefetchMetadata(candidate: Candidate): void {
    this.log.push(`prefetch metadata ${candidate.project} ${formatVersion(candidate.version)}`);
  }

  #addProject(project: ProjectName, versions: World[string]): void {
    const entries = Object.entries(versions)
      .map(([text, details]) => ({
        version: parseVersion(text),
        details: "length" in details ? { requires: details } : details,
      }))
      .sort((left, right) => compareVersions(right.version, left.version));
    const files = entries.map(({ version, details }) => this.#files(project, formatVersion(version), details));
    this.#releases.set(project, {
      project,
      versions: entries.map(({ version }) => version),
      files: (index) => files[index] ?? [],
    });
  }

  #files(project: ProjectName, version: string, details: WorldVersion): readonly ProjectFile[] {
    const stem = `${project.replaceAll("-", "_")}-${version}`;
    const names = (details.wheels ?? (details.sdist === true ? [] : ["py3-none-any"])).map(
      (tag) => `${stem}-${tag}.whl`,
    );
    if (details.sdist === true) names.push(`${stem}.tar.gz`);
    return names.map((filename) => {
      const file: ProjectFile = {
        filename,
        url: `https://index.example/files/${filename}`,
        hashes: details.sha256 === undefined ? {} : { sha256: details.sha256 },
        requiresPython: details.requiresPython,
        yanked: details.yanked,
        size: undefined,
        metadata: undefined,
        uploadTime: undefined,
      };
      this.#metadata.set(file, {
        requiresDist: details.requires ?? [],
        requiresPython: details.metadataRequiresPython ?? details.requiresPython,
        providesExtra: details.extras ?? [],
      });
      return file;
    });
  }
}

/** The request for a question. */
export function requestOf(question: Question): ResolveRequest {
  const hashes =
    question.hashes &&
    Object.entries(question.hashes).map(([name, list]) => [normalizeName(name), new Set(list)] as const);
  return {
    target: question.target ?? linuxTarget,
    requirements: question.requirements.map(parseRequirement),
    constraints: (question.constraints ?? []).map(parseRequirement),
    excludes: (question.excludes ?? []).map(parseRequirement),
    overrides: (question.overrides ?? []).map(parseOverride),
    prereleases: question.prereleases ?? false,
    transitive: question.transitive ?? true,
    allowedHashes: hashes && new Map(hashes),
    places: () => ["index.example"],
  };
}

/** Resolves a question against a world. */
export function resolveWorld(world: World, question: Question, options: ResolveOptions = {}): Promise<Resolution> {
  return resolve(requestOf(question), new WorldSource(world), options);
}

/** `name version` of each distribution, extras in brackets. */
export function pinsOf(resolution: Resolution): string[] {
  return resolution.distributions.map(({ project, version, extras }) => {
    return `${project}${extras.length > 0 ? `[${extras.join(",")}]` : ""} ${formatVersion(version)}`;
  });
}
