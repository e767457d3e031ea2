/**
 * Keeps the compiled form of our own code between runs, where this Node can. An entry of its own: it must be loaded before
 * the code, and only by a Node that has the feature.
 */

import { join } from "node:path";

import { currentHost, pexRoot } from "../base/host.ts";

/** `enableCompileCache` of `node:module`, from Node 22.1 on. */
interface ModuleWithCompileCache {
  enableCompileCache?(directory: string): unknown;
}

/** Does nothing when the command line asks for other caches. */
export function enableCompileCache(args: readonly string[]): void {
  if (args.some((each) => each.startsWith("--pex-root") || each === "--disable-cache")) return;
  const nodeModule = process.getBuiltinModule("node:module") as ModuleWithCompileCache;
  nodeModule.enableCompileCache?.(join(pexRoot(currentHost()), "pexjs", "1", "build", "code"));
}
