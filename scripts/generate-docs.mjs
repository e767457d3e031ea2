/** Writes the pages of `docs/reference/` that are made from the sources. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { importTypeScript, ROOT } from "./import-typescript.mjs";

const SOURCES = join(ROOT, "src");
const PAGES = join(ROOT, "docs", "reference");

const { referencePages } = await importTypeScript("scripts/reference-pages.ts");
const sources = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .sort()
  .map((path) => ({ path, text: readFileSync(join(SOURCES, path), "utf8") }));
const settings = readFileSync(join(ROOT, "python", "runtime", "pexjs_runtime", "settings.py"), "utf8");
mkdirSync(PAGES, { recursive: true });
for (const [name, text] of referencePages(sources, settings)) writeFileSync(join(PAGES, name), text);
