/** Writes the wheel and the source distribution of `packaging/python/` to its `dist/`, or to the directory that is named. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");

if (!existsSync(join(ROOT, "dist", "main.cjs"))) {
  console.error("build-python-package: the commands are not built yet: run `npm ci`");
  process.exit(1);
}
const { outputFiles } = await build({
  absWorkingDir: ROOT,
  entryPoints: ["scripts/python-package.ts"],
  bundle: true,
  format: "esm",
  platform: "node",
  write: false,
});
const [bundle] = outputFiles;
const { writePythonPackage } = await import(
  `data:text/javascript;base64,${Buffer.from(bundle.contents).toString("base64")}`
);
const [folder = join(ROOT, "packaging", "python", "dist")] = process.argv.slice(2);
for (const path of await writePythonPackage(ROOT, resolve(folder))) console.log(path);
