/** Cleans the cache: the builder's part here, that of running PEX files by a Python, which alone can see their locks. */

import { dirname, join } from "node:path";

import { PexError } from "../base/errors.ts";
import { isDirectory } from "../base/fs.ts";
import { run } from "../base/subprocess.ts";
import { cacheLayout } from "../cache/layout.ts";
import { pruneBuilder, type PrunedEntry } from "../cache/prune.ts";
import { probeScript } from "../targets/probe-script.ts";
import { NoInterpreter, selectDefault } from "../targets/select.ts";
import type { AppContext } from "./context.ts";
import { cacheRoot } from "./workshop.ts";

export type { PrunedEntry };

/** The cache cannot be cleaned safely. */
export class CannotPrune extends PexError {
  readonly code = "CANNOT_PRUNE";
}

export interface PruneRequest {
  /** Milliseconds since 1970; what was used since then is kept. All goes without it. */
  readonly before?: number;
  readonly dryRun?: boolean;
  /** Only these buckets, such as `run/sites` or `build/wheels`. */
  readonly entries?: readonly string[];
  readonly pexRoot?: string;
}

/**
 * What became of everything in the cache; `kind` is a bucket such as `run/sites`. The builder's part needs no Python, and goes whether or
 * not there is one for the other.
 *
 * @throws CannotPrune, FileError
 */
export async function pruneCache(request: PruneRequest, context: AppContext): Promise<readonly PrunedEntry[]> {
  const layout = cacheLayout(cacheRoot(request, context.host));
  const { before, dryRun = false, entries } = request;
  const built = pruneBuilder(layout, { before, dryRun, kinds: bucketsOf("build", entries) });
  const run = await pruneRun(join(dirname(layout.root), "run"), request, context);
  return [...run, ...built.map((each) => ({ ...each, kind: `build/${each.kind}` }))];
}

async function pruneRun(folder: string, request: PruneRequest, context: AppContext): Promise<readonly PrunedEntry[]> {
  const { before, dryRun = false, entries } = request;
  const kinds = bucketsOf("run", entries);
  if (!isDirectory(folder) || kinds?.length === 0) return [];
  const stdin = JSON.stringify({
    run: folder,
    before: before === undefined ? null : before / 1000,
    dry_run: dryRun,
    kinds: kinds ?? null,
  });
  const { signal } = context;
  const { status, stdout, stderr } = await run(await findPython(context), ["-E", probeScript("prune_cache.py")], {
    stdin,
    signal,
  });
  if (status !== 0) {
    throw new CannotPrune(`Cannot tell what is in use: ${stderr.trim()}`, {
      hint: "Locks must work on the file system of the cache; end all PEX files and delete the directory by hand.",
    });
  }
  return parseEntries(stdout).map((each) => ({ ...each, kind: `run/${each.kind}` }));
}

async function findPython({ host, signal }: AppContext): Promise<string> {
  try {
    return (await selectDefault({}, { env: host.env, cwd: host.cwd, cacheDirectory: undefined, signal })).path;
  } catch (cause) {
    if (!(cause instanceof NoInterpreter)) throw cause;
    throw new CannotPrune("Cannot tell what is in use: only a Python sees that, and there is none on the search path", {
      cause,
      hint: "install Python; what builds keep, `build/`, needs none and is cleaned already",
    });
  }
}

function bucketsOf(part: string, entries: readonly string[] | undefined): string[] | undefined {
  return entries?.filter((each) => each.startsWith(`${part}/`)).map((each) => each.slice(part.length + 1));
}

/** Our own program printed it. */
function parseEntries(text: string): readonly PrunedEntry[] {
  return JSON.parse(text) as readonly PrunedEntry[];
}
