/** Programs that use modules of `src/`. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const PROJECT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Makes one file that Node can run of the program in the file `entry`, or of its text `contents`. */
export async function bundleProgram({ entry, contents, outfile }) {
  const program = entry ? { entryPoints: [entry] } : { stdin: { contents, resolveDir: PROJECT } };
  const common = { bundle: true, platform: "node", format: "esm", target: "node20.19", logLevel: "error" };
  // Libraries in CommonJS ask for modules of Node.
  const banner = { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' };
  await build({ ...program, ...common, banner, outfile });
}
