import { expect, test } from "vitest";

import { cachePolicy } from "../../../src/net/cache-control.ts";

const NOW = 1_000_000;

test.each<[string, Readonly<Record<string, string>>, number, boolean]>([
  ["nothing is said", {}, 0, true],
  ["max-age", { "cache-control": "max-age=600, public" }, NOW + 600_000, true],
  ["max-age in quotes and capitals", { "cache-control": 'Max-Age="60"' }, NOW + 60_000, true],
  ["the answer is old already", { "cache-control": "max-age=600", age: "500" }, NOW + 100_000, true],
  ["the answer is too old", { "cache-control": "max-age=600", age: "700" }, 0, true],
  ["no-cache", { "cache-control": "no-cache, max-age=600" }, 0, true],
  ["no-store", { "cache-control": "no-store" }, 0, false],
  ["zero", { "cache-control": "max-age=0" }, 0, true],
  ["nonsense", { "cache-control": "max-age=soon" }, 0, true],
  ["a year is cut to a day", { "cache-control": "max-age=31536000" }, NOW + 86_400_000, true],
])("%s", (_, headers, freshUntil, mayStore) => {
  expect(cachePolicy(headers, NOW)).toMatchObject({ freshUntil, mayStore });
});

test("validators are kept as they came", () => {
  const headers = { etag: 'W/"x"', "last-modified": "Thu, 01 Jan 1970 00:00:00 GMT" };
  expect(cachePolicy(headers, NOW)).toMatchObject({ etag: 'W/"x"', lastModified: headers["last-modified"] });
});
