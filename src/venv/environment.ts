/** Where a virtual environment keeps what is installed in it (PEP 405), found without starting its Python. */

import { dirname, join } from "node:path";

import { PexError } from "../base/errors.ts";
import { isDirectory, isFile, listDirectory, realPath } from "../base/fs.ts";
import { escapeControl } from "../base/text.ts";

/** A path does not lead to a virtual environment. */
export class NotAnEnvironment extends PexError {
  readonly code = "NOT_AN_ENVIRONMENT";
}

/** The directories of one environment. */
export interface VirtualEnvironment {
  readonly directory: string;
  /** Path of its interpreter, which need not work. */
  readonly python: string;
  /** Absolute, each directory once: of code for any machine and for this one, where they are apart. */
  readonly sitePackages: readonly string[];
}

/**
 * The environment at a directory, or the one that an interpreter belongs to.
 *
 * @throws NotAnEnvironment, FileError
 */
export function findEnvironment(path: string): VirtualEnvironment {
  const directory = [path, dirname(dirname(path))].find(isEnvironment);
  const sitePackages = directory === undefined ? [] : sitePackagesOf(directory);
  if (directory === undefined || sitePackages.length === 0) {
    throw new NotAnEnvironment(`Not a virtual environment: ${escapeControl(path)}`, {
      hint: "give the directory that holds its `pyvenv.cfg`, or the path of its interpreter",
    });
  }
  return { directory, python: join(directory, "bin", "python"), sitePackages };
}

/** The environment that is meant when none is named: the active one, else that of the directory. */
export function usualEnvironment(env: Readonly<Record<string, string | undefined>>, cwd: string): string {
  return env["VIRTUAL_ENV"] || ([cwd, join(cwd, ".venv")].find(isEnvironment) ?? join(cwd, ".venv"));
}

function isEnvironment(directory: string): boolean {
  // Environments that virtualenv made for Python 2 before its version 20 have no configuration.
  return isFile(join(directory, "pyvenv.cfg")) || isFile(join(directory, "bin", "activate_this.py"));
}

/** `lib/python3.11/site-packages`, on some systems `lib64` beside it, on PyPy 2 `site-packages` alone. */
function sitePackagesOf(directory: string): string[] {
  const versions = ["lib", "lib64"]
    .map((name) => join(directory, name))
    .filter(isDirectory)
    .flatMap((place) => listDirectory(place).map((name) => join(place, name)));
  const places = [...versions.filter((place) => /\/(?:python|pypy)\d[^/]*$/.test(place)), directory];
  const found = new Map<string, string>();
  for (const place of places.map((each) => join(each, "site-packages")).filter(isDirectory)) {
    const real = realPath(place);
    if (!found.has(real)) found.set(real, place);
  }
  return [...found.values()];
}
