import { expect, test } from "vitest";

import { cacheLayout } from "../../../src/cache/layout.ts";

test("everything of the builder lies below pexjs/1/build of the PEX root, each bucket in a directory of its own", () => {
  const { root, ...buckets } = cacheLayout("/caches");
  expect(root).toBe("/caches/pexjs/1/build");
  const paths = Object.values(buckets);
  expect(paths.every((path) => path.startsWith(`${root}/`))).toBe(true);
  expect(new Set(paths).size).toBe(paths.length);
});
