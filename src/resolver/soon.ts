/** Values that may be at hand already: no tick is lost when they are. */

import type { Soon } from "./package-source.ts";

/** Goes on with a value at once or when it arrives. */
export function whenKnown<Value, Result>(value: Soon<Value>, then: (value: Value) => Soon<Result>): Soon<Result> {
  return value instanceof Promise ? value.then(then) : then(value);
}

/** Asks, and turns some failures into values; `recover` throws what it cannot. */
export function recovering<Value>(ask: () => Soon<Value>, recover: (error: unknown) => Value): Soon<Value> {
  try {
    const value = ask();
    return value instanceof Promise ? value.catch(recover) : value;
  } catch (error) {
    return recover(error);
  }
}
