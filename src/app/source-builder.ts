/**
 * Wheels for what an index offers as source only: the knot between resolving and building, tied here.
 *
 * ```text
 * resolve ─► PackageSource.metadata(sdist) ─► SourceBuilder.wheel ─► build environment ─► resolve (of build requirements)
 * ```
 */

import { basename, join } from "node:path";

import { PexError } from "../base/errors.ts";
import {
  listDirectory,
  makeTemporaryDirectory,
  readTextIfExists,
  remove,
  whenPossible,
  writeFileAtomically,
} from "../base/fs.ts";
import { OnceMap } from "../base/once-map.ts";
import { asSha256, sha256 } from "../base/digest.ts";
import { fileStreams } from "../archive/file-streams.ts";
import type { StoredWheel } from "../cache/wheel-store.ts";
import type { ProjectIndex } from "../index/project-index.ts";
import type { ConfigSettings } from "../inputs/config-settings.ts";
import type { DirectSource } from "../inputs/direct-source.ts";
import { readWheelMetadata } from "../index/remote-metadata.ts";
import type { DependencyMetadata } from "../resolver/package-source.ts";
import type { BuildEnvironments } from "../sources/build-environment.ts";
import { buildWheel, prepareMetadata, type BuildOptions } from "../sources/build-frontend.ts";
import { staticMetadata } from "../sources/static-metadata.ts";
import { unpackSdist } from "../sources/unpack.ts";
import { parseCoreMetadata, type CoreMetadata } from "../standards/core-metadata.ts";
import { normalizeName, type ProjectName } from "../standards/project-name.ts";
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

/** What was built runs on other machines only. */
export class WheelDoesNotFit extends UnusableWheel {
  /** Name of the wheel. */
  readonly filename: string;

  constructor(filename: string, { shown, target }: { readonly shown: string; readonly target: Target }) {
    super(`The wheel built from ${shown} does not fit ${target.description}: ${filename}`);
    this.filename = filename;
  }
}

/** An sdist was chosen for another machine, and it cannot be built on this one. */
export class CannotBuild extends PexError {
  readonly code = "CANNOT_BUILD";
}

/** Of a distribution that cannot be had, so that resolving can go on and find what else is missing. */
const UNKNOWN: DependencyMetadata = { requiresDist: [], requiresPython: undefined, providesExtra: [] };

/** What is told to the backends of build requirements. */
const NO_SETTINGS: ReadonlyMap<ProjectName, ConfigSettings> = new Map();

/** What building takes. */
export interface BuilderTools {
  readonly request: BuildRequest;
  readonly context: AppContext;
  readonly workshop: Workshop;
  readonly index: ProjectIndex;
  /** What build requirements are taken from, where that is another index. */
  readonly buildIndex?: (() => ProjectIndex | undefined) | undefined;
  /** What the backends of projects are told. */
  readonly configSettings: ReadonlyMap<ProjectName, ConfigSettings>;
  readonly target: Target;
}

/** Builds sdists for one target, each once; wheels are kept by the digest of their source. */
export class SourceBuilder implements WheelBuilder {
  readonly #tools: BuilderTools;
  /** What is being built above us, outermost first. */
  readonly #chain: readonly string[];
  /** By URL. What failed once is not tried again. */
  readonly #attempts = new Map<string, Promise<StoredWheel>>();
  readonly #direct = new OnceMap<string, StoredWheel>();

  constructor(tools: BuilderTools, chain: readonly string[] = []) {
    this.#tools = tools;
    this.#chain = chain;
  }

