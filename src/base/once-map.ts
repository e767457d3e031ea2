/** Runs a task once per key, however many ask for it at the same time. */
export class OnceMap<Key, Value> {
  readonly #running = new Map<Key, Promise<Value>>();

  /** The result for this key; the first caller's task makes it. A failure is forgotten, so that it may be tried again. */
  get(key: Key, task: () => Promise<Value>): Promise<Value> {
    const known = this.#running.get(key);
    if (known) return known;
    const promise = task();
    this.#running.set(key, promise);
    promise.catch(() => this.#running.delete(key));
    return promise;
  }
}
