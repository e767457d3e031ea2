/** Makes the PEX image from what was resolved, fetched and asked for. */

import { resolve } from "node:path";

import { EXECUTABLE_PATH } from "../inputs/user-sources.ts";
import type { JsonObject } from "../pex/canonical-json.ts";
import { makeImage, type ImageWheel, type PexImage, type PexSettings } from "../pex/image.ts";
import { readRuntimeFiles } from "../pex/runtime-files.ts";
import { chooseShebang, chooseShellBoot } from "../pex/shebang.ts";
import { readText } from "../base/fs.ts";
import { VERSION } from "../base/product.ts";
import { expandUser } from "../base/host.ts";
import { activationOrder } from "../resolver/activation-order.ts";
import type { Resolution } from "../resolver/resolution.ts";
import { formatRequirement } from "../standards/requirement.ts";
import { compareVersions, formatVersion } from "../standards/version.ts";
import { parseInterpreterConstraint } from "../targets/interpreter-constraint.ts";
import type { Target } from "../targets/target.ts";
import type { BuildRequest } from "./build-request.ts";
import type { AppContext } from "./context.ts";
import type { Executable } from "./entry-point.ts";
import type { DirectPin, FetchedWheels } from "./fetch-wheels.ts";
import type { Inputs } from "./read-inputs.ts";
import { recordedRequirement } from "./recorded-requirement.ts";

/** Everything that goes into the image. */
export interface ImageSources {
  readonly request: BuildRequest;
  readonly inputs: Pick<Inputs, "requirements" | "excludes" | "overrides" | "sources" | "requiresPython">;
  readonly targets: readonly Target[];
  readonly resolutions: readonly Resolution[];
  readonly wheels: FetchedWheels;
  /** Those of the requirements that were named by path or URL. */
  readonly direct?: readonly DirectPin[];
  /** Wheels that no resolution has chosen. */
  readonly remaining?: readonly ImageWheel[];
  /** `undefined` makes the PEX an interpreter. */
  readonly executable: Executable | undefined;
  /** What the PEX records about its build. */
  readonly buildProperties: JsonObject;
  /** Whether the PEX lives only as long as one run. */
  readonly ephemeral: boolean;
}

/** The complete image. @throws ReservedName, FileConflict, UsageError */
export function composeImage(sources: ImageSources, context: AppContext): PexImage {
  const { request, inputs } = sources;
  const settings = settingsOf(sources, context);
  const { interpreterConstraints: constraints = [] } = settings;
  const shell = request.shBoot
    ? chooseShellBoot(sources.targets, { text: request.pythonShebang, constraints })
    : undefined;
  const shebang = chooseShebang(sources.targets, request.pythonShebang);
  if (!shell && shebang.warning !== undefined) {
    const hint = shebang.hint === undefined ? {} : { hint: shebang.hint };
    context.onEvent({ kind: "warning", text: shebang.warning, ...hint });
  }
  const direct = new Map((sources.direct ?? []).map((each) => [each.pin, recordedRequirement(each)]));
  return makeImage({
    requirements: inputs.requirements.map(formatRequirement),
    recorded: inputs.requirements.map((requirement) => direct.get(requirement) ?? formatRequirement(requirement)),
    wheels: [
      ...sources.resolutions.flatMap((resolution) => imageWheels(resolution, sources.wheels)),
      ...(sources.remaining ?? []),
    ],
    sources: inputs.sources,
    settings,
    runtime: readRuntimeFiles(interpretersOf(sources.targets)),
    shebang: shebang.line,
    shell,
    version: VERSION,
    compress: request.compress,
    ephemeral: sources.ephemeral,
    preamble:
      request.preambleFile === undefined ? undefined : readText(resolve(context.host.cwd, request.preambleFile)),
    modified: request.useSystemTime ? new Date() : undefined,
    preInstall: !sources.ephemeral && (request.preInstallWheels ?? request.layout === "loose"),
  });
}

/** Such as `cpython-312`; the newest first, which is the likeliest to run the PEX. */
function interpretersOf(targets: readonly Target[]): readonly string[] {
  const newestFirst = targets.toSorted((left, right) => compareVersions(right.pythonVersion, left.pythonVersion));
  const names = newestFirst.map(({ tags }) => /^(cp|pp)(\d+)-/.exec(tags[0] ?? ""));
  return [...new Set(names.flatMap((name) => (name ? `${name[1] === "cp" ? "cpython" : "pypy"}-${name[2]}` : [])))];
}

function imageWheels(resolution: Resolution, wheels: FetchedWheels): ImageWheel[] {
  return activationOrder(resolution).flatMap((distribution) => {
    const stored = wheels.get(distribution);
    if (stored === undefined) return [];
    const { requiresPython, requiresDist } = distribution.metadata;
    return {
      stored,
      project: distribution.project,
      version: formatVersion(distribution.version),
      requiresPython,
      requires: requiresDist,
    };
  });
}

function settingsOf(sources: ImageSources, { host }: AppContext): PexSettings {
  const { request, inputs, executable, buildProperties } = sources;
  const ofScript = inputs.requiresPython === undefined ? [] : [inputs.requiresPython];
  const constraints = [...(request.interpreterConstraints ?? []), ...ofScript];
  return {
    entryPoint: entryPointOf(request, executable),
    script: executable?.kind === "script" ? executable.name : undefined,
    injectArgs: request.injectArgs ?? [],
    injectEnv: request.injectEnv ?? {},
    injectPythonArgs: request.injectPythonArgs ?? [],
    bindResourcePaths: request.bindResourcePaths ?? {},
    pexPaths: request.pexPath ?? [],
    ...(request.includeTools && { includesTools: true }),
    buildProperties,
    excluded: inputs.excludes.map(formatRequirement),
    overridden: inputs.overrides.map(({ text }) => text),
    ...(request.maxInstallJobs !== undefined && { maxInstallJobs: request.maxInstallJobs }),
    interpreterSelectionStrategy: request.interpreterSelectionStrategy ?? "oldest",
    interpreterConstraints: constraints.map((text) => parseInterpreterConstraint(text).text),
    ignoreErrors: (request.ignoreErrors ?? false) || !(request.transitive ?? true),
    inheritPath: request.inheritPath ?? "false",
    emitWarnings: request.emitWarnings ?? true,
    stripPexEnv: request.stripPexEnv ?? true,
    venv: request.venv !== undefined,
    venvBinPath: request.venv ?? "false",
    venvCopies: request.venvCopies ?? false,
    venvSitePackagesCopies: request.venvSitePackagesCopies ?? false,
    venvSystemSitePackages: request.venvSystemSitePackages ?? false,
    venvHermeticScripts: !(request.nonHermeticVenvScripts ?? false),
    pexRoot:
      request.runtimePexRoot === undefined ? undefined : resolve(host.cwd, expandUser(request.runtimePexRoot, host)),
  };
}

function entryPointOf(request: BuildRequest, executable: Executable | undefined): string | undefined {
  if (executable?.kind === "entry-point") return executable.text;
  return request.executable === undefined ? request.entryPoint : EXECUTABLE_PATH.replace(/\.py$/, "");
}
