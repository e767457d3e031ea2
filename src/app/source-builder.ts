/**
 * Wheels for what an index offers as source only: the knot between resolving and building, tied here.
 *
 * ```text
 * resolve ─► PackageSource.metadata(sdist) ─► SourceBuilder.wheel ─► build environment ─► resolve (of build requirements)
 * ```
 */

import { basename, dirname, join } from "node:path";

import { PexError } from "../base/errors.ts";
import { listDirectory, makeTemporaryDirectory, readTextIfExists, remove, writeFileAtomically } from "../base/fs.ts";
import { OnceMap } from "../base/once-map.ts";
import { asSha256 } from "../base/digest.ts";
import { fileStreams } from "../archive/file-streams.ts";
import type { StoredWheel } from "../cache/wheel-store.ts";
import type { ProjectIndex } from "../index/project-index.ts";
import type { DirectSource } from "../inputs/direct-source.ts";
import { readWheelMetadata } from "../index/remote-metadata.ts";
import type { DependencyMetadata } from "../resolver/package-source.ts";
import { buildWheel } from "../sources/build-frontend.ts";
import { staticMetadata } from "../sources/static-metadata.ts";
import { unpackSdist } from "../sources/unpack.ts";
import { parseCoreMetadata } from "../standards/core-metadata.ts";
import { normalizeName } from "../standards/project-name.ts";
import { parseWheelFilename, type WheelFilename } from "../standards/wheel-filename.ts";
import { compareVersions, formatVersion, tryParseVersion } from "../standards/version.ts";
import { probeScript } from "../targets/probe-script.ts";
import type { Interpreter } from "../targets/interpreter.ts";
import { targetOf } from "../targets/target.ts";
import type { Target } from "../targets/target.ts";
import type { BuildRequest } from "./build-request.ts";
import { PexBuildEnvironments } from "./build-environments.ts";
import type { AppContext } from "./context.ts";
import { localInterpreter } from "./request-targets.ts";
import { originOf } from "./source-origin.ts";
import type { DirectWheel, SourceRelease, WheelBuilder } from "./wheel-builder.ts";
import { temporaryDirectory, type Workshop } from "./workshop.ts";

/** A project needs itself, built, before it can be built. */
export class BuildCycle extends PexError {
  readonly code = "BUILD_CYCLE";
}

/** What was built is not what was asked for. */
export class UnusableWheel extends PexError {
  readonly code = "UNUSABLE_WHEEL";
}

/** An sdist was chosen, but there is no interpreter here that could build it. */
export class CannotBuild extends PexError {
  readonly code = "CANNOT_BUILD";
}

/** What building takes. */
export interface BuilderTools {
  readonly request: BuildRequest;
  readonly context: AppContext;
  readonly workshop: Workshop;
  readonly index: ProjectIndex;
  /** What build requirements are taken from, where that is another index. */
  readonly buildIndex?: (() => ProjectIndex | undefined) | undefined;
  readonly target: Target;
}

/** Builds sdists for one target, each once; wheels are kept by the digest of their source. */
export class SourceBuilder implements WheelBuilder {
  readonly #tools: BuilderTools;
  /** What is being built above us, outermost first. */
  readonly #chain: readonly string[];
  readonly #wheels = new OnceMap<string, StoredWheel>();

  constructor(tools: BuilderTools, chain: readonly string[] = []) {
    this.#tools = tools;
    this.#chain = chain;
  }

  async metadata(release: SourceRelease): Promise<DependencyMetadata> {
    const known = await this.#promised(release);
    return known ?? parseCoreMetadata(await readWheelMetadata(await this.wheel(release)));
  }

  /** What the sdist promises of its wheel, so that resolving need not build what is not chosen in the end. */
  async #promised(release: SourceRelease): Promise<DependencyMetadata | undefined> {
    const { request, context, index } = this.#tools;
    const sdist = await index.download(release.file);
    if (this.#builtBefore(sdist.sha256) !== undefined) return undefined;
    const workspace = makeTemporaryDirectory(temporaryDirectory(request, context.host), "pexjs-metadata-");
    try {
      const metadata = staticMetadata(await unpackSdist(sdist.path, workspace));
      if (metadata === undefined || normalizeName(metadata.name) !== release.project) return undefined;
      const version = tryParseVersion(metadata.version);
      return version !== undefined && compareVersions(version, release.version) === 0 ? metadata : undefined;
    } finally {
      remove(workspace);
    }
  }

