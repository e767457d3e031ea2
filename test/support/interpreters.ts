/** The Pythons of the machine that runs the tests. */

import { readdirSync, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

import { pathWithoutShims } from "./workspace.ts";

/** Paths of all real CPython and PyPy files below pyenv's versions and on the PATH, each once. */
export function installedPythons(): string[] {
  const versions = join(process.env["PYENV_ROOT"] ?? join(homedir(), ".pyenv"), "versions");
  const directories = [
    ...list(versions).map((name) => join(versions, name, "bin")),
    ...pathWithoutShims().split(delimiter),
  ];
  const found = new Map<string, string>();
  for (const directory of directories) {
    for (const name of list(directory)) {
      if (!/^(?:python|pypy)[23]\.\d+t?$/.test(name)) continue;
      const path = join(directory, name);
      if (statSync(path, { throwIfNoEntry: false })?.isFile()) found.set(realpathSync(path), path);
    }
  }
  return [...found.values()];
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    return [];
  }
}
