/** Writing to the cache while nothing else is to be done: what has come is needed now, and kept for another time. */

/** Runs tasks in their order, one in each turn of the event loop, so that the network does not wait for the disk. */
export class WriteBehind {
  readonly #tasks: (() => void)[] = [];
  #next: NodeJS.Immediate | undefined;

  /** @param task Must not throw. */
  add(task: () => void): void {
    this.#tasks.push(task);
    this.#next ??= setImmediate(() => this.#step());
  }

  /** Runs all that is left. */
  flush(): void {
    clearImmediate(this.#next);
    this.#next = undefined;
    for (const task of this.#tasks.splice(0)) task();
  }

  #step(): void {
    this.#tasks.shift()?.();
    this.#next = this.#tasks.length === 0 ? undefined : setImmediate(() => this.#step());
  }
}
