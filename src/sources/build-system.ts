/**
 * Who builds a project: the table `[build-system]` of its `pyproject.toml`.
 *
 * @see https://packaging.python.org/en/latest/specifications/pyproject-toml/ (PEP 517, PEP 518)
 */

import { isAbsolute, join, normalize } from "node:path";

import { PexError } from "../base/errors.ts";
import { isFile, readTextIfExists } from "../base/fs.ts";
import { parseToml, type TomlTable, type TomlValue } from "../base/toml.ts";

/** How to call the build backend. */
export interface BuildSystem {
  /** PEP 508 texts of what must be installed first. */
  readonly requires: readonly string[];
  /** `module` or `module:object`. */
  readonly backend: string;
  /** Directories inside the project where the backend itself lies, relative. */
  readonly backendPath: readonly string[];
}

/** A directory cannot be built: it is no project, or its `pyproject.toml` is wrong. */
export class InvalidProject extends PexError {
  readonly code = "INVALID_PROJECT";
}

/** What projects without the table mean: setuptools, which also runs a `setup.py` of any age. */
const LEGACY: BuildSystem = {
  requires: ["setuptools>=40.8.0"],
  backend: "setuptools.build_meta:__legacy__",
  backendPath: [],
};

/**
 * The build system of the project in a directory.
 *
 * @param name What messages call the project, whose directory may be a temporary one.
 * @throws InvalidProject, TomlError
 */
export async function readBuildSystem(project: string, name: string): Promise<BuildSystem> {
  const text = readTextIfExists(join(project, "pyproject.toml"));
  const path = `pyproject.toml of ${name}`;
  if (text === undefined) {
    if (isFile(join(project, "setup.py"))) return LEGACY;
    throw new InvalidProject(`Neither \`pyproject.toml\` nor \`setup.py\` in ${name}`, {
      hint: "name the directory of a project; source files alone go into a PEX with -D DIRECTORY",
    });
  }
  const table = (await parseToml(text, path))["build-system"];
  if (table === undefined) return LEGACY;
  if (!isTable(table)) throw new InvalidProject(`\`build-system\` must be a table: ${path}`);
  const requires = table["requires"];
  if (!isTextList(requires)) throw new InvalidProject(`\`build-system.requires\` must be a list of strings: ${path}`);
  const backend = table["build-backend"];
  if (backend === undefined) return { ...LEGACY, requires: withSetuptools(requires) };
  const backendPath = table["backend-path"] ?? [];
  if (typeof backend !== "string" || !isTextList(backendPath)) {
    throw new InvalidProject(`\`build-backend\` must be a string and \`backend-path\` a list of strings: ${path}`);
  }
  if (backendPath.some((each) => isAbsolute(each) || normalize(each).startsWith(".."))) {
    throw new InvalidProject(`\`backend-path\` leads out of the project: ${path}`);
  }
  return { requires, backend, backendPath };
}

function withSetuptools(requires: readonly string[]): readonly string[] {
  return requires.some((text) => /^setuptools\b/i.test(text)) ? requires : [...requires, ...LEGACY.requires];
}

function isTable(value: TomlValue): value is TomlTable {
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof Date);
}

function isTextList(value: TomlValue | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
