/** What the exit status of a command means. */

import { constants } from "node:os";

import { Cancelled, UsageError } from "../base/errors.ts";

/** A row of the documented table. */
interface ExitCode {
  readonly status: string;
  readonly meaning: string;
}

export const EXIT_OK = 0;
export const EXIT_FAILURE = 1;
export const EXIT_USAGE = 2;

/** The table in `docs/reference/exit-codes-and-errors.md`. */
export const EXIT_CODES: readonly ExitCode[] = [
  { status: "0", meaning: "Done." },
  { status: "1", meaning: "It failed; the error on stderr says why, and what to do." },
  { status: "2", meaning: "The command line is wrong; nothing was done." },
  {
    status: "129, 130, 143",
    meaning: "Stopped by SIGHUP, by Ctrl-C (SIGINT) or by SIGTERM; nothing half-written is left.",
  },
  {
    status: "any",
    meaning:
      "Of `pex` without `-o`: the status of the program that it ran. If a signal ended the program, the same one ends `pex`.",
  },
];

/** Work was aborted by a signal that this process got. */
export class Interrupted extends Cancelled {
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super(`Stopped by ${signal}`);
    this.signal = signal;
  }
}

/** The exit status for a failure. */
export function exitStatusOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT_USAGE;
  if (error instanceof Interrupted) return statusOfSignal(error.signal);
  if (error instanceof Cancelled) return statusOfSignal("SIGINT");
  return EXIT_FAILURE;
}

/** The status that shells show for a process ended by this signal. */
export function statusOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
