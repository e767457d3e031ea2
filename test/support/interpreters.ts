/** The Pythons of the machine that runs the tests. */

import { readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

import { pathWithoutShims } from "./workspace.ts";

/** Paths of all real CPython and PyPy files of pyenv, of `PYTHONS_DIR` and on the PATH, each once. */
export function installedPythons(): string[] {
  const folders = [
    join(process.env["PYENV_ROOT"] ?? join(homedir(), ".pyenv"), "versions"),
    process.env["PYTHONS_DIR"] ?? "/opt/pythons",
  ];
  const directories = [
    ...folders.flatMap((folder) => list(folder).map((name) => join(folder, name, "bin"))),
    ...pathWithoutShims().split(delimiter),
    "/usr/bin",
  ];
  const found = new Map<string, string>(); // by file: builds of their own kind have a second name for it
  for (const directory of directories) {
    for (const name of list(directory)) {
      if (!/^(?:python|pypy)[23]\.\d+t?d?$/.test(name)) continue;
      const path = join(directory, name);
      const file = statSync(path, { throwIfNoEntry: false });
      if (file?.isFile()) found.set(`${file.dev}-${file.ino}`, path);
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
