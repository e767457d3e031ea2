/** Everything the user named, read: requirements, constraints, hashes, places to search, sources. */

import { resolve } from "node:path";

import type { ArchiveFile } from "../archive/archive-file.ts";
import { readText } from "../base/fs.ts";
import type { SafeUrl } from "../base/safe-url.ts";
import { settingsByProject, type ConfigSettings } from "../inputs/config-settings.ts";
import { assertHashedSources, assertHashMode } from "../inputs/hash-mode.ts";
import {
  parseProjectPath,
  parseRequirementArgument,
  type RequirementArgument,
} from "../inputs/requirement-argument.ts";
import type { RequirementLine, RequirementsDocument, SourceLine } from "../inputs/requirements-document.ts";
import { readRequirements } from "../inputs/requirements-file.ts";
import { collectUserSources } from "../inputs/user-sources.ts";
import type { ProjectName } from "../standards/project-name.ts";
import { parseOverride, type Override } from "../resolver/amendments.ts";
import { formatRequirement, parseRequirement, type Requirement } from "../standards/requirement.ts";
import { parseWheelFilename } from "../standards/wheel-filename.ts";
import { readScriptMetadata } from "../standards/script-metadata.ts";
import type { BuildRequest } from "./build-request.ts";
import type { HashedProject } from "./allowed-hashes.ts";
import type { AppContext } from "./context.ts";
import type { DistributionSource } from "./distribution-source.ts";
import type { PexSource } from "./pex-source.ts";

/** What a build starts from. */
export interface Inputs {
  readonly requirements: readonly Requirement[];
  readonly constraints: readonly Requirement[];
  readonly excludes: readonly Requirement[];
  readonly overrides: readonly Override[];
  /** What the user allows of projects; one of which nothing is said is not limited. */
  readonly hashed: readonly HashedProject[];
  /** What the backends of projects are told. */
  readonly configSettings: ReadonlyMap<ProjectName, ConfigSettings>;
  /** The requirements with what else was said of them. */
  readonly lines: readonly RequirementLine[];
  /** Requirements by path or URL; they are in `requirements` only when they have been built. */
  readonly directSources: readonly SourceLine[];
  /** Options that stood in requirements files. */
  readonly options: RequirementsDocument;
  readonly sources: readonly ArchiveFile[];
  /** `requires-python` of the script given as executable. */
  readonly requiresPython: string | undefined;
}

/**
 * Reads all inputs of a request.
 *
 * @param fetchText Reads a requirements file that is named by a URL.
 * @throws PexError naming the file and the line, or the argument.
 */
export async function readInputs(
  request: BuildRequest,
  context: AppContext,
  fetchText: (url: SafeUrl) => Promise<string>,
): Promise<Inputs> {
  const { cwd } = context.host;
  const options = await readRequirements({
    requirementsFiles: request.requirementsFiles ?? [],
    constraintsFiles: request.constraintsFiles ?? [],
    host: context.host,
    fetchText,
  });
  const script = await scriptMetadata(request, cwd);
  const named = [
    ...(request.requirements ?? []).map((text) => parseRequirementArgument(text, cwd)),
    ...(request.projects ?? []).map((text) => parseProjectPath(text, cwd)),
    ...(await readGroups(request.groups ?? [], cwd)),
  ];
  const ofScript = (script?.dependencies ?? []).map((text) => parseRequirementArgument(text, cwd));
  const lines = [...named.flatMap(typedLine), ...options.requirements, ...ofScript.flatMap(typedLine)];
  const directSources = [...named.flatMap(typedSource), ...options.sources, ...ofScript.flatMap(typedSource)];
  if (options.requireHashes) {
    assertHashMode(lines, options.constraints);
    assertHashedSources([...directSources, ...options.constraintSources]);
  }
  return {
    requirements: lines.map((line) => line.requirement),
    lines,
    directSources,
    constraints: options.constraints.map((line) => line.requirement),
    excludes: (request.excludes ?? []).map(parseRequirement),
    overrides: (request.overrides ?? []).map(parseOverride),
    hashed: [...lines, ...options.constraints, ...directSources.flatMap(hashedWheel)].filter(
      ({ hashes }) => hashes.length > 0,
    ),
    configSettings: settingsByProject([
      ...lines.map(({ requirement, configSettings }) => ({ project: requirement.project, configSettings })),
      ...directSources.map(({ source, configSettings }) => ({ project: source.project, configSettings })),
    ]),
    options,
    sources: userSources(request, context),
    requiresPython: script?.requiresPython,
  };
}

