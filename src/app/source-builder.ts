/**
 * Wheels for what an index offers as source only: the knot between resolving and building, tied here.
 *
 * ```text
 * resolve ─► PackageSource.metadata(sdist) ─► SourceBuilder.wheel ─► build environment ─► resolve (of build requirements)
 * ```
 */

import { join } from "node:path";

import { PexError } from "../base/errors.ts";
import { makeTemporaryDirectory, readTextIfExists, remove, writeFileAtomically } from "../base/fs.ts";
import { OnceMap } from "../base/once-map.ts";
import { asSha256 } from "../base/digest.ts";
import { fileStreams } from "../archive/file-streams.ts";
import type { StoredWheel } from "../cache/wheel-store.ts";
import type { ProjectIndex } from "../index/project-index.ts";
import { readWheelMetadata } from "../index/remote-metadata.ts";
import type { DependencyMetadata } from "../resolver/package-source.ts";
import { buildWheel } from "../sources/build-frontend.ts";
import { unpackSdist } from "../sources/unpack.ts";
import { parseCoreMetadata } from "../standards/core-metadata.ts";
import { parseWheelFilename } from "../standards/wheel-filename.ts";
import { compareVersions, formatVersion } from "../standards/version.ts";
import { probeScript } from "../targets/probe-script.ts";
import type { Interpreter } from "../targets/interpreter.ts";
import { targetOf } from "../targets/target.ts";
import type { Target } from "../targets/target.ts";
import type { BuildRequest } from "./build-request.ts";
import { PexBuildEnvironments } from "./build-environments.ts";
import type { AppContext } from "./context.ts";
import { localInterpreter } from "./request-targets.ts";
import type { SourceRelease, WheelBuilder } from "./wheel-builder.ts";
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
    return parseCoreMetadata(await readWheelMetadata(await this.wheel(release)));
  }

  /** From the store, or built now. */
  wheel(release: SourceRelease): Promise<StoredWheel> {
    return this.#wheels.get(release.file.url, async () => {
      const { workshop, index, target } = this.#tools;
      const sdist = await index.download(release.file);
      const record = join(workshop.layout.root, "built", sdist.sha256, target.tags[0] ?? "any");
      const known = asSha256(readTextIfExists(record)?.trim() ?? "");
      const stored = known && workshop.store.find(known);
      if (stored) return stored;
      const wheel = await this.#build(release, sdist.path);
      writeFileAtomically(record, `${wheel.sha256}\n`);
      return wheel;
    });
  }

  async #build(release: SourceRelease, sdist: string): Promise<StoredWheel> {
    const { request, context, workshop, target } = this.#tools;
    const name = `${release.project} ${formatVersion(release.version)}`;
    if (this.#chain.includes(name)) {
      throw new BuildCycle(`Building needs itself: ${[...this.#chain, name].join(" → ")}`, {
        hint: `provide a wheel of ${release.project} with --find-links`,
      });
    }
    const interpreter = target.interpreter ?? (await this.#standIn(name));
    const tools = target.interpreter ? this.#tools : { ...this.#tools, target: targetOf(interpreter) };
    const builder = new SourceBuilder(tools, [...this.#chain, name]);
    const environments = new PexBuildEnvironments({ ...tools, interpreter, builder });
    const workspace = makeTemporaryDirectory(temporaryDirectory(request, context.host), "pexjs-build-");
    try {
      const project = await unpackSdist(sdist, makeTemporaryDirectory(workspace, "source-"));
      const path = await buildWheel(project, environments, {
        name,
        workspace,
        log: join(workshop.layout.root, "logs", `${release.project}-${formatVersion(release.version)}.log`),
        hookScript: probeScript("build_hook.py"),
        onEvent: context.onEvent,
        signal: context.signal,
      });
      checkWheel(path.slice(path.lastIndexOf("/") + 1), release, target);
      return await workshop.store.add(fileStreams.chunks(path), path.slice(path.lastIndexOf("/") + 1));
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

function checkWheel(filename: string, release: SourceRelease, target: Target): void {
  const wheel = parseWheelFilename(filename);
  if (wheel.project !== release.project || compareVersions(wheel.version, release.version) !== 0) {
    throw new UnusableWheel(`The source of ${release.file.filename} built something else: ${filename}`);
  }
  if (wheel.tags.some((tag) => target.tagRanks.has(tag))) return;
  throw new UnusableWheel(
    `The wheel built from ${release.file.filename} does not fit ${target.description}: ${filename}`,
    target.interpreter
      ? {}
      : {
          hint: "build a wheel of it on that platform and give it with --find-links; --resolve-local-platforms uses such a Python here",
        },
  );
}
