/** Build environments are PEX files of the build requirements: resolved, packed and started by our own tools. */

import { delimiter, join } from "node:path";

import { PexError } from "../base/errors.ts";
import { changeMode, makeDirectory, makeTemporaryDirectory, remove, writeFileAtomically } from "../base/fs.ts";
import { quoteForShell } from "../base/text.ts";
import { TextCache } from "../cache/text-cache.ts";
import type { StoredWheel } from "../cache/wheel-store.ts";
import type { ProjectIndex } from "../index/project-index.ts";
import { writeZipapp } from "../pex/layout-zipapp.ts";
import { parseRequirementArgument } from "../inputs/requirement-argument.ts";
import { NoMatchingVersion, UnknownProject, Unsatisfiable } from "../resolver/errors.ts";
import { resolve } from "../resolver/resolve.ts";
import type { BuildEnvironment, BuildEnvironments } from "../sources/build-environment.ts";
import { parseRequirement, type Requirement } from "../standards/requirement.ts";
import type { ProjectFile } from "../standards/simple-index.ts";
import type { Interpreter } from "../targets/interpreter.ts";
import type { Target } from "../targets/target.ts";
import { entryPointScript } from "../wheel/script.ts";
import { wheelContents, type CommandEntryPoint } from "../wheel/wheel-contents.ts";
import type { BuildRequest } from "./build-request.ts";
import { composeImage } from "./compose-image.ts";
import type { AppContext } from "./context.ts";
import { DirectFiles } from "./direct-files.ts";
import { uploadLimit } from "./request-policy.ts";
import { fetchWheels } from "./fetch-wheels.ts";
import { followReferences } from "./follow-references.ts";
import { packageSource } from "./package-source.ts";
import type { WheelBuilder } from "./wheel-builder.ts";
import { cacheRoot, temporaryDirectory, type Workshop } from "./workshop.ts";

/** What making an environment takes. */
export interface EnvironmentTools {
  readonly request: BuildRequest;
  readonly context: AppContext;
  readonly workshop: Workshop;
  readonly index: ProjectIndex;
  readonly target: Target;
  readonly interpreter: Interpreter;
  /** For build requirements that are sdists themselves. */
  readonly builder: WheelBuilder;
}

/** The build requirements of a project cannot be resolved. */
export class BuildRequirementsMissing extends PexError {
  readonly code = "BUILD_REQUIREMENTS";
}

/** Variables that would change what a build sees. */
const STEERING = /^(?:_{0,2}PEX(?:_|$)|PYTHON(?:PATH|HOME|STARTUP|DONTWRITEBYTECODE)$|VIRTUAL_ENV$)/;

/**
 * What lets backends give the same wheel each time (https://reproducible-builds.org/specs/source-date-epoch/): the second
 * day that an archive can tell, for some count in local time.
 */
const REPRODUCIBLE = { SOURCE_DATE_EPOCH: String(Date.UTC(1980, 0, 2) / 1000), PYTHONHASHSEED: "0" };

/** Makes isolated environments for one target. */
export class PexBuildEnvironments implements BuildEnvironments {
  readonly #tools: EnvironmentTools;

  constructor(tools: EnvironmentTools) {
    this.#tools = tools;
  }

