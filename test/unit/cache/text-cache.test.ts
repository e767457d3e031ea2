import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

import { sha256, type Sha256 } from "../../../src/base/digest.ts";
import { TextCache } from "../../../src/cache/text-cache.ts";

const folder = mkdtempSync(join(tmpdir(), "pexjs-texts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a text is kept by its digest and found by another process", () => {
  const directory = join(folder, "kept");
  const key = sha256("wheel");
  expect(new TextCache(directory).read(key)).toBeUndefined();
  new TextCache(directory).write(key, "größe");
  expect(new TextCache(directory).read(key)).toBe("größe");
  expect(readdirSync(directory)).toEqual([key.slice(0, 2)]);
});

test("a place that cannot be written costs nothing but the memory", () => {
  const occupied = join(folder, "occupied");
  writeFileSync(occupied, "a file where a directory should be");
  const cache = new TextCache(occupied);
  cache.write(sha256("a"), "text");
  expect(cache.read(sha256("a"))).toBeUndefined();
  const readOnly = join(folder, "read-only");
  mkdirSync(readOnly);
  chmodSync(readOnly, 0o555);
  expect(() => new TextCache(readOnly).write(sha256("a"), "text")).not.toThrow();
});

test("a key that is no digest is a mistake of the caller", () => {
  expect(() => new TextCache(folder).read("../evil" as Sha256)).toThrow(TypeError);
});
