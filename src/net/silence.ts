/** Notices that a server says nothing any more. */

import { SilenceError } from "./tcp.ts";

export interface SilenceOptions {
  /** Milliseconds. */
  readonly timeout: number;
  /** Bytes received on the connection so far: while others get their bytes, waiting for a turn is no silence. */
  readonly received: () => number;
  readonly onSilence: (error: SilenceError) => void;
}

/** A clock that calls back after a time without signs of life; keeps the process alive while it runs. */
export class SilenceClock {
  readonly #options: SilenceOptions;
  #timer: NodeJS.Timeout | undefined;
  /** When the server was last known to live, and how many bytes it had sent then. */
  #lastSign = 0;
  #bytes = 0;

  constructor(options: SilenceOptions) {
    this.#options = options;
    this.start();
  }

  /** Starts or restarts the clock; called for every few thousand bytes, so the timer itself is left alone. */
  start(): void {
    this.#lastSign = performance.now();
    this.#bytes = this.#options.received();
    this.#timer ??= setTimeout(() => this.#ring(), this.#options.timeout);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #ring(): void {
    const { timeout, received, onSilence } = this.#options;
    const rest = this.#lastSign + timeout - performance.now();
    this.#timer = undefined;
    if (rest > 1) this.#timer = setTimeout(() => this.#ring(), rest);
    else if (received() !== this.#bytes) this.start();
    else onSilence(new SilenceError(timeout));
  }
}
