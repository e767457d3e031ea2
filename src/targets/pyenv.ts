/** Follows the shims of pyenv to the Python they would run, without running them: each costs a bash and a Python otherwise. */

import { basename, dirname, join } from "node:path";

import { factsOf, isDirectory, isExecutableFile, isFile, listDirectory, readTextIfExists } from "../base/fs.ts";

/** What a file on the PATH stands for. */
export type Shim =
  | { readonly kind: "none" }
  | { readonly kind: "active"; readonly path: string }
  | { readonly kind: "inactive"; readonly reason: string };

export interface ShimContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** The largest shim; interpreters are larger, so that they are not read. */
const MAX_SHIM_SIZE = 4096;
const SHIM_ROOT = /^export PYENV_ROOT=(["']?)(.+)\1$/m;

/** Says whether the file is a shim of pyenv, and which file it leads to in this environment. */
export function resolveShim(path: string, context: ShimContext): Shim {
  const shims = dirname(path);
  if (basename(shims) !== "shims" || !isFile(path) || (factsOf(path)?.size ?? Infinity) > MAX_SHIM_SIZE)
    return { kind: "none" };
  const text = readQuietly(path);
  if (!text.startsWith("#!") || !/\bpyenv\b.* exec /.test(text)) return { kind: "none" };
  const root = SHIM_ROOT.exec(text)?.[2] ?? dirname(shims);
  const program = basename(path);
  const { names, origin } = selectedVersions(root, context);
  for (const name of names) {
    const found = name === "system" ? onSystem(program, shims, context) : installed(root, name, program);
    if (found !== undefined) return { kind: "active", path: found };
  }
  return {
    kind: "inactive",
    reason: `pyenv has no \`${program}\` in ${names.join(", ") || "any version"} (set by ${origin})`,
  };
}

interface SelectedVersions {
  readonly names: readonly string[];
  /** Where that is written. */
  readonly origin: string;
}

/** `PYENV_VERSION`, else the nearest `.python-version`, else pyenv's global file, else the system. */
function selectedVersions(root: string, { env, cwd }: ShimContext): SelectedVersions {
  if (env["PYENV_VERSION"]) return { names: env["PYENV_VERSION"].split(":").filter(isSafe), origin: "PYENV_VERSION" };
  for (let directory = env["PYENV_DIR"] || cwd; ; directory = dirname(directory)) {
    const file = join(directory, ".python-version");
    const names = versionsIn(file);
    if (names.length > 0) return { names, origin: file };
    if (directory === dirname(directory)) break;
  }
  const global = join(root, "version");
  const names = versionsIn(global);
  return names.length > 0 ? { names, origin: global } : { names: ["system"], origin: "default" };
}

function versionsIn(file: string): string[] {
  if (!isFile(file)) return [];
  const lines = readQuietly(file)
    .split("\n")
    .map((line) => line.trim());
  return lines
    .filter((line) => !line.startsWith("#"))
    .flatMap((line) => line.split(/\s+/))
    .filter(isSafe);
}

/** What cannot be read chooses nothing. */
function readQuietly(path: string): string {
  try {
    return readTextIfExists(path) ?? "";
  } catch {
    return "";
  }
}

/** A project's file must not lead outside of pyenv's versions. */
function isSafe(name: string): boolean {
  return name !== "" && !name.startsWith("/") && !name.split("/").includes("..");
}

function installed(root: string, name: string, program: string): string | undefined {
  const versions = join(root, "versions");
  for (const candidate of [name, name.replace(/^python-/, "")]) {
    const version = isDirectory(join(versions, candidate)) ? candidate : newestOf(versions, candidate);
    const path = version === undefined ? undefined : join(versions, version, "bin", program);
    if (path !== undefined && isExecutableFile(path)) return path;
  }
  return undefined;
}

/** `3.11` means the newest final 3.11 that is installed. */
function newestOf(versions: string, prefix: string): string | undefined {
  const matching = listDirectory(versions).filter((name) => name.startsWith(`${prefix}.`) && /^[0-9.]+$/.test(name));
  const patch = (name: string): number[] =>
    name
      .slice(prefix.length + 1)
      .split(".")
      .map(Number);
  return matching.sort((left, right) => compareNumbers(patch(right), patch(left)))[0];
}

function compareNumbers(left: readonly number[], right: readonly number[]): number {
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? -1) - (right[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

function onSystem(program: string, shims: string, { env }: ShimContext): string | undefined {
  const directories = (env["PATH"] ?? "")
    .split(":")
    .filter((directory) => directory.startsWith("/") && directory !== shims);
  return directories.map((directory) => join(directory, program)).find(isExecutableFile);
}
