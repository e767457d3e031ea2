/** Resolves the same inputs for each target. */

import { PexError } from "../base/errors.ts";
import { timed } from "../base/log.ts";
import { NotCached } from "../net/errors.ts";
import { NoMatchingVersion, Unsatisfiable } from "../resolver/errors.ts";
import type { FilePolicy } from "../resolver/file-policy.ts";
import { resolve } from "../resolver/resolve.ts";
import type { Resolution } from "../resolver/resolution.ts";
import { UndefinedMarkerVariable } from "../standards/marker.ts";
import type { ProjectName } from "../standards/project-name.ts";
import type { ProjectFile } from "../standards/simple-index.ts";
import type { Target } from "../targets/target.ts";
import { uploadLimit } from "./request-policy.ts";
import { hashesFor, sha256Limits } from "./allowed-hashes.ts";
import type { BuildRequest } from "./build-request.ts";
import type { DirectFiles } from "./direct-files.ts";
import type { DirectPin, Resolved } from "./fetch-wheels.ts";
import { followReferences } from "./follow-references.ts";
import { packageSource } from "./package-source.ts";
import type { DistributionSource } from "./distribution-source.ts";
import type { Inputs } from "./read-inputs.ts";
import type { BuilderTools } from "./source-builder.ts";
import { lazyBuilder, type WheelBuilder } from "./wheel-builder.ts";

/** What resolving takes, the same for all targets. */
export interface ResolveTools extends Omit<BuilderTools, "target" | "configSettings"> {
  readonly inputs: Inputs;
  readonly source: DistributionSource;
  readonly policy: FilePolicy;
}

/**
 * One resolution per target; pages and metadata are shared. What other machines, or several targets, have no wheels of
 * is told at once.
 *
 * @throws MissingWheels, Unsatisfiable, NoMatchingVersion, UnknownProject, IncompleteTarget, or what building from
 *   source throws
 */
export async function resolveTargets(targets: readonly Target[], tools: ResolveTools): Promise<Resolved[]> {
  const resolved: Resolved[] = [];
  for (const target of targets) {
    const builder = lazyBuilder(async () => {
      const { SourceBuilder } = await import("./source-builder.ts");
      return new SourceBuilder({ ...tools, configSettings: tools.inputs.configSettings, target });
    });
    const { files, direct } = await directFiles(target, builder, tools);
    const goesOn = targets.length > 1 || target.interpreter === undefined;
    const solve = (): Promise<Resolution> => resolveOrExplain(target, { ...tools, files, direct, builder, goesOn });
    const resolution = await timed(tools.context.onEvent, `resolve for ${target.description}`, solve);
    resolved.push({ resolution, index: tools.index, builder, direct, built: files?.built });
  }
  if (resolved.some(mayHaveGaps)) {
    const { assertNoGaps } = await import("./wheel-gaps.ts");
    await assertNoGaps(resolved, tools);
  }
  return resolved;
}

/** Whether something may turn out to have no wheel: a stand-in was chosen, or a source for another machine. */
function mayHaveGaps({ resolution: { target, distributions } }: Resolved): boolean {
  const isHere = target.interpreter !== undefined;
  return distributions.some(({ gap, kind }) => gap !== undefined || (kind === "sdist" && !isHere));
}

/** Where no version fits, the resolve may go on with what does not fit, if that makes it succeed. */
async function resolveOrExplain(
  target: Target,
  tools: TargetTools & { readonly goesOn: boolean },
): Promise<Resolution> {
  const { index, inputs, workshop } = tools;
  try {
    return await resolveOne(target, tools);
  } catch (error) {
    if (error instanceof NotCached) {
      const { missingPages } = await import("./offline.ts");
      const projects = inputs.requirements.map(({ project }) => project);
      throw await missingPages(error, projects, { index, target });
    }
    if (!(error instanceof NoMatchingVersion || error instanceof Unsatisfiable)) throw error;
    if (workshop.cachePolicy.offline) {
      const { missingFiles } = await import("./offline.ts");
      throw await missingFiles(error, () => resolveOne(target, { ...tools, takesAll: true }), index);
    }
    if (!tools.goesOn) throw error;
    try {
      return await resolveOne(target, { ...tools, overGaps: true });
    } catch {
      throw error;
    }
  }
}

