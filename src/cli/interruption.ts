/** Turns Ctrl-C into an orderly end of the work. */

import { Interrupted } from "./exit-code.ts";

const SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs work that the first SIGINT, SIGTERM or SIGHUP aborts; a second one ends this process at once.
 *
 * @throws Interrupted after such a signal, whatever the work made of it.
 */
export async function interruptible<Value>(work: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
  const controller = new AbortController();
  let received: NodeJS.Signals | undefined;
  function interrupt(signal: NodeJS.Signals): void {
    received = signal;
    // Without a listener the next signal does what it does to any process.
    for (const each of SIGNALS) process.off(each, interrupt);
    controller.abort(new Interrupted(signal));
  }
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (received === undefined) throw error;
    throw new Interrupted(received);
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}
