/** Ties a command to this process: its arguments, streams, signals and the way it ends. */

import { systemCode } from "../base/errors.ts";
import { currentHost } from "../base/host.ts";

import { statusOfSignal } from "./exit-code.ts";
import { interruptible } from "./interruption.ts";
import { runChild } from "./run-child.ts";
import { type CommandName, runCommand } from "./run-command.ts";
import type { Outcome } from "./session.ts";

/**
 * Runs a command and lets this process end as it did; open handles are not waited for.
 *
 * @returns Whether the application was loaded, which a usage error or `--help` does not need.
 */
export async function runInProcess(name: CommandName): Promise<boolean> {
  let isLoaded = false;
  for (const stream of [process.stdout, process.stderr]) stream.on("error", endOnBrokenPipe);
  const outcome = await runCommand(name, {
    args: process.argv.slice(2),
    host: currentHost(),
    stdout: process.stdout,
    stderr: process.stderr,
    loadApplication() {
      isLoaded = true;
      return import("./application.ts");
    },
    interruptible,
    runChild,
  });
  end(outcome);
  return isLoaded;
}

function end(outcome: Outcome): void {
  if ("status" in outcome) {
    process.exitCode = outcome.status;
    return;
  }
  // In case the signal does not end a Node process: what shells show for it.
  process.exitCode = statusOfSignal(outcome.signal);
  // SIGUSR1 would start the debugger instead.
  if (outcome.signal !== "SIGUSR1") process.kill(process.pid, outcome.signal);
}

/** Whoever read our output has seen enough. */
function endOnBrokenPipe(error: Error): void {
  if (systemCode(error) !== "EPIPE") throw error;
}
