/**
 * Makes `dist/`: the sources as ESM chunks that are loaded on demand, and their type declarations.
 *
 * `npm ci` runs it through `prepare`. `--no-types` leaves the declarations out, `--out DIR` puts the chunks elsewhere.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { build } from "esbuild";

import { compileRuntime } from "./bytecode.mjs";
import { defaultIndex } from "./default-index.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const { values: options } = parseArgs({ options: { "no-types": { type: "boolean" }, out: { type: "string" } } });
const DIST = resolve(options.out ?? join(ROOT, "dist"));

/** Needed by CommonJS libraries in the ESM chunks of the API; only chunks that hold such a library get it. */
const REQUIRE_FOR_LIBRARIES =
  'import { createRequire as __pexjs_createRequire } from "node:module";\n' +
  "const require = __pexjs_createRequire(import.meta.url);\n";
/** How esbuild's stand-in looks for the real `require`. */
const LOOKS_FOR_REQUIRE = /typeof require\b/;

const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

/** seek-bzip makes its buffers in a way that Node warns about; unpacked in `node_modules` it would not. */
const MODERN_BUFFERS = {
  name: "modern-buffers",
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]seek-bzip[/\\]lib[/\\].*\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replaceAll("new Buffer(", "Buffer.alloc("),
    }));
  },
};

/** `import.meta.url` in CommonJS. */
const LOCATION = { name: "__pexjs_location", code: "require('node:url').pathToFileURL(__filename).href" };

/**
 * The commands are one CommonJS file, whose compiled form is kept between runs (docs/decisions/0010); parts that a run
 * does not need are not evaluated. The Node API is bundled apart, as ESM chunks that are loaded on demand.
 */
async function bundle() {
  const common = {
    absWorkingDir: ROOT,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    // Identifiers stay: stack traces and the names of error classes are worth more than the bytes.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    define: { PEXJS_VERSION: JSON.stringify(version), PEXJS_DEFAULT_INDEX: JSON.stringify(defaultIndex()) },
    plugins: [MODERN_BUFFERS],
    logLevel: "warning",
    write: false,
  };
  const split = { ...common, splitting: true, chunkNames: "chunks/[name]-[hash]" };
  const commands = {
    ...common,
    format: "cjs",
    outdir: DIST,
    outExtension: { ".js": ".cjs" },
    // Everything is in the one file: `import()` of a part or of a module of Node must not start Node's ESM loader.
    supported: { "dynamic-import": false },
    define: { ...common.define, "import.meta.url": LOCATION.name },
    banner: { js: `const ${LOCATION.name} = ${LOCATION.code};` },
  };
  const results = await Promise.all([
    build({ ...commands, entryPoints: { main: "src/main.ts" } }),
    build({ ...commands, entryPoints: { "code-cache": "src/cli/code-cache.ts" } }),
    build({ ...split, entryPoints: { api: "src/api.ts" }, outdir: DIST, chunkNames: "api/[name]-[hash]" }),
  ]);
  rmSync(DIST, { recursive: true, force: true });
  for (const { path, text } of results.flatMap((result) => result.outputFiles)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, path.endsWith(".js") && LOOKS_FOR_REQUIRE.test(text) ? REQUIRE_FOR_LIBRARIES + text : text);
  }
}

function declareTypes() {
  const compiler = join(ROOT, "node_modules", ".bin", "tsc");
  const { status } = spawnSync(compiler, ["-p", join(ROOT, "tsconfig.json")], { stdio: "inherit" });
  if (status !== 0) throw new Error("The type declarations cannot be made: see above");
}

try {
  await bundle();
  const compiled = await compileRuntime(DIST);
  console.log(`build: the runtime is compiled for ${compiled.join(", ") || "no Python: none was found"}`);
  if (!options["no-types"]) declareTypes();
  for (const name of ["pex", "pex3", "pex-tools"]) chmodSync(join(ROOT, "bin", name), 0o755);
} catch (error) {
  console.error(`build: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
