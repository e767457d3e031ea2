/**
 * Makes one executable of the commands and of the Node.js that runs this script: `build/pexjs-linux-x64`, or the path that is named.
 *
 * @see https://nodejs.org/docs/latest-v20.x/api/single-executable-applications.html
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

import { build } from "esbuild";

import { importTypeScript, ROOT } from "./import-typescript.mjs";

/** Node.js looks for its application only when the digit behind this is a one. */
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:";
const NOTE = "NODE_SEA_BLOB";

const [output = join(ROOT, "build", `pexjs-${process.platform}-${process.arch}`)] = process.argv.slice(2);
try {
  if (process.platform !== "linux") throw new Error("Executables are made on Linux only");
  const bundle = join(ROOT, "dist", "main.cjs");
  if (!existsSync(bundle)) throw new Error("The commands are not built yet: run `npm ci`");
  const node = nodeWithApplication();
  const application = await withTemporaryFolder((folder) => pack(folder, bundle));
  const { withNote } = await importTypeScript("scripts/elf-note.ts");
  const executable = withNote(node, NOTE, application);
  mkdirSync(dirname(resolve(output)), { recursive: true });
  rmSync(output, { force: true });
  writeFileSync(output, executable, { mode: 0o755 });
  console.log(output);
} catch (error) {
  console.error(`build-executable: ${error.message}`);
  process.exitCode = 1;
}

/** The Node.js of this process, told to look for an application. */
function nodeWithApplication() {
  const node = readFileSync(process.execPath);
  const fuse = node.indexOf(`${FUSE}0`);
  if (fuse === -1) throw new Error(`This Node.js takes no application: ${process.execPath}`);
  node.write("1", fuse + FUSE.length);
  return node;
}

/** What Node.js finds at its start: the entry, the bundle, and the files that Pythons read. */
async function pack(folder, bundle) {
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  await build({
    absWorkingDir: ROOT,
    entryPoints: ["src/cli/executable.ts"],
    outfile: join(folder, "executable.cjs"),
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20.19",
    define: { PEXJS_VERSION: JSON.stringify(version) },
    logLevel: "warning",
  });
  writeFileSync(join(folder, "files.json"), JSON.stringify(carriedFiles()));
  const settings = {
    // Relative, because Node.js keeps it: equal sources give equal bytes.
    main: "executable.cjs",
    output: "application.blob",
    disableExperimentalSEAWarning: true,
    assets: { "main.cjs": bundle, "files.json": "files.json" },
  };
  writeFileSync(join(folder, "settings.json"), JSON.stringify(settings));
  execFileSync(process.execPath, ["--experimental-sea-config", "settings.json"], { cwd: folder, stdio: "pipe" });
  return readFileSync(join(folder, "application.blob"));
}

/** Path → text, in ordinal order: what Pythons read, what was compiled of it, and what people read. */
function carriedFiles() {
  const paths = ["dist/bytecode", "docs", "python"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => /\.(py|sh|json|md)$/.test(path))
      .sort()
      .map((path) => `${folder}/${path}`),
  );
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(ROOT, path), "utf8")]));
}

async function withTemporaryFolder(task) {
  const folder = mkdtempSync(join(tmpdir(), "pexjs-executable-"));
  try {
    return await task(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
