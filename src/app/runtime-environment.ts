/** The environment of a PEX that this build starts. */

import { join } from "node:path";

import type { BuildRequest } from "./build-request.ts";
import type { AppContext } from "./context.ts";
import { cacheRoot } from "./workshop.ts";

/**
 * A cache that was chosen for the build is also the one of the run; without one, the run has its own.
 *
 * @param directory Where a run without a cache keeps what it unpacks; it is the user's cache if there is no such place.
 */
export function runtimeEnvironment(
  request: BuildRequest,
  { host }: AppContext,
  directory?: string,
): Readonly<Record<string, string | undefined>> {
  if (request.disableCache && directory !== undefined) return { ...host.env, PEX_ROOT: join(directory, "root") };
  if (request.pexRoot === undefined || request.runtimePexRoot !== undefined) return host.env;
  return { ...host.env, PEX_ROOT: cacheRoot(request, host) };
}
