/**
 * Loads the bundle of the commands with the machine code of earlier runs: compiling it anew costs a quarter of a warm
 * build. An entry of its own, because it runs before the bundle; see docs/decisions/0010.
 */

import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";

import { FileError, readBytesIfExists, readText, writeFileAtomically } from "../base/fs.ts";
import { currentHost, pexRoot } from "../base/host.ts";

/** What the bundle exports. */
export interface Bundle {
  /** Runs a command; tells whether it needed more than the command line, so that its code is worth keeping. */
  main(name: string): Promise<boolean>;
}

/**
 * Keeps V8's young generation as small as it is at the start. Transfers make much short-lived garbage, for which V8 would
 * reserve 48 MB to save a few percent of time that is spent waiting for the network anyway.
 */
const FRUGAL = "--semi-space-growth-factor=1";

/** The CommonJS bundle. */
export interface BundleFile {
  /** Absolute: where modules of Node are required from. */
  readonly path: string;
  /** Its text, when it is carried by the executable at that path. */
  readonly source?: string;
}

/**
 * Runs a command of the bundle.
 *
 * @param args The command line: when it asks for other caches, none is used here either.
 */
export async function runBundle(file: BundleFile, name: string, args: readonly string[]): Promise<void> {
  // Here, because V8 rejects code that was made under other flags.
  setFlagsFromString(FRUGAL);
  const source = file.source ?? readText(file.path);
  const kept = placeOfCode(source, args);
  const script = compile(file.path, source, kept);
  const isWorthKeeping = await load(script, file.path).main(name);
  if (kept !== undefined && isWorthKeeping && script.cachedDataRejected !== false) {
    keep(kept, script.createCachedData());
  }
}

/** The file for the code of that source; none when the command line asks for other caches. */
function placeOfCode(source: string, args: readonly string[]): string | undefined {
  if (args.some((each) => each.startsWith("--pex-root") || each === "--disable-cache")) return undefined;
  // V8 itself compares only the length of the source, and its own version and flags.
  const digest = createHash("sha256").update(source).digest("hex").slice(0, 32);
  const name = `${digest}-${process.versions.v8}-${process.arch}.bin`;
  return join(pexRoot(currentHost()), "pexjs", "1", "build", "code", name);
}

function compile(filename: string, source: string, kept: string | undefined): Script {
  const cachedData = kept === undefined ? undefined : quietly(() => readBytesIfExists(kept));
  const wrapped = `(function (exports, require, module, __filename, __dirname) { ${source}\n})`;
  return new Script(wrapped, { filename, ...(cachedData && { cachedData }) });
}

/** What Node does with a CommonJS module. */
function load(script: Script, path: string): Bundle {
  const module = { exports: {} as Bundle };
  const wrapper = script.runInThisContext() as (...names: readonly unknown[]) => void;
  wrapper(module.exports, createRequire(path), module, path, dirname(path));
  return module.exports;
}

function keep(path: string, code: Uint8Array): void {
  quietly(() => writeFileAtomically(path, code));
}

/** Without a cache everything works, only slower. */
function quietly<Value>(task: () => Value): Value | undefined {
  try {
    return task();
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}