  /** From the store, or built now. */
  wheel(release: SourceRelease): Promise<StoredWheel> {
    const name = `${release.project} ${formatVersion(release.version)}`;
    return this.#wheels.get(release.file.url, async () => {
      const sdist = await this.#tools.index.download(release.file);
      const job: Job = {
        name,
        shown: release.file.filename,
        unpack: (workspace) => unpackSdist(sdist.path, makeTemporaryDirectory(workspace, "source-")),
        isWanted: (wheel) => wheel.project === release.project && compareVersions(wheel.version, release.version) === 0,
      };
      return this.#kept(sdist.sha256, job);
    });
  }

  /** The wheel of a source that was named directly, and the archive that it came in, if it did. */
  async direct(source: DirectSource): Promise<DirectWheel> {
    const origin = await originOf(source, this.#tools);
    const job: Job = {
      name: source.shown,
      shown: source.shown,
      unpack: (workspace) => origin.unpack(workspace),
      isWanted: (wheel) => source.project === undefined || wheel.project === source.project,
    };
    const wheel = await this.#wheels.get(`${source.shown} ${origin.key ?? ""}`, () => this.#kept(origin.key, job));
    checkWheel(wheel.filename, job, this.#tools.target);
    return { wheel, archive: origin.archive };
  }

  /** The wheel that was made of the same source before, or a new one. */
  async #kept(key: string | undefined, job: Job): Promise<StoredWheel> {
    // Without isolation a wheel depends on what happens to be installed.
    if (key === undefined || this.#tools.request.buildIsolation === false) return this.#build(job);
    const stored = this.#builtBefore(key);
    if (stored) return stored;
    const wheel = await this.#build(job);
    writeFileAtomically(this.#recordOf(key), `${wheel.sha256}\n`);
    return wheel;
  }

  #builtBefore(key: string): StoredWheel | undefined {
    const { workshop, target } = this.#tools;
    const own = this.#recordOf(key);
    // A wheel built for another target will do when it fits: two of one name could not lie in one PEX.
    const others = listDirectory(dirname(own)).map((name) => join(dirname(own), name));
    for (const record of [own, ...others]) {
      const digest = asSha256(readTextIfExists(record)?.trim() ?? "");
      const wheel = digest && workshop.store.find(digest);
      if (wheel && parseWheelFilename(wheel.filename).tags.some((tag) => target.tagRanks.has(tag))) return wheel;
    }
    return undefined;
  }

  #recordOf(key: string): string {
    const { workshop, target } = this.#tools;
    return join(workshop.layout.root, "built", key, target.tags[0] ?? "any");
  }

  async #build(job: Job): Promise<StoredWheel> {
    const { request, context, workshop, target } = this.#tools;
    const { name } = job;
    if (this.#chain.includes(name)) {
      throw new BuildCycle(`Building needs itself: ${[...this.#chain, name].join(" → ")}`, {
        hint: `provide a wheel of ${name.split(" ", 1)[0] ?? name} with --find-links`,
      });
    }
    const interpreter = target.interpreter ?? (await this.#standIn(name));
    const index = this.#tools.buildIndex?.() ?? this.#tools.index;
    const tools = {
      ...this.#tools,
      index,
      buildIndex: undefined,
      target: target.interpreter ? target : targetOf(interpreter),
    };
    const builder = new SourceBuilder(tools, [...this.#chain, name]);
    const environments = new PexBuildEnvironments({ ...tools, interpreter, builder });
    const workspace = makeTemporaryDirectory(temporaryDirectory(request, context.host), "pexjs-build-");
    try {
      const project = await job.unpack(workspace);
      const path = await buildWheel(project, environments, {
        name,
        workspace,
        log: join(workshop.layout.root, "logs", `${name.replaceAll(/[^\w.+-]+/g, "-")}.log`),
        hookScript: probeScript("build_hook.py"),
        onEvent: context.onEvent,
        signal: context.signal,
      });
      checkWheel(basename(path), job, target);
      return await workshop.store.add(fileStreams.chunks(path), basename(path));
    } finally {
      remove(workspace);
    }
  }

  /** What is pure Python can be built here for any machine. */
  async #standIn(name: string): Promise<Interpreter> {
    const { request, target } = this.#tools;
    try {
      return await localInterpreter(request, this.#tools);
    } catch (error) {
      if (!(error instanceof PexError)) throw error;
      throw new CannotBuild(`Cannot build ${name} for ${target.description} without an interpreter here`, {
        cause: error,
        hint: `provide a wheel of ${name} with --find-links, or name an interpreter with $PEXJS_DEFAULT_PYTHON`,
      });
    }
  }
}

/** Something to build. */
interface Job {
  /** What messages call it, and what tells it from others that are under way. */
  readonly name: string;
  /** What it is made from. */
  readonly shown: string;
  /** Gives the directory of the project. */
  unpack(workspace: string): Promise<string>;
  isWanted(wheel: WheelFilename): boolean;
}

function checkWheel(filename: string, job: Job, target: Target): void {
  const wheel = parseWheelFilename(filename);
  if (!job.isWanted(wheel)) {
    throw new UnusableWheel(`The source of ${job.shown} built something else: ${filename}`);
  }
  if (wheel.tags.some((tag) => target.tagRanks.has(tag))) return;
  throw new UnusableWheel(
    `The wheel built from ${job.shown} does not fit ${target.description}: ${filename}`,
    target.interpreter
      ? {}
      : {
          hint: "build a wheel of it on that platform and give it with --find-links; --resolve-local-platforms uses such a Python here",
        },
  );
}
