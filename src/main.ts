/** The entry of the installed commands: hands this process over to `cli`. */

import { VERSION } from "./base/product.ts";
import { enableCompileCache } from "./cli/compile-cache.ts";

/** Runs a command with the arguments, environment and streams of this process. */
export async function main(name: "pex" | "pex3" | "pex-tools"): Promise<void> {
  const args = process.argv.slice(2);
  // Nothing else is loaded for this: it is what scripts and editors ask most often.
  if (args[0] === "--version" || args[0] === "-V") {
    process.stdout.write(`${VERSION}\n`);
    return;
  }
  enableCompileCache(args);
  const { runInProcess } = await import("./cli/run-in-process.ts");
  await runInProcess(name);
}
