/** Every Python of the machine that a test of the runtime can run; what is missing is missing from the output, not silently. */
import { spawnSync } from "node:child_process";

import { installedPythons } from "./interpreters.ts";

export interface PythonVersion {
  readonly path: string;
  /** `3.11`, `2.7`, `pypy3.9`, `3.14t`, `3.14d`. */
  readonly name: string;
  readonly major: number;
  readonly minor: number;
  readonly isPyPy: boolean;
  /** What its ABI has beyond that of its version: `t` for free-threaded, `d` for debug, `td`; empty for most. */
  readonly build: string;
}

const PROBE = `
import sys
build = ("t" if "t" in getattr(sys, "abiflags", "") else "") + ("d" if hasattr(sys, "gettotalrefcount") else "")
print("%d %d %s %s" % (sys.version_info[:2] + (hasattr(sys, "pypy_version_info"), build)))
`;

/** One interpreter for each implementation and minor version as most people have it, oldest first. */
export function pythonVersions(): readonly PythonVersion[] {
  return everyPython().filter((each) => each.build === "");
}

/** Those that share a version with one of the others, but not its ABI: free-threaded and debug builds. */
export function specialBuilds(): readonly PythonVersion[] {
  return everyPython().filter((each) => each.build !== "");
}

let known: readonly PythonVersion[] | undefined;

function everyPython(): readonly PythonVersion[] {
  known ??= findPythons();
  return known;
}

function findPythons(): readonly PythonVersion[] {
  const found = new Map<string, PythonVersion>();
  for (const path of installedPythons()) {
    const probe = spawnSync(path, ["-E", "-S", "-c", PROBE], { encoding: "utf8" });
    const [major, minor, pypy, build = ""] = probe.stdout?.trim().split(" ") ?? [];
    if (probe.status !== 0 || major === undefined || minor === undefined) continue;
    const version = { path, major: Number(major), minor: Number(minor), isPyPy: pypy === "True", build };
    const name = `${version.isPyPy ? "pypy" : ""}${major}.${minor}${build}`;
    if (!found.has(name) && isSupported(version)) found.set(name, { ...version, name });
  }
  return [...found.values()].toSorted((left, right) => left.major - right.major || left.minor - right.minor);
}

function isSupported(version: { readonly major: number; readonly minor: number }): boolean {
  return version.major === 2 ? version.minor === 7 : version.minor >= 5;
}

/** Whether a Python brings a pip along: some distributions of it do not. */
export function hasPip(python: PythonVersion): boolean {
  return spawnSync(python.path, ["-c", "import ensurepip"]).status === 0;
}
