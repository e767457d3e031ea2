/** The Node API: what the command line does, as functions. */

import { bdistPex, type BdistRequest } from "./app/bdist-pex.ts";
import { buildPex } from "./app/build-pex.ts";
import type { BuildRequest, BuildResult, DistributionReport } from "./app/build-request.ts";
import type { AppContext } from "./app/context.ts";
import { listTargets, type NamedTargetReport } from "./app/list-targets.ts";
import { pruneCache as prune, type PrunedEntry, type PruneRequest } from "./app/prune-cache.ts";
import { PexError } from "./base/errors.ts";
import { currentHost, type Host } from "./base/host.ts";
import { silent, type Event, type Listener } from "./base/log.ts";

export { listTargets, PexError };
export type {
  BdistRequest,
  BuildRequest,
  BuildResult,
  DistributionReport,
  Event,
  Host,
  Listener,
  NamedTargetReport,
  PrunedEntry,
  PruneRequest,
};

/** How a function of the API is run. */
export interface RunOptions {
  /** Aborts the work; the promise then rejects with code `CANCELLED` and nothing half-written stays. */
  readonly signal?: AbortSignal;
  /** Hears of steps, downloads and warnings, synchronously. */
  readonly onEvent?: Listener;
  /** Replaces facts about the process, such as `env` or `cwd`. */
  readonly host?: Partial<Host>;
}

/**
 * Builds one PEX and returns what `pex --json` prints.
 *
 * Sizes are bytes; `path` is absolute. With `dryRun` everything is resolved and nothing is written.
 *
 * @throws PexError with a stable `code` and often a `hint`; nothing is left half-written.
 */
export function build(request: BuildRequest, options: RunOptions = {}): Promise<BuildResult> {
  return buildPex(request, contextOf(options));
}

/**
 * Builds the PEX files of the one project in `projects`, named after its metadata, and returns what `pex --bdist --json`
 * prints.
 *
 * @throws PexError; each file is whole or not there.
 */
export function bdist(request: BdistRequest, options: RunOptions = {}): Promise<readonly BuildResult[]> {
  return bdistPex(request, contextOf(options));
}

/**
 * Removes from the cache what `pex3 cache prune` or, without `before`, `pex3 cache purge` removes.
 *
 * @throws PexError
 */
export function pruneCache(request: PruneRequest, options: RunOptions = {}): Promise<readonly PrunedEntry[]> {
  return prune(request, contextOf(options));
}

function contextOf(options: RunOptions): AppContext {
  return {
    host: { ...currentHost(), ...options.host },
    signal: options.signal ?? new AbortController().signal,
    onEvent: options.onEvent ?? silent,
  };
}
