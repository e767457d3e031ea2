/** Keeps the compiled form of our own code between runs, where this Node can. */

import { join } from "node:path";

import { currentHost, pexRoot } from "../base/host.ts";

/** `enableCompileCache` of `node:module`, from Node 22.1 on. */
interface ModuleWithCompileCache {
  enableCompileCache?(directory: string): unknown;
}

/** Must come before the code is loaded. Does nothing when the command line asks for other caches. */
export function enableCompileCache(args: readonly string[]): void {
  const nodeModule = process.getBuiltinModule("node:module") as ModuleWithCompileCache;
  if (nodeModule.enableCompileCache === undefined) return;
  if (args.some((each) => each.startsWith("--pex-root") || each === "--disable-cache")) return;
  nodeModule.enableCompileCache(join(pexRoot(currentHost()), "pexjs", "1", "build", "code"));
}
