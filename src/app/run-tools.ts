/** The tools of the runtime on a PEX that need not hold them. */

import { resolve } from "node:path";

import { cacheLayout } from "../cache/layout.ts";
import { inspectPex } from "../pex/inspect.ts";
import { probeScript } from "../targets/probe-script.ts";
import { selectDefault } from "../targets/select.ts";
import type { AppContext } from "./context.ts";
import { cacheRoot } from "./workshop.ts";

/** How to start them. */
export interface ToolsRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The script starts itself again where the PEX would, and finds the path of the PEX here. */
const VARIABLE = "__PEXJS_TOOLS_FOR";

/**
 * What PEX_TOOLS=1 does, from outside and under the default interpreter; another one takes over where that one does not fit.
 *
 * @throws NotAPex, InvalidPexInfo, FileError; what `selectDefault` throws
 */
export async function prepareTools(
  path: string,
  args: readonly string[],
  { host, signal }: AppContext,
): Promise<ToolsRun> {
  const absolute = resolve(host.cwd, path);
  await inspectPex(absolute);
  const cacheDirectory = cacheLayout(cacheRoot({}, host)).root;
  const interpreter = await selectDefault({}, { env: host.env, cwd: host.cwd, cacheDirectory, signal });
  return {
    command: interpreter.path,
    args: [probeScript("pex_tools.py"), ...args],
    env: { ...host.env, [VARIABLE]: absolute },
  };
}
