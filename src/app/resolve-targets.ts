/** Resolves the same inputs for each target. */

import { timed } from "../base/log.ts";
import type { ProjectIndex } from "../index/project-index.ts";
import { resolve } from "../resolver/resolve.ts";
import type { Resolution } from "../resolver/resolution.ts";
import type { Target } from "../targets/target.ts";
import { sha256Limits } from "./allowed-hashes.ts";
import type { BuildRequest } from "./build-request.ts";
import type { AppContext } from "./context.ts";
import { packageSource } from "./package-source.ts";
import type { Places } from "./places.ts";
import type { Inputs } from "./read-inputs.ts";

/**
 * One resolution per target; pages and metadata are shared.
 *
 * @throws Unsatisfiable, NoMatchingVersion, UnknownProject, NotImplemented for what must be built from source
 */
export async function resolveTargets(
  targets: readonly Target[],
  wanted: { readonly request: BuildRequest; readonly inputs: Inputs; readonly places: Places },
  index: ProjectIndex,
  context: AppContext,
): Promise<Resolution[]> {
  const { request, inputs, places } = wanted;
  const source = packageSource(index);
  const { onEvent, signal } = context;
  const allowedHashes = inputs.options.requireHashes ? sha256Limits(inputs.allowedHashes) : undefined;
  const resolutions: Resolution[] = [];
  for (const target of targets) {
    const one = {
      target,
      requirements: inputs.requirements,
      constraints: inputs.constraints,
      prereleases: (request.prereleases ?? false) || inputs.options.prereleases,
      transitive: request.transitive ?? true,
      allowedHashes,
      places: [...places.findLinks, ...places.indexes],
    };
    const solve = (): Promise<Resolution> => resolve(one, source, { signal, onEvent });
    resolutions.push(await timed(onEvent, `resolve for ${target.description}`, solve));
  }
  return resolutions;
}
