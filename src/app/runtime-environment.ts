/** The environment of a PEX that this build starts. */

import { join } from "node:path";

import type { BuildRequest } from "./build-request.ts";
import type { AppContext } from "./context.ts";
import { cacheRoot } from "./workshop.ts";

/**
 * The default interpreter is that of the tool which was started: a program that starts another one must not pass it on.
 * A cache that was chosen for the build is also the one of the run; without one, the run has its own.
 *
 * @param directory Where a run without a cache keeps what it unpacks; it is the user's cache if there is no such place.
 */
export function runtimeEnvironment(
  request: BuildRequest,
  { host }: AppContext,
  directory?: string,
): Readonly<Record<string, string | undefined>> {
  const env = { ...host.env, PEXJS_DEFAULT_PYTHON: undefined };
  if (request.disableCache && directory !== undefined) return { ...env, PEX_ROOT: join(directory, "root") };
  if (request.pexRoot === undefined || request.runtimePexRoot !== undefined) return env;
  return { ...env, PEX_ROOT: cacheRoot(request, host) };
}
