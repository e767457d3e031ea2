import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { referencePages } from "../../../scripts/reference-pages.ts";

const PROJECT = fileURLToPath(new URL("../../..", import.meta.url));
const SOURCES = join(PROJECT, "src");

const sources = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .sort()
  .map((path) => ({ path, text: readFileSync(join(SOURCES, path), "utf8") }));
const settings = readFileSync(join(PROJECT, "python", "runtime", "pexjs_runtime", "settings.py"), "utf8");
const pages = referencePages(sources, settings);

test.each([...pages])("docs/reference/%s says what the sources say (else run `npm run docs`)", (name, text) => {
  expect(readFileSync(join(PROJECT, "docs", "reference", name), "utf8")).toBe(text);
});

test("every error code in the sources is documented", () => {
  const page = pages.get("exit-codes-and-errors.md") ?? "";
  const codes = sources.flatMap(({ text }) =>
    [...text.matchAll(/extends (?!Error\b)\w+ \{\s*readonly code = "([A-Z0-9_]+)"/g)].map(([, code = ""]) => code),
  );
  expect(codes.length).toBeGreaterThan(30);
  expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
});
