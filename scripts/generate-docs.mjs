/** Writes the pages of `docs/reference/` that are made from the sources. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const SOURCES = join(ROOT, "src");
const PAGES = join(ROOT, "docs", "reference");

const { outputFiles } = await build({
  absWorkingDir: ROOT,
  entryPoints: ["scripts/reference-pages.ts"],
  bundle: true,
  format: "esm",
  platform: "node",
  define: { PEXJS_VERSION: '""', PEXJS_DEFAULT_INDEX: '""' },
  write: false,
});
const [bundle] = outputFiles;
const { referencePages } = await import(
  `data:text/javascript;base64,${Buffer.from(bundle.contents).toString("base64")}`
);
const sources = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .sort()
  .map((path) => ({ path, text: readFileSync(join(SOURCES, path), "utf8") }));
const settings = readFileSync(join(ROOT, "python", "runtime", "pexjs_runtime", "settings.py"), "utf8");
mkdirSync(PAGES, { recursive: true });
for (const [name, text] of referencePages(sources, settings)) writeFileSync(join(PAGES, name), text);
