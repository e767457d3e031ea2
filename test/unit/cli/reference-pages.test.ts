import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { referencePages } from "../../../scripts/reference-pages.ts";
import { environmentGroups } from "../../../src/cli/environment.ts";

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

test("every variable that the sources read is documented, and they read every one that is", () => {
  const code = sources.filter(({ path }) => path !== "cli/environment.ts").map(({ text }) => text);
  const read = code.flatMap((text) => [...text.matchAll(/\benv\["([A-Z_]+)"\]/g)].map(([, name = ""]) => name));
  const documented = environmentGroups.flatMap(({ variables }) => variables.flatMap(({ name }) => name.split(", ")));
  expect(read.length).toBeGreaterThan(20);
  expect(read.filter((name) => !documented.includes(name))).toEqual([]);
  const all = code.join("").toUpperCase();
  // Keys of pip's variables are those of its files.
  const keys = documented.map((name) => name.replace(/^PIP_(?!CONFIG_FILE)/, "").replaceAll("_", "[-_]"));
  expect(keys.filter((key) => !new RegExp(`\\b${key}\\b`).test(all))).toEqual([]);
});
