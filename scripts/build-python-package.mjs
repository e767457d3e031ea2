/** Writes the wheel and the source distribution of `packaging/python/` to its `dist/`, or to the directory that is named. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import { importTypeScript, ROOT } from "./import-typescript.mjs";

if (!existsSync(join(ROOT, "dist", "main.cjs"))) {
  console.error("build-python-package: the commands are not built yet: run `npm ci`");
  process.exit(1);
}
const { writePythonPackage } = await importTypeScript("scripts/python-package.ts");
const [folder = join(ROOT, "packaging", "python", "dist")] = process.argv.slice(2);
for (const path of await writePythonPackage(ROOT, resolve(folder))) console.log(path);
