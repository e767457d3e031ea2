/** For how long an answer may be used without asking again (RFC 9111). */

import type { Headers } from "./exchange.ts";

/** What a server said about keeping an answer. */
export interface CachePolicy {
  /** Milliseconds since 1970 until which the answer is fresh; 0 when it must always be asked for. */
  readonly freshUntil: number;
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  /** Whether the answer may be kept at all. */
  readonly mayStore: boolean;
}

/** A day: whoever says a year about a page that lists releases is mistaken. */
const LONGEST_FRESHNESS = 86_400;

/** Reads the policy from an answer's headers. @param now Milliseconds since 1970 at the answer's arrival. */
export function cachePolicy(headers: Headers, now: number): CachePolicy {
  const directives = new Map<string, string>();
  for (const directive of (headers["cache-control"] ?? "").toLowerCase().split(",")) {
    const [name = "", value = ""] = directive.trim().split("=");
    directives.set(name, value.replaceAll('"', ""));
  }
  const maxAge = Number.parseInt(directives.get("max-age") ?? "0", 10) || 0;
  const age = Number.parseInt(headers["age"] ?? "0", 10) || 0;
  const seconds = directives.has("no-cache") ? 0 : Math.min(Math.max(maxAge - age, 0), LONGEST_FRESHNESS);
  return {
    freshUntil: seconds === 0 ? 0 : now + seconds * 1000,
    etag: headers["etag"],
    lastModified: headers["last-modified"],
    mayStore: !directives.has("no-store"),
  };
}
