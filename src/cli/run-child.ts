/** Runs a program in the foreground, as if this process were not there. */

import { PexError, systemCode } from "../base/errors.ts";

import type { ChildCommand, Outcome } from "./session.ts";

/** The interpreter of the PEX cannot be started. */
export class CannotStart extends PexError {
  readonly code = "CANNOT_START";
}

/** The terminal sends these to the program as well; it decides what they mean. */
const IGNORED: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT"];
/** These reach only this process and are meant for the program. */
const FORWARDED: readonly NodeJS.Signals[] = ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGWINCH", "SIGCONT"];

/**
 * Runs the program with this process's standard streams and in its process group, so that Ctrl-C and Ctrl-Z reach it;
 * the outcome is its status, or the signal that ended it.
 *
 * @throws CannotStart
 */
export async function runChild({ command, args, env }: ChildCommand): Promise<Outcome> {
  const handlers: (readonly [NodeJS.Signals, () => void])[] = IGNORED.map((signal) => [signal, () => {}] as const);
  // Builds start no child; loading this costs each start some milliseconds.
  const { spawn } = await import("node:child_process");
  const running = new Promise<Outcome>((resolve, reject) => {
    const child = spawn(command, args, { stdio: "inherit", env: { ...env } });
    for (const signal of FORWARDED) handlers.push([signal, () => child.kill(signal)]);
    for (const [signal, handler] of handlers) process.on(signal, handler);
    child.on("error", (error) => reject(cannotStart(command, error)));
    child.on("exit", (status, signal) => resolve(signal === null ? { status: status ?? 1 } : { signal }));
  });
  return running.finally(() => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  });
}

function cannotStart(command: string, error: Error): CannotStart {
  if (systemCode(error) === "E2BIG") {
    return new CannotStart(`Cannot start ${command}: the arguments and variables are too long`, { cause: error });
  }
  return new CannotStart(`Cannot start ${command}: ${systemCode(error) ?? error.message}`, {
    cause: error,
    hint: "Choose another interpreter with `--python`.",
  });
}
