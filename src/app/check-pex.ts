/** `--check`: whether Python's `zipimport` finds the start of the PEX, asked of Python itself. */

import { PexError } from "../base/errors.ts";
import { run } from "../base/subprocess.ts";
import type { Interpreter } from "../targets/interpreter.ts";
import type { BuildRequest } from "./build-request.ts";
import type { AppContext } from "./context.ts";

/** An interpreter of a target cannot start from the zip file. */
export class CheckFailed extends PexError {
  readonly code = "CHECK_FAILED";
}

const FIND_MAIN = "import sys, zipimport; zipimport.zipimporter(sys.argv[1]).get_code('__main__')";

/**
 * Asks each interpreter; directories are started without `zipimport` and need no check.
 *
 * @throws CheckFailed when that was asked for, SubprocessError, Cancelled
 */
export async function checkPex(
  path: string,
  interpreters: readonly Interpreter[],
  { request, context }: { readonly request: BuildRequest; readonly context: AppContext },
): Promise<void> {
  const { check = "none", layout = "zipapp" } = request;
  if (check === "none" || layout !== "zipapp") return;
  for (const interpreter of interpreters) {
    const args = ["-E", "-S", "-c", FIND_MAIN, path];
    const { status, stderr } = await run(interpreter.path, args, { signal: context.signal });
    if (status === 0) continue;
    const reason = stderr.trimEnd().split("\n").at(-1) ?? "";
    const text = `${interpreter.description} cannot start from ${path}: ${reason}`;
    const hint = "build it with --layout packed or --layout loose";
    if (check === "error") throw new CheckFailed(text, { hint });
    context.onEvent({ kind: "warning", text, hint });
  }
}
