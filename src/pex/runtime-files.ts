/** The Python runtime that goes into every PEX, as it lies in the installed package below `python/runtime`. */

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import type { ArchiveFile } from "../archive/archive-file.ts";
import { isDirectory, isFile, listDirectory, readBytes, readText } from "../base/fs.ts";

/** Templates and modules of the runtime. */
export interface RuntimeFiles {
  /** Becomes `__main__.py`. */
  readonly main: string;
  /** Becomes `__pex__/__init__.py`. */
  readonly importable: string;
  /** What lies below `.bootstrap/`; paths begin with `pexjs_runtime/`. In ordinal order. */
  readonly bootstrap: readonly ArchiveFile[];
}

const PACKAGE = "pexjs_runtime";

/**
 * Reads the runtime from a directory, by default from that of the installed package.
 *
 * @throws FileError when the installation is incomplete.
 */
export function readRuntimeFiles(directory: string = join(packageDirectory(), "python", "runtime")): RuntimeFiles {
  return {
    main: readText(join(directory, "main.py")),
    importable: readText(join(directory, "importable.py")),
    bootstrap: pythonFiles(join(directory, PACKAGE), PACKAGE),
  };
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

/** The nearest directory above this file that has a package.json, whether we run from `src/` or from a bundle. */
function packageDirectory(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!isFile(join(directory, "package.json"))) {
    const parent = dirname(directory);
    if (parent === directory) throw new Error(`No package.json above ${import.meta.url}`);
    directory = parent;
  }
  return directory;
}
