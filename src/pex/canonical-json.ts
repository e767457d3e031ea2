/** JSON with one spelling for each value: what is hashed must not depend on who wrote it. */

import { compareOrdinal } from "../base/text.ts";

/** What JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** Fields that are `undefined` are not written. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** Compact, keys sorted, ASCII only: as Python's `json.dumps(…, sort_keys=True, separators=(",", ":"))`. */
export function canonicalJson(value: Json): string {
  const text = JSON.stringify(value, (_, inner: unknown) => (isJsonObject(inner) ? sorted(inner) : inner));
  return text.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** For values that came out of `JSON.parse` or go into `JSON.stringify`. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sorted(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).toSorted(([left], [right]) => compareOrdinal(left, right)));
}
