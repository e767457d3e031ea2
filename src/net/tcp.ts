/** Connects to the first address of a host that answers (RFC 8305, Happy Eyeballs). */

import { connect, type Socket } from "node:net";

import { Aborted } from "./exchange.ts";
import type { Address } from "./name-lookup.ts";

/** Milliseconds until the next address gets its chance beside the ones still trying. */
const STAGGER = 250;

/** An operation on the network went on for too long without a sign of life. */
export class SilenceError extends Error {
  readonly code = "ETIMEDOUT";

  /** @param timeout Milliseconds that were waited. */
  constructor(timeout: number) {
    super(`no answer within ${timeout / 1000} s`);
  }
}

/** The resolver knows the name, but no address of it. */
class NoAddress extends Error {
  readonly code = "ENOTFOUND";
}

export interface TcpOptions {
  readonly port: number;
  /** Milliseconds until all attempts are given up. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/**
 * A connected socket to one of the addresses.
 *
 * Unlike Node's own `autoSelectFamily`, a slow first address is not given up when the second one starts.
 *
 * @throws the error of the first address when none answers; SilenceError when time is over.
 */
export function connectTcp(addresses: readonly Address[], options: TcpOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const attempts = new Set<Socket>();
    const waiting = [...addresses];
    let firstError: Error | undefined;
    let stagger: NodeJS.Timeout | undefined;
    const deadline = setTimeout(() => finish(undefined, new SilenceError(options.timeout)), options.timeout);
    const abort = () => finish(undefined, new Aborted("closed"));
    options.signal.addEventListener("abort", abort, { once: true });

    function finish(winner: Socket | undefined, error?: Error): void {
      clearTimeout(stagger);
      clearTimeout(deadline);
      options.signal.removeEventListener("abort", abort);
      waiting.length = 0;
      for (const socket of attempts) {
        socket.removeAllListeners();
        if (socket === winner) continue;
        socket.on("error", () => {});
        socket.destroy();
      }
      if (winner) resolve(winner);
      else reject(error ?? firstError ?? new NoAddress("the name has no address"));
    }

    function tryNext(): void {
      clearTimeout(stagger);
      const address = waiting.shift();
      if (!address) {
        if (attempts.size === 0) finish(undefined);
        return;
      }
      const socket = connect({ host: address.address, port: options.port, family: address.family, noDelay: true });
      attempts.add(socket);
      socket.once("connect", () => finish(socket));
      socket.once("error", (error) => {
        firstError ??= error;
        attempts.delete(socket);
        tryNext();
      });
      if (waiting.length > 0) stagger = setTimeout(tryNext, STAGGER);
    }

    tryNext();
  });
}
