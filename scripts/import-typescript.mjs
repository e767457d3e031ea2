/** Imports a TypeScript file of this folder with what it needs of `src/`: the oldest Node that we run on cannot. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");

export async function importTypeScript(name) {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [join("scripts", name)],
    bundle: true,
    format: "esm",
    platform: "node",
    define: { PEXJS_VERSION: '""', PEXJS_DEFAULT_INDEX: '""' },
    external: ["esbuild"],
    write: false,
  });
  const [bundle] = outputFiles;
  return import(`data:text/javascript;base64,${Buffer.from(bundle.contents).toString("base64")}`);
}
