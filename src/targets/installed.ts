/** What an interpreter can import: its search path with `site`, and the distributions there. */

import { join } from "node:path";

import { Cancelled, messageOf, PexError } from "../base/errors.ts";
import { isDirectory, listDirectory, readTextIfExists } from "../base/fs.ts";
import { run } from "../base/subprocess.ts";
import { parseCoreMetadata } from "../standards/core-metadata.ts";
import type { CoreMetadata } from "../standards/core-metadata.ts";
import { parseEggRequires } from "../standards/egg-requires.ts";

import { BrokenInterpreter } from "./interpreter.ts";
import type { Interpreter, ProbeContext } from "./interpreter.ts";
import { probeScript } from "./probe-script.ts";

/** A distribution that is installed. */
export interface InstalledDistribution {
  readonly metadata: CoreMetadata;
  /** The entry of the search path that it lies in. */
  readonly location: string;
}

/** Milliseconds. */
const TIMEOUT = 30_000;

/**
 * `sys.path` as a program sees it that is started without user site and without `PYTHONPATH`.
 *
 * @throws BrokenInterpreter, Cancelled
 */
export async function searchPathOf(interpreter: Interpreter, context: ProbeContext): Promise<string[]> {
  const script = probeScript("search_path.py");
  try {
    const options = { env: context.env, timeout: TIMEOUT, signal: context.signal };
    const { stdout } = await run(interpreter.path, ["-E", "-s", "-B", script], options);
    // What runs at every start of this Python may print, too.
    const answer: unknown = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
    return Array.isArray(answer) ? answer.filter((entry): entry is string => typeof entry === "string") : [];
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    throw new BrokenInterpreter(interpreter.path, messageOf(error), { cause: error });
  }
}

/** The distributions of a search path, each project where it is found first; what cannot be read is none. */
export function installedDistributions(searchPath: readonly string[]): InstalledDistribution[] {
  const found = new Map<string, InstalledDistribution>();
  for (const location of searchPath) {
    if (!isDirectory(location)) continue;
    for (const name of namesIn(location)) {
      const metadata = readMetadata(join(location, name));
      if (metadata && !found.has(metadata.name)) found.set(metadata.name, { metadata, location });
    }
  }
  return [...found.values()];
}

function namesIn(directory: string): string[] {
  try {
    return listDirectory(directory).filter((name) => /\.(?:dist|egg)-info$/.test(name));
  } catch (error) {
    if (error instanceof PexError) return [];
    throw error;
  }
}

/** Of `x.dist-info`, or of the directory or file `x.egg-info`. */
function readMetadata(path: string): CoreMetadata | undefined {
  try {
    const file = path.endsWith(".dist-info")
      ? join(path, "METADATA")
      : isDirectory(path)
        ? join(path, "PKG-INFO")
        : path;
    const text = readTextIfExists(file);
    if (text === undefined) return undefined;
    const metadata = parseCoreMetadata(text);
    // Before metadata 2.1 setuptools wrote requirements into a file of its own.
    const requires = metadata.requiresDist.length > 0 ? undefined : readTextIfExists(join(path, "requires.txt"));
    return requires === undefined ? metadata : { ...metadata, requiresDist: parseEggRequires(requires) };
  } catch (error) {
    if (error instanceof PexError) return undefined;
    throw error;
  }
}
