/** Everything the user named, read: requirements, constraints, hashes, places to search, sources. */

import { resolve } from "node:path";

import type { ArchiveFile } from "../archive/archive-file.ts";
import { readText } from "../base/fs.ts";
import type { SafeUrl } from "../base/safe-url.ts";
import { assertHashMode } from "../inputs/hash-mode.ts";
import { parseRequirementArgument, supportedRequirement } from "../inputs/requirement-argument.ts";
import type { RequirementLine, RequirementsDocument } from "../inputs/requirements-document.ts";
import { readRequirements } from "../inputs/requirements-file.ts";
import { collectUserSources } from "../inputs/user-sources.ts";
import type { ProjectName } from "../standards/project-name.ts";
import type { Requirement } from "../standards/requirement.ts";
import { readScriptMetadata } from "../standards/script-metadata.ts";
import type { BuildRequest } from "./build-request.ts";
import type { AppContext } from "./context.ts";

/** What a build starts from. */
export interface Inputs {
  readonly requirements: readonly Requirement[];
  readonly constraints: readonly Requirement[];
  /** `algorithm:hexadecimal` of the files that the user allows, by project; one without an entry is not limited. */
  readonly allowedHashes: ReadonlyMap<ProjectName, ReadonlySet<string>>;
  /** Wheels on this disk that were named as requirements; absolute paths. */
  readonly wheelFiles: readonly string[];
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
  const typed = (request.requirements ?? []).map((text) => typedLine(text, cwd));
  const ofScript = (script?.dependencies ?? []).map((text) => typedLine(text, cwd));
  const lines = [...typed, ...options.requirements, ...ofScript];
  if (options.requireHashes) assertHashMode(lines, options.constraints);
  return {
    requirements: lines.map((line) => line.requirement),
    constraints: options.constraints.map((line) => line.requirement),
    allowedHashes: allowedHashes([...lines, ...options.constraints]),
    wheelFiles: lines.flatMap((line) => line.wheelFile ?? []),
    options,
    sources: userSources(request, context),
    requiresPython: script?.requiresPython,
  };
}

function typedLine(text: string, cwd: string): RequirementLine {
  const argument = supportedRequirement(parseRequirementArgument(text, cwd));
  const wheelFile = argument.kind === "wheel-file" ? argument.path : undefined;
  return { requirement: argument.requirement, hashes: [], origin: undefined, wheelFile };
}

async function scriptMetadata(request: BuildRequest, cwd: string): ReturnType<typeof readScriptMetadata> {
  if (request.executable === undefined) return undefined;
  return readScriptMetadata(readText(resolve(cwd, request.executable)), request.executable);
}

/** Constraint and requirement of one project may both bring digests; a file that matches any is allowed. */
function allowedHashes(lines: readonly RequirementLine[]): Map<ProjectName, Set<string>> {
  const allowed = new Map<ProjectName, Set<string>>();
  for (const { requirement, hashes } of lines) {
    if (hashes.length === 0) continue;
    const known = allowed.get(requirement.project) ?? new Set<string>();
    for (const hash of hashes) known.add(hash);
    allowed.set(requirement.project, known);
  }
  return allowed;
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