  async within<Value>(
    requirements: readonly string[],
    purpose: string,
    task: (environment: BuildEnvironment) => Promise<Value>,
  ): Promise<Value> {
    const { request, context, interpreter } = this.#tools;
    if (request.buildIsolation === false) {
      return task({
        command: interpreter.path,
        args: [],
        env: { ...context.host.env, ...REPRODUCIBLE },
        isIsolated: false,
      });
    }
    context.onEvent({ kind: "step", level: 2, text: `preparing to build ${purpose}: ${requirements.join(", ")}` });
    const directory = makeTemporaryDirectory(temporaryDirectory(request, context.host), "pexjs-build-env-");
    try {
      return await task(await this.#make(requirements, { purpose, directory }));
    } finally {
      remove(directory);
    }
  }

  async #make(
    requirements: readonly string[],
    { purpose, directory }: { readonly purpose: string; readonly directory: string },
  ): Promise<BuildEnvironment> {
    const { request, context, workshop, index, target, interpreter, builder } = this.#tools;
    const { signal, onEvent } = context;
    const direct = new DirectFiles({ target, builder, builds: true });
    const roots: Requirement[] = [];
    for (const text of new Set(requirements)) roots.push(...(await rootsOf(text, direct)));
    const uploadedPriorTo = uploadLimit(request);
    const wanted = {
      target,
      requirements: roots,
      constraints: [],
      prereleases: false,
      transitive: true,
      uploadedPriorTo,
      isHere: workshop.cachePolicy.offline ? (file: ProjectFile) => index.isHere(file) : undefined,
    };
    const places = packageSource({ index, builder, target, direct });
    const resolution = await followReferences(
      ({ references }) => resolve({ ...wanted, direct: direct.projects, references }, places, { signal, onEvent }),
      { files: direct, newFiles: () => Promise.resolve(direct), holds: (project) => index.holds(project) },
    ).catch((error: unknown) => {
      throw withPurpose(error, { purpose, requirements });
    });
    const wheels = await fetchWheels([{ resolution, index, builder }], { jobs: 8, hashed: [] });
    const image = composeImage(
      {
        request: {},
        inputs: { requirements: roots, excludes: [], overrides: [], sources: [], requiresPython: undefined },
        targets: [target],
        resolutions: [resolution],
        wheels,
        executable: undefined,
        buildProperties: {},
        ephemeral: true,
      },
      context,
    );
    const pex = join(directory, "build.pex");
    await writeZipapp(image, pex, { signal, digest: false });
    const scripts = await this.#writeScripts([...wheels.values()], { pex, directory });
    return { command: interpreter.path, args: [pex], env: this.#environment(scripts), isIsolated: true };
  }

  /** Commands of the build requirements, such as `cmake`, for backends that start them by name. */
  async #writeScripts(
    wheels: readonly StoredWheel[],
    place: { readonly pex: string; readonly directory: string },
  ): Promise<string> {
    const { workshop, interpreter } = this.#tools;
    const bin = join(place.directory, "bin");
    makeDirectory(bin);
    const cache = new TextCache(workshop.layout.contents);
    for (const wheel of wheels) {
      const { commands, scriptFiles } = await wheelContents(wheel, cache);
      const start = [interpreter.path, place.pex].map(quoteForShell).join(" ");
      const starts = [
        ...scriptFiles.map((name) => [name, `PEX_SCRIPT=${quoteForShell(name)} exec ${start} "$@"`] as const),
        ...commands.map((each) => [each.name, `exec ${start} -c ${quoteForShell(ownName(each))} "$0" "$@"`] as const),
      ];
      for (const [name, command] of starts) {
        if (name.includes("/")) continue;
        const path = join(bin, name);
        writeFileAtomically(path, `#!/bin/sh\n${command}\n`);
        changeMode(path, 0o755);
      }
    }
    return bin;
  }

  #environment(scripts: string): BuildEnvironment["env"] {
    const { context, request } = this.#tools;
    const { host } = context;
    const env: Record<string, string | undefined> = {};
    for (const [name, value] of Object.entries(host.env)) if (!STEERING.test(name)) env[name] = value;
    env["PATH"] = [scripts, host.env["PATH"]].filter(Boolean).join(delimiter);
    env["PEX_ROOT"] = cacheRoot(request, host);
    env["PEX_IGNORE_RCFILES"] = "1";
    return { ...env, ...REPRODUCIBLE };
  }
}

/** Without it a user would look for the requirement among those that they typed. */
function withPurpose(
  error: unknown,
  { purpose, requirements }: { readonly purpose: string; readonly requirements: readonly string[] },
): unknown {
  const isResolve = [NoMatchingVersion, Unsatisfiable, UnknownProject].some((kind) => error instanceof kind);
  if (!isResolve) return error;
  return new BuildRequirementsMissing(`Cannot get what building ${purpose} needs: ${requirements.join(", ")}`, {
    cause: error,
  });
}

/** Runs a command under the name that its first argument gives: Meson, for one, starts itself again by its own name. */
function ownName(command: CommandEntryPoint): string {
  return `import sys\nsys.argv[:2] = sys.argv[1:2]\n${entryPointScript(command)}`;
}

/** One requirement of a build; what names a place is only what lies there. None where its marker does not apply. */
async function rootsOf(text: string, direct: DirectFiles): Promise<Requirement[]> {
  const requirement = parseRequirement(text);
  if (requirement.url === undefined) return [requirement];
  const found = parseRequirementArgument(text, "/");
  if (found.kind === "source") {
    const pin = await direct.addSource({ source: found.source, hashes: [] });
    return pin === undefined ? [] : [pin];
  }
  if (found.kind === "wheel-file") direct.addWheelFile({ requirement: found.requirement, wheelFile: found });
  return [found.requirement];
}
