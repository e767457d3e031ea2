/** The Python runtime that goes into every PEX, as it lies in the installed package below `python/runtime`. */

import { join } from "node:path";

import type { ArchiveFile } from "../archive/archive-file.ts";
import { isDirectory, listDirectory, readBytes, readText } from "../base/fs.ts";
import { packagePath } from "../base/installation.ts";

import { readCompiledRuntimes, runtimeDigest, type CompiledRuntime } from "./compiled-runtime.ts";

/** Templates and modules of the runtime. */
export interface RuntimeFiles {
  /** Becomes `__main__.py`. */
  readonly main: string;
  /** Becomes `__pex__/__init__.py`. */
  readonly importable: string;
  /** The script that stands before everything else with `--sh-boot`. */
  readonly shell: string;
  /** What lies below `.bootstrap/`; paths begin with `pexjs_runtime/`. In ordinal order. */
  readonly bootstrap: readonly ArchiveFile[];
  /** What lies there besides, for the interpreters that are the likeliest to run it. */
  readonly compiled: readonly CompiledRuntime[];
}

const PACKAGE = "pexjs_runtime";

/**
 * Reads the runtime from a directory, by default from that of the installed package.
 *
 * @param interpreters For which it is wanted compiled, too, such as `cpython-312`. Not all of them may be there.
 * @throws FileError when the installation is incomplete.
 */
export function readRuntimeFiles(
  interpreters: readonly string[] = [],
  directory: string = packagePath("python", "runtime"),
): RuntimeFiles {
  const main = readText(join(directory, "main.py"));
  const bootstrap = pythonFiles(join(directory, PACKAGE), PACKAGE);
  return {
    main,
    importable: readText(join(directory, "importable.py")),
    shell: readText(join(directory, "start.sh")),
    bootstrap,
    compiled: readCompiledRuntimes(packagePath("dist", "bytecode"), interpreters, runtimeDigest(main, bootstrap)),
  };
}

/** Everything below `.bootstrap/`. */
export function bootstrapFiles({ bootstrap, compiled }: RuntimeFiles): readonly ArchiveFile[] {
  return [...bootstrap, ...compiled.map(({ modules }) => modules)];
}

/** The same without what `PEX_TOOLS=1` needs. */
export function withoutTools(files: RuntimeFiles): RuntimeFiles {
  return { ...files, bootstrap: files.bootstrap.filter(({ path }) => !path.startsWith(`${PACKAGE}/tools/`)) };
}

function pythonFiles(directory: string, prefix: string): ArchiveFile[] {
  const files: ArchiveFile[] = [];
  for (const name of listDirectory(directory)) {
    const path = join(directory, name);
    const inside = `${prefix}/${name}`;
    if (name.endsWith(".py")) {
      const content = readBytes(path);
      files.push({ path: inside, mode: 0o644, read: () => content });
    } else if (name !== "__pycache__" && isDirectory(path)) {
      files.push(...pythonFiles(path, inside));
    }
  }
  return files;
}
