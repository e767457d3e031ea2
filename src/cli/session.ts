/** One invocation of a command: what it was given and where it may write. */

import type { Host } from "../base/host.ts";
import type { BdistRequest } from "../app/bdist-pex.ts";
import type { AppContext } from "../app/context.ts";
import type { BuildRequest, BuildResult } from "../app/build-request.ts";
import type { NamedTargetReport } from "../app/list-targets.ts";
import type { PrunedEntry, PruneRequest } from "../app/prune-cache.ts";
import type { InspectRequest, InterpreterReport } from "../app/inspect-interpreter.ts";

/** The part of a stream that commands use. */
export interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** How an invocation ended: by a status, or by the signal that ended the program it ran. */
export type Outcome = { readonly status: number } | { readonly signal: NodeJS.Signals };

/** A program to run in the foreground. */
export interface ChildCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The application layer, loaded when it is needed. */
export interface Application {
  buildPex(request: BuildRequest, context: AppContext): Promise<BuildResult>;
  /** Builds the PEX files that are named after a project. */
  bdistPex(request: BdistRequest, context: AppContext): Promise<readonly BuildResult[]>;
  /** Builds a PEX for one run with these arguments; `cleanup` deletes it. */
  prepareEphemeral(
    request: BuildRequest,
    args: readonly string[],
    context: AppContext,
  ): Promise<ChildCommand & { cleanup(): void }>;
  /** The tools on the PEX at a path, with these arguments. */
  prepareTools(path: string, args: readonly string[], context: AppContext): Promise<ChildCommand>;
  /** What is known about interpreters of this machine. */
  inspectInterpreters(request: InspectRequest, context: AppContext): Promise<readonly InterpreterReport[]>;
  /** Removes from the cache, and tells what became of everything in it. */
  pruneCache(request: PruneRequest, context: AppContext): Promise<readonly PrunedEntry[]>;
  /** The machines that have a name. */
  listTargets(): readonly NamedTargetReport[];
}

/** Everything a command may touch; tests put their own in. */
export interface Session {
  readonly args: readonly string[];
  readonly host: Host;
  readonly stdout: Output;
  readonly stderr: Output;
  loadApplication(): Promise<Application>;
  /** Runs work that Ctrl-C aborts. */
  interruptible<Value>(work: (signal: AbortSignal) => Promise<Value>): Promise<Value>;
  /** Runs a program with this process's streams. */
  runChild(child: ChildCommand): Promise<Outcome>;
}
