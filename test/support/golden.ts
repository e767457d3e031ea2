/** Expected texts that a person reviews: files below `test/goldens`, rewritten with `UPDATE_GOLDENS=1`. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), "..", "goldens");

/** Compares a text with the golden of that name. */
export function expectGolden(name: string, text: string): void {
  const path = join(FOLDER, name);
  if (process.env["UPDATE_GOLDENS"]) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  expect(existsSync(path), `no golden ${name}; make it with UPDATE_GOLDENS=1`).toBe(true);
  expect(text).toBe(readFileSync(path, "utf8"));
}
