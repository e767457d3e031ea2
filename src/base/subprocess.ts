/** Child processes whose output we read. */

import { Cancelled, PexError } from "./errors.ts";

/** A command could not be started or ended badly. */
export class SubprocessError extends PexError {
  readonly code = "SUBPROCESS";
}

/** How a command ended. */
export interface Finished {
  /** Exit status, or `undefined` when a signal ended it. */
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly stdin?: string;
  /** Milliseconds until the command is killed. */
  readonly timeout?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a command to its end and collects what it prints.
 *
 * @throws SubprocessError when it cannot be started or takes too long; Cancelled when aborted.
 */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  // Most runs of ours start no child at all; loading this costs a start several milliseconds.
  const { spawn } = await import("node:child_process");
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: [options.stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
      ...(options.env && { env: options.env }),
      ...(options.cwd !== undefined && { cwd: options.cwd }),
      ...(options.signal && { signal: options.signal }),
    });
    // Children of its own may live on and hold the pipes open: nobody waits for those.
    const letGo = (): void => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    };
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("error", (error) => {
      clearTimeout(timer);
      letGo();
      if (error.name === "AbortError") reject(new Cancelled("Cancelled"));
      else reject(new SubprocessError(`Cannot run ${command}: ${error.message}`, { cause: error }));
    });
    const { timeout } = options;
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => {
            child.kill("SIGKILL");
            letGo();
            reject(new SubprocessError(`Timed out after ${timeout / 1000} s: ${command}`));
          }, timeout);
    child.on("close", (status) => {
      clearTimeout(timer);
      resolve({
        status: status ?? undefined,
        stdout: Buffer.concat(stdout).toString("utf8"),
        stderr: Buffer.concat(stderr).toString("utf8"),
      });
    });
    if (options.stdin !== undefined) {
      child.stdin?.on("error", () => {});
      child.stdin?.end(options.stdin);
    }
  });
}
