/** Resolves the same inputs for each target. */

import { timed } from "../base/log.ts";
import { resolve } from "../resolver/resolve.ts";
import type { Resolution } from "../resolver/resolution.ts";
import type { Target } from "../targets/target.ts";
import { sha256Limits } from "./allowed-hashes.ts";
import type { Resolved } from "./fetch-wheels.ts";
import { packageSource } from "./package-source.ts";
import type { Places } from "./places.ts";
import type { Inputs } from "./read-inputs.ts";
import { SourceBuilder, type BuilderTools } from "./source-builder.ts";

/** What resolving takes, the same for all targets. */
export interface ResolveTools extends Omit<BuilderTools, "target"> {
  readonly inputs: Inputs;
  readonly places: Places;
}

/**
 * One resolution per target; pages and metadata are shared.
 *
 * @throws Unsatisfiable, NoMatchingVersion, UnknownProject, or what building from source throws
 */
export async function resolveTargets(targets: readonly Target[], tools: ResolveTools): Promise<Resolved[]> {
  const { request, inputs, places, index, context } = tools;
  const { onEvent, signal } = context;
  const allowedHashes = inputs.options.requireHashes ? sha256Limits(inputs.allowedHashes) : undefined;
  const resolved: Resolved[] = [];
  for (const target of targets) {
    const builder = new SourceBuilder({ ...tools, target });
    const wanted = {
      target,
      requirements: inputs.requirements,
      constraints: inputs.constraints,
      prereleases: (request.prereleases ?? false) || inputs.options.prereleases,
      transitive: request.transitive ?? true,
      allowedHashes,
      places: [...places.findLinks, ...places.indexes],
    };
    const solve = (): Promise<Resolution> => resolve(wanted, packageSource(index, builder), { signal, onEvent });
    const resolution = await timed(onEvent, `resolve for ${target.description}`, solve);
    resolved.push({ resolution, builder });
  }
  return resolved;
}
