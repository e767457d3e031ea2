/** Notices that a server says nothing any more, or next to nothing. */

import { SilenceError } from "./tcp.ts";

/** A connection lives and brings so little that nobody would wait for the end. Trying again would take as long. */
export class TooSlow extends Error {}

export interface SilenceOptions {
  /** Milliseconds. */
  readonly timeout: number;
  /** Bytes received on the connection so far: while others get their bytes, waiting for a turn is no silence. */
  readonly received: () => number;
  readonly onSilence: (error: SilenceError | TooSlow) => void;
}

/** Timeouts that make a window, and the bytes that must come in each: with usual settings what a modem of 1990 brings. */
const WINDOW = 4;
const LEAST_BYTES = 4096;

/** A clock that calls back after a time without signs of life, or with hardly any; keeps the process alive while it runs. */
export class SilenceClock {
  readonly #options: SilenceOptions;
  #timer: NodeJS.Timeout | undefined;
  /** When the server was last known to live, and how many bytes it had sent then. */
  #lastSign: Moment = { time: 0, bytes: 0 };
  #windowStart: Moment = { time: 0, bytes: 0 };

  constructor(options: SilenceOptions) {
    this.#options = options;
    this.start();
  }

  /** Starts or restarts the clock; called for every few thousand bytes, so the timer itself is left alone. */
  start(): void {
    this.#lastSign = this.#now();
    if (this.#timer !== undefined) return;
    this.#windowStart = this.#lastSign;
    this.#setTimer();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #setTimer(): void {
    const { timeout } = this.#options;
    const next = Math.min(this.#lastSign.time + timeout, this.#windowStart.time + WINDOW * timeout);
    this.#timer = setTimeout(() => this.#ring(next), Math.max(1, next - performance.now()));
  }

  #ring(planned: number): void {
    const { timeout, onSilence } = this.#options;
    const now = this.#now();
    this.#timer = undefined;
    // Whoever was suspended (Ctrl-Z) has not read for as long: that is not the server's doing.
    if (now.time - planned > timeout) {
      this.start();
      return;
    }
    // Timers may ring a little early.
    const isOver = (since: Moment, time: number): boolean => since.time + time - now.time <= 1;
    if (isOver(this.#lastSign, timeout)) {
      if (now.bytes === this.#lastSign.bytes) {
        onSilence(new SilenceError(timeout));
        return;
      }
      this.#lastSign = now;
    }
    if (isOver(this.#windowStart, WINDOW * timeout)) {
      if (now.bytes - this.#windowStart.bytes < LEAST_BYTES) {
        onSilence(new TooSlow(`less than ${LEAST_BYTES} bytes in ${(WINDOW * timeout) / 1000} s`));
        return;
      }
      this.#windowStart = now;
    }
    this.#setTimer();
  }

  #now(): Moment {
    return { time: performance.now(), bytes: this.#options.received() };
  }
}

/** Milliseconds of a clock that only runs, and bytes received until then. */
interface Moment {
  readonly time: number;
  readonly bytes: number;
}
