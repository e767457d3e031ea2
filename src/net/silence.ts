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
  #bytes = 0;

  constructor(options: SilenceOptions) {
    this.#options = options;
    this.start();
  }

  /** Starts or restarts the clock. */
  start(): void {
    this.#bytes = this.#options.received();
    if (this.#timer) this.#timer.refresh();
    else this.#timer = setTimeout(() => this.#ring(), this.#options.timeout);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #ring(): void {
    const bytes = this.#options.received();
    if (bytes === this.#bytes) {
      this.stop();
      this.#options.onSilence(new SilenceError(this.#options.timeout));
      return;
    }
    this.#bytes = bytes;
    this.#timer?.refresh();
  }
}
