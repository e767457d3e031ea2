/** PEX files put together without the builder, and what a person does with them. */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { pythonVersions, specialBuilds, type PythonVersion } from "../support/python-versions.ts";
import { writeWheel, type WheelSpec } from "../support/wheel-maker.ts";
import { pathWithoutShims, Workspace, type Result, type RunOptions } from "../support/workspace.ts";

export const RUNTIME: string = fileURLToPath(new URL("../../python/runtime/", import.meta.url));
const MAKE_PEX = fileURLToPath(new URL("../support/make_pex.py", import.meta.url));

export const versions: readonly PythonVersion[] = pythonVersions();
export const newest: PythonVersion = last(versions);
export const oldest: PythonVersion = versions[0] ?? newest;
/** Free-threaded and debug builds as well: each has wheels, tags and folders of its own. */
export const builds: readonly PythonVersion[] = [...versions, ...specialBuilds()];
/** A few that stand for all where a test is slow. */
export const sample: readonly PythonVersion[] = versions.filter(
  (each) => each === oldest || each === newest || each.name === "3.8" || each.name === "3.11" || each.isPyPy,
);

export interface PexSpec {
  readonly wheels?: readonly WheelSpec[];
  /** Wheel files that are there already. */
  readonly wheelFiles?: readonly string[];
  readonly roots?: readonly string[];
  readonly sources?: Readonly<Record<string, string>>;
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly info?: Readonly<Record<string, unknown>>;
  readonly layout?: "zipapp" | "loose";
  readonly shebang?: string;
  /** Whether `PEX_TOOLS=1` is possible. */
  readonly tools?: boolean;
}

/** A person with a machine, a home and a cache. */
export class User extends Workspace {
  private made = 0;

  /** Puts a PEX together; gives its path. */
  make(name: string, spec: PexSpec): string {
    const output = this.path(name);
    mkdirSync(dirname(output), { recursive: true });
    const folder = this.path("wheels", String((this.made += 1)));
    const { wheels = [], wheelFiles = [], ...rest } = spec;
    const files = [...wheels.map((wheel) => writeWheel(folder, wheel)), ...wheelFiles];
    const input = JSON.stringify({ output, wheels: files, ...rest });
    const run = spawnSync(builder.path, [MAKE_PEX], { input, encoding: "utf8" });
    if (run.status !== 0) throw new Error(run.stderr);
    return output;
  }

  /** Runs a PEX under an interpreter, with a cache that all runs of this user share. */
  start(python: PythonVersion, pex: string, args: readonly string[] = [], options: RunOptions = {}): Promise<Result> {
    return this.run(python.path, [pex, ...args], { ...options, env: { PATH: this.searchPath, ...options.env } });
  }

  /** The PATH without pyenv's shims, and all interpreters on it. */
  get searchPath(): string {
    return [...versions.map((each) => dirname(each.path)), pathWithoutShims()].join(":");
  }

  get runFolder(): string {
    return join(this.home, ".cache", "pex", "pexjs", "1", "run");
  }
}

/** What a run printed, which must have ended with 0 and told nothing else. */
export function printed(result: Result): string {
  if (result.status !== 0 || result.stderr !== "")
    throw new Error(`${result.status}: ${result.stdout}${result.stderr}`);
  return result.stdout.trimEnd();
}

/** Makes PEX files; it needs Python 3. */
const builder = newest;

function last<Item>(items: readonly Item[]): Item {
  const item = items.at(-1);
  if (item === undefined) throw new Error("No Python was found: these tests need some");
  return item;
}