/** What one target adds to the tools. */
interface TargetTools extends ResolveTools {
  readonly builder: WheelBuilder;
  readonly files: DirectFiles | undefined;
  readonly direct: readonly DirectPin[];
  readonly overGaps?: boolean;
  /** Whether also what is not on this machine is a candidate. */
  readonly takesAll?: boolean;
}

/** Builds what was named by path or URL, which is when its name and version are known. */
async function directFiles(
  target: Target,
  builder: WheelBuilder,
  { inputs, request }: ResolveTools,
): Promise<Pick<TargetTools, "files" | "direct">> {
  const { directSources, options } = inputs;
  const wheelFiles = [...inputs.lines, ...options.constraints].filter(({ wheelFile }) => wheelFile !== undefined);
  if (directSources.length + options.constraintSources.length + wheelFiles.length === 0) {
    return { files: undefined, direct: [] };
  }
  const files = await newDirectFiles(target, builder, request);
  for (const line of wheelFiles) files.addWheelFile(line);
  for (const line of options.constraintSources) files.addLater(line);
  const direct: DirectPin[] = [];
  for (const line of directSources) {
    const pin = await files.addSource(line);
    if (pin !== undefined) direct.push({ source: line.source, pin });
  }
  return { files, direct };
}

async function newDirectFiles(target: Target, builder: WheelBuilder, request: BuildRequest): Promise<DirectFiles> {
  const { DirectFiles } = await import("./direct-files.ts");
  return new DirectFiles({ target, builder, builds: request.builds ?? true });
}

async function resolveOne(target: Target, tools: TargetTools): Promise<Resolution> {
  const { request, inputs, source, index, context, builder, direct, policy } = tools;
  const { onEvent, signal } = context;
  const mustBeHere = tools.workshop.cachePolicy.offline && tools.takesAll !== true;
  const wanted = {
    target,
    requirements: [...inputs.requirements, ...direct.map(({ pin }) => pin)],
    constraints: inputs.constraints,
    excludes: inputs.excludes,
    overrides: inputs.overrides,
    // In a closed source somebody has chosen already.
    prereleases: (request.prereleases ?? false) || inputs.options.prereleases || source.closed !== undefined,
    // What is resolved already must be complete, whoever asks for how little of it.
    transitive: (request.transitive ?? true) || request.preResolvedDists !== undefined,
    places: (project: ProjectName) => source.closed?.shown ?? index.placesOf(project, target.markers),
    remedy: source.closed?.hint,
    uploadedPriorTo: uploadLimit(request),
    files: policy,
    isHere: mustBeHere ? (file: ProjectFile) => index.isHere(file) : undefined,
    overGaps: tools.overGaps,
  };
  try {
    const allowedHashes = inputs.options.requireHashes ? sha256Limits(hashesFor(target, inputs.hashed)) : undefined;
    return await followReferences(
      ({ files, references }) =>
        resolve(
          {
            ...wanted,
            allowedHashes: allowedHashes && withPins(allowedHashes, files),
            direct: files?.projects,
            references,
          },
          packageSource({ index, builder, target, direct: files }),
          { signal, onEvent },
        ),
      {
        files: tools.files,
        newFiles: () => newDirectFiles(target, builder, request),
        holds: (project) => index.holds(project),
      },
    );
  } catch (error) {
    throw explained(error, target);
  }
}

/** What was built here was checked when its source was fetched: the digest of the wheel is right whatever it is. */
function withPins(
  allowed: ReadonlyMap<ProjectName, ReadonlySet<string> | undefined>,
  files: DirectFiles | undefined,
): ReadonlyMap<ProjectName, ReadonlySet<string> | undefined> {
  return files === undefined ? allowed : new Map([...files.digests, ...allowed]);
}
/** An abbreviated platform leaves markers open, of which the requirements need one. */
export class IncompleteTarget extends PexError {
  readonly code = "INCOMPLETE_TARGET";
}

function explained(error: unknown, target: Target): unknown {
  const open = error instanceof PexError && !(error instanceof UndefinedMarkerVariable) ? error.cause : error;
  if (!(open instanceof UndefinedMarkerVariable)) return error;
  const hint =
    open.variable === "python_full_version"
      ? "give --platform a version of three parts, such as 3.11.7, or --complete-platform this marker"
      : "use --complete-platform with what `pex3 interpreter inspect --markers --tags` prints there";
  return new IncompleteTarget(`Cannot resolve for ${target.description}`, { hint, cause: error });
}
