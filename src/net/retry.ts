/** When and how often to try again. */

import { setTimeout as sleep } from "node:timers/promises";

import { systemCode } from "../base/errors.ts";

import { Aborted, NotProcessed, StaleConnection } from "./exchange.ts";
import { BadStatus, isTransient } from "./explain.ts";

export interface RetryOptions {
  /** Tries after the first. */
  readonly retries: number;
  /** Milliseconds before the second try; each further one waits twice as long. */
  readonly delay: number;
  /** Milliseconds after which a name that cannot be looked up is not looked up again. */
  readonly patience: number;
  readonly signal: AbortSignal | undefined;
}

/** Milliseconds that a server may make us wait by `Retry-After`. */
const LONGEST_WAIT = 60_000;
/** Tries that cost nothing because the request never reached the server's program. */
const FREE_TRIES = 5;

/** Runs the task until it succeeds, fails for good, or has failed too often. @throws the last failure */
export async function withRetries<Value>(task: () => Promise<Value>, options: RetryOptions): Promise<Value> {
  const start = performance.now();
  let failures = 0;
  let free = FREE_TRIES;
  for (;;) {
    try {
      return await task();
    } catch (error) {
      if (free-- > 0 && (error instanceof StaleConnection || error instanceof NotProcessed)) continue;
      if (failures >= options.retries || !isTransient(error)) throw error;
      if (systemCode(error) === "EAI_AGAIN" && performance.now() - start > options.patience) throw error;
      await pause(waitAfter(error, failures, options.delay), options.signal);
      failures++;
    }
  }
}

/** Waits unless aborted. @throws Aborted */
export async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(milliseconds, undefined, signal && { signal });
  } catch (error) {
    throw new Aborted("aborted", { cause: error });
  }
}

/** Milliseconds before the next try: what the server says, else doubling with jitter, so that clients spread out. */
export function waitAfter(error: unknown, failures: number, delay: number): number {
  const asked = error instanceof BadStatus ? retryAfter(error.retryAfter) : undefined;
  return asked ?? delay * 2 ** failures * (0.5 + Math.random() / 2);
}

/** `Retry-After` (RFC 9110 §10.2.3) in milliseconds: seconds or a date. */
function retryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const wait = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), LONGEST_WAIT) : undefined;
}
