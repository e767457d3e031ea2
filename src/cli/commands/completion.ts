/** `pex completion SHELL`: a script for the completion of a shell. */

import { bashCompletion } from "../completion/bash.ts";
import { fishCompletion } from "../completion/fish.ts";
import { zshCompletion } from "../completion/zsh.ts";

const SCRIPTS: ReadonlyMap<string, () => string> = new Map([
  ["bash", bashCompletion],
  ["zsh", zshCompletion],
  ["fish", fishCompletion],
]);

/**
 * The script, when these are all the words of the command line: with any other they are names of projects, as they would
 * be for upstream.
 */
export function completionScript(args: readonly string[]): string | undefined {
  const [command, shell, ...more] = args;
  return command === "completion" && shell !== undefined && more.length === 0 ? SCRIPTS.get(shell)?.() : undefined;
}
