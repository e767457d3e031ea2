/** Every Python of the machine that a test of the runtime can run; what is missing is missing from the output, not silently. */
import { spawnSync } from "node:child_process";

import { installedPythons } from "./interpreters.ts";

export interface PythonVersion {
  readonly path: string;
  /** `3.11`, `2.7`, `pypy3.9`. */
  readonly name: string;
  readonly major: number;
  readonly minor: number;
  readonly isPyPy: boolean;
}

const PROBE = "import sys; print('%d %d %s' % (sys.version_info[:2] + (hasattr(sys, 'pypy_version_info'),)))";

/** One interpreter for each implementation and minor version, oldest first. */
export function pythonVersions(): readonly PythonVersion[] {
  const found = new Map<string, PythonVersion>();
  for (const path of installedPythons()) {
    const probe = spawnSync(path, ["-E", "-S", "-c", PROBE], { encoding: "utf8" });
    const [major, minor, pypy] = probe.stdout?.trim().split(" ") ?? [];
    if (probe.status !== 0 || major === undefined || minor === undefined) continue;
    const version = { path, major: Number(major), minor: Number(minor), isPyPy: pypy === "True" };
    const name = `${version.isPyPy ? "pypy" : ""}${major}.${minor}`;
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
