/** Imports a TypeScript file of this repository with what it needs: the oldest Node that we run on cannot. */
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { build } from "esbuild";

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");

export async function importTypeScript(path) {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [path],
    bundle: true,
    format: "esm",
    platform: "node",
    define: {
      PEXJS_VERSION: '""',
      PEXJS_DEFAULT_INDEX: '""',
      "import.meta.url": JSON.stringify(pathToFileURL(join(ROOT, path)).href),
    },
    write: false,
  });
  const [bundle] = outputFiles;
  return import(`data:text/javascript;base64,${Buffer.from(bundle.contents).toString("base64")}`);
}