  async metadata(
    release: SourceRelease,
    { mayBuild }: { readonly mayBuild: boolean } = { mayBuild: true },
  ): Promise<DependencyMetadata> {
    const known = await this.#promised(release);
    if (known !== undefined) return known;
    if (!mayBuild) return UNKNOWN;
    try {
      const prepared = await this.#prepared(release);
      return prepared ?? parseCoreMetadata(await readWheelMetadata(await this.#attempt(release)));
    } catch (error) {
      if (error instanceof CannotBuild) return UNKNOWN;
      throw error;
    }
  }

  hasTried(release: SourceRelease): boolean {
    return this.#attempts.has(release.file.url);
  }

  /** What the sdist promises of its wheel, so that resolving need not build what is not chosen in the end. */
  async #promised(release: SourceRelease): Promise<DependencyMetadata | undefined> {
    const { request, context } = this.#tools;
    const job = await this.#jobOf(release);
    if (this.#builtBefore(job.key) !== undefined) return undefined;
    const workspace = makeTemporaryDirectory(temporaryDirectory(request, context.host), "pexjs-metadata-");
    try {
      return ofRelease(await staticMetadata(await job.unpack(workspace)), release);
    } finally {
      remove(workspace);
    }
  }

  /** What the backend says that its wheel will tell; `undefined` when it does not, or the wheel is here. */
  async #prepared(release: SourceRelease): Promise<CoreMetadata | undefined> {
    const { request, workshop } = this.#tools;
    const job = await this.#jobOf(release);
    if (this.#attempts.has(release.file.url) || this.#builtBefore(job.key) !== undefined) return undefined;
    const interpreter = await this.#interpreter(job.name);
    // Without isolation it depends on what happens to be installed.
    const isKept = request.buildIsolation !== false && !workshop.cachePolicy.isRefreshed(release.project);
    const record = join(this.#recordsOf(job.key), `${interpreter.tags[0] ?? "any"}.metadata`);
    const known = isKept ? readTextIfExists(record) : undefined;
    const text = known ?? (await this.#inProject(job, interpreter, prepareMetadata));
    if (text === undefined) return undefined;
    const metadata = ofRelease(parseCoreMetadata(text), release);
    if (metadata !== undefined && known === undefined && isKept) writeFileAtomically(record, text);
    return metadata;
  }

  /** From the store, or built now. */
  async wheel(release: SourceRelease): Promise<StoredWheel> {
    const wheel = await this.#attempt(release);
    if (this.#fits(wheel)) return wheel;
    throw new WheelDoesNotFit(wheel.filename, { shown: release.file.filename, target: this.#tools.target });
  }

  /** What this machine makes of an sdist. */
  #attempt(release: SourceRelease): Promise<StoredWheel> {
    const { url } = release.file;
    const known = this.#attempts.get(url);
    if (known !== undefined) return known;
    const attempt = this.#make(release);
    this.#attempts.set(url, attempt);
    return attempt;
  }

  async #make(release: SourceRelease): Promise<StoredWheel> {
    return this.#kept(await this.#jobOf(release));
  }

  async #jobOf({ project, version, file }: SourceRelease): Promise<Job & { readonly key: string }> {
    const sdist = await this.#tools.index.download(file);
    const settings = this.#tools.configSettings.get(project);
    return {
      name: `${project} ${formatVersion(version)}`,
      shown: file.filename,
      project,
      settings,
      key: keyWith(sdist.sha256, settings),
      isLasting: true,
      isInPlace: false,
      unpack: (workspace) => unpackSdist(sdist.path, makeTemporaryDirectory(workspace, "source-")),
      isWanted: (wheel) => wheel.project === project && compareVersions(wheel.version, version) === 0,
    };
  }

  /** The wheel of a source that was named directly, and the archive that it came in, if it did. */
  async direct(source: DirectSource, told?: ConfigSettings): Promise<DirectWheel> {
    const origin = await originOf(source, this.#tools);
    const settings = told ?? (source.project && this.#tools.configSettings.get(source.project));
    const job: Job = {
      name: source.shown,
      shown: source.shown,
      project: source.project,
      settings,
      key: origin.key === undefined ? undefined : keyWith(origin.key, settings),
      isLasting: origin.isLasting,
      isInPlace: origin.isInPlace,
      unpack: (workspace) => origin.unpack(workspace),
      isWanted: (wheel) => source.project === undefined || wheel.project === source.project,
    };
    const wheel = await this.#direct.get(`${source.shown} ${job.key ?? ""}`, () => this.#kept(job));
    // For another machine it is told together with what else that machine lacks.
    const isHere = this.#tools.target.interpreter !== undefined;
    if (!isHere || this.#fits(wheel)) return { wheel, archive: origin.archive };
    throw new WheelDoesNotFit(wheel.filename, { shown: job.shown, target: this.#tools.target });
  }

  /** The wheel that was made of the same source before, or a new one. */
  async #kept(job: Job): Promise<StoredWheel> {
    const { workshop } = this.#tools;
    const { key } = job;
    // Without isolation a wheel depends on what happens to be installed.
    if (key === undefined || this.#tools.request.buildIsolation === false) {
      return this.#build(job, await this.#interpreter(job.name));
    }
    const isTrusted = job.isLasting && !workshop.cachePolicy.isRefreshed(job.project);
    const counts = isTrusted || workshop.builtNow.has(key);
    const stored = counts ? this.#builtBefore(key) : undefined;
    if (stored) return stored;
    const interpreter = await this.#interpreter(job.name);
    const record = join(this.#recordsOf(key), interpreter.tags[0] ?? "any");
    const known = counts ? this.#recorded(record) : undefined;
    if (known) return known;
    const wheel = await this.#build(job, interpreter);
    workshop.builtNow.add(key);
    whenPossible(() => writeFileAtomically(record, `${wheel.sha256}\n`));
    return wheel;
  }

  #builtBefore(key: string): StoredWheel | undefined {
    const records = this.#recordsOf(key);
    // A wheel built for another target will do when it fits: two of one name could not lie in one PEX.
    for (const name of [this.#tools.target.tags[0] ?? "any", ...listDirectory(records)]) {
      const wheel = this.#recorded(join(records, name));
      if (wheel && this.#fits(wheel)) return wheel;
    }
    return undefined;
  }

  #recorded(record: string): StoredWheel | undefined {
    const digest = asSha256(whenPossible(() => readTextIfExists(record))?.trim() ?? "");
    return digest && this.#tools.workshop.store.find(digest);
  }

  /** The directory of what became of a source, by the best tag of the interpreter that built it. */
  #recordsOf(key: string): string {
    return join(this.#tools.workshop.layout.root, "built", key);
  }

  #fits({ filename }: StoredWheel): boolean {
    return parseWheelFilename(filename).tags.some((tag) => this.#tools.target.tagRanks.has(tag));
  }

  async #build(job: Job, interpreter: Interpreter): Promise<StoredWheel> {
    const { target, context, workshop } = this.#tools;
    try {
      return await this.#inProject(job, interpreter, async (project, environments, options) => {
        const path = await buildWheel(project, environments, options);
        if (!job.isWanted(parseWheelFilename(basename(path)))) {
          throw new UnusableWheel(`The source of ${job.shown} built something else: ${basename(path)}`);
        }
        return workshop.store.add(fileStreams.chunks(path), basename(path));
      });
    } catch (error) {
      if (target.interpreter || context.signal.aborted || !(error instanceof PexError)) throw error;
      throw new CannotBuild(`Cannot build ${job.name} for ${target.description} here`, { cause: error });
    }
  }

  /** Unpacks the source for a task of the build frontend, and cleans up behind it. */
  async #inProject<Value>(
    job: Job,
    interpreter: Interpreter,
    task: (project: string, environments: BuildEnvironments, options: BuildOptions) => Promise<Value>,
  ): Promise<Value> {
    const { request, context, workshop, target } = this.#tools;
    const { name } = job;
    if (this.#chain.includes(name)) {
      throw new BuildCycle(`Building needs itself: ${[...this.#chain, name].join(" → ")}`, {
        hint: `provide a wheel of ${name.split(" ", 1)[0] ?? name} with --find-links`,
      });
    }
    const index = this.#tools.buildIndex?.() ?? this.#tools.index;
    const tools = {
      ...this.#tools,
      index,
      buildIndex: undefined,
      configSettings: NO_SETTINGS,
      target: target.interpreter ? target : targetOf(interpreter),
    };
    const builder = new SourceBuilder(tools, [...this.#chain, name]);
    const environments = new PexBuildEnvironments({ ...tools, interpreter, builder });
    const workspace = makeTemporaryDirectory(temporaryDirectory(request, context.host), "pexjs-build-");
    try {
      const project = await job.unpack(workspace);
      return await task(project, environments, {
        name,
        settings: job.settings,
        workspace,
        isInPlace: job.isInPlace,
        log: join(workshop.layout.root, "logs", `${name.replaceAll(/[^\w.+-]+/g, "-").replace(/^[.-]+/, "")}.log`),
        hookScript: probeScript("build_hook.py"),
        onEvent: context.onEvent,
        signal: context.signal,
      });
    } finally {
      remove(workspace);
    }
  }

  /** What is pure Python can be built here for any machine. */
  async #interpreter(name: string): Promise<Interpreter> {
    const { request, target } = this.#tools;
    if (target.interpreter) return target.interpreter;
    try {
      return await localInterpreter(request, this.#tools);
    } catch (error) {
      if (!(error instanceof PexError)) throw error;
      throw new CannotBuild(`Cannot build ${name} for ${target.description} without an interpreter here`, {
        cause: error,
        hint: "name an interpreter with $PEXJS_DEFAULT_PYTHON, which builds what is pure Python for every machine",
      });
    }
  }
}

/** The metadata, if it is that of the release. */
function ofRelease(metadata: CoreMetadata | undefined, release: SourceRelease): CoreMetadata | undefined {
  if (metadata === undefined || normalizeName(metadata.name) !== release.project) return undefined;
  const version = tryParseVersion(metadata.version);
  return version !== undefined && compareVersions(version, release.version) === 0 ? metadata : undefined;
}

/** Other settings make other wheels. */
function keyWith(key: string, settings: ConfigSettings | undefined): string {
  return settings === undefined ? key : sha256(Buffer.from(`${key}\0${JSON.stringify(settings)}`));
}

/** Something to build. */
interface Job {
  /** What messages call it, and what tells it from others that are under way. */
  readonly name: string;
  /** What it is made from. */
  readonly shown: string;
  readonly project: ProjectName | undefined;
  readonly settings: ConfigSettings | undefined;
  /** The same for what becomes the same wheel; `undefined` when nobody can tell. */
  readonly key: string | undefined;
  /** Whether the key tells that in later runs too. */
  readonly isLasting: boolean;
  /** Whether it is built where the user has it. */
  readonly isInPlace: boolean;
  /** Gives the directory of the project. */
  unpack(workspace: string): Promise<string>;
  isWanted(wheel: WheelFilename): boolean;
}
