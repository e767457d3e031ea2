/** Resolves the same inputs for each target. */

import { PexError } from "../base/errors.ts";
import { timed } from "../base/log.ts";
import { resolve } from "../resolver/resolve.ts";
import type { Resolution } from "../resolver/resolution.ts";
import { UndefinedMarkerVariable } from "../standards/marker.ts";
import type { Target } from "../targets/target.ts";
import { sha256Limits } from "./allowed-hashes.ts";
import type { Resolved } from "./fetch-wheels.ts";
import { packageSource } from "./package-source.ts";
import type { Places } from "./places.ts";
import type { Inputs } from "./read-inputs.ts";
import type { BuilderTools } from "./source-builder.ts";
import { lazyBuilder } from "./wheel-builder.ts";

/** What resolving takes, the same for all targets. */
export interface ResolveTools extends Omit<BuilderTools, "target"> {
  readonly inputs: Inputs;
  readonly places: Places;
}

/**
 * One resolution per target; pages and metadata are shared.
 *
 * @throws Unsatisfiable, NoMatchingVersion, UnknownProject, IncompleteTarget, or what building from source throws
 */
export async function resolveTargets(targets: readonly Target[], tools: ResolveTools): Promise<Resolved[]> {
  const { request, inputs, places, index, context } = tools;
  const { onEvent, signal } = context;
  const allowedHashes = inputs.options.requireHashes ? sha256Limits(inputs.allowedHashes) : undefined;
  const resolved: Resolved[] = [];
  for (const target of targets) {
    const builder = lazyBuilder(async () => {
      const { SourceBuilder } = await import("./source-builder.ts");
      return new SourceBuilder({ ...tools, target });
    });
    const wanted = {
      target,
      requirements: inputs.requirements,
      constraints: inputs.constraints,
      prereleases: (request.prereleases ?? false) || inputs.options.prereleases,
      transitive: request.transitive ?? true,
      allowedHashes,
      places: [...places.findLinks, ...places.indexes],
    };
    const solve = (): Promise<Resolution> =>
      resolve(wanted, packageSource(index, builder), { signal, onEvent }).catch((error: unknown) => {
        throw explained(error, target);
      });
    const resolution = await timed(onEvent, `resolve for ${target.description}`, solve);
    resolved.push({ resolution, builder });
  }
  return resolved;
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
