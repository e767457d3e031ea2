/** The entry of the installed commands: hands this process over to `cli`. */

import type { CommandName } from "./cli/run-command.ts";
import { runInProcess } from "./cli/run-in-process.ts";

/** Runs a command with the arguments, environment and streams of this process, and sets its exit status; tells whether it loaded the application. */
export function main(name: CommandName): Promise<boolean> {
  return runInProcess(name);
}