/**
 * The inputs with requirements, exclusions and overrides that others bring along; `everything` counts where no requirements
 * are. Projects of which only references are installed are built where they are required by name.
 */
export function withOthers(
  inputs: Inputs,
  added: Pick<PexSource, "requirements" | "excludes" | "overrides">,
  source: Pick<DistributionSource, "everything" | "editables" | "excludes" | "overrides">,
): Inputs {
  const { everything, editables } = source;
  const named = [...inputs.requirements, ...added.requirements];
  const requirements = named.length + inputs.directSources.length === 0 ? everything : named;
  const directSources = [...inputs.directSources];
  for (const requirement of requirements) {
    const url = editables.get(requirement.project);
    if (url === undefined) continue;
    const text = formatRequirement({ ...requirement, specifier: parseRequirement(requirement.project).specifier, url });
    directSources.push(...typedSource(parseRequirementArgument(text, "/")));
  }
  const excludes = [...inputs.excludes, ...added.excludes, ...source.excludes];
  const overrides = [...inputs.overrides, ...added.overrides, ...source.overrides];
  return {
    ...inputs,
    requirements,
    directSources,
    excludes: [...new Map(excludes.map((each) => [formatRequirement(each), each])).values()],
    overrides: [...new Map(overrides.map((each) => [each.text, each])).values()],
  };
}

function typedLine(argument: RequirementArgument): RequirementLine[] {
  if (argument.kind === "source") return [];
  const wheelFile = argument.kind === "wheel-file" ? argument : undefined;
  return [{ requirement: argument.requirement, hashes: [], origin: undefined, wheelFile }];
}

function typedSource(argument: RequirementArgument): SourceLine[] {
  return argument.kind === "source" ? [{ source: argument.source, hashes: [], origin: undefined }] : [];
}

async function readGroups(groups: readonly string[], cwd: string): Promise<RequirementArgument[]> {
  if (groups.length === 0) return [];
  const { readDependencyGroup } = await import("../inputs/dependency-groups.ts");
  const found: RequirementArgument[] = [];
  for (const text of groups) {
    for (const requirement of await readDependencyGroup(text, cwd))
      found.push(parseRequirementArgument(requirement, cwd));
  }
  return found;
}

async function scriptMetadata(request: BuildRequest, cwd: string): ReturnType<typeof readScriptMetadata> {
  if (request.executable === undefined || request.pep723 === false) return undefined;
  return readScriptMetadata(readText(resolve(cwd, request.executable)), request.executable);
}

/** A wheel behind a URL with hashes of its own. */
function hashedWheel({ source, hashes }: SourceLine): HashedProject[] {
  const { place } = source;
  if (hashes.length === 0 || place.kind !== "url" || !place.filename.endsWith(".whl")) return [];
  return [{ requirement: { project: parseWheelFilename(place.filename).project, marker: source.marker }, hashes }];
}

function userSources(request: BuildRequest, context: AppContext): ArchiveFile[] {
  const { outputFile } = request;
  return collectUserSources(
    {
      directories: request.sourcesDirectories ?? [],
      packages: request.packages ?? [],
      modules: request.modules ?? [],
      executable: request.executable,
    },
    { cwd: context.host.cwd, listener: context.onEvent, ...(outputFile !== undefined && { except: [outputFile] }) },
  );
}
