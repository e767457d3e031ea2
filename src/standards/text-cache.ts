/** Keeps what texts were parsed to: a resolve meets the same few hundred requirements and clauses again and again. */

/** Immutable results by their source text; forgets all of them when it is full. */
export class TextCache<Result extends object> {
  readonly #limit: number;
  readonly #results = new Map<string, Result>();

  /** @param limit how many results are kept at most. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get(text: string): Result | undefined {
    return this.#results.get(text);
  }

  /** Keeps the result and returns it. */
  keep(text: string, result: Result): Result {
    if (this.#results.size >= this.#limit) this.#results.clear();
    this.#results.set(text, result);
    return result;
  }
}
