/** Scripts that answer the probe as a Python of any version would. */

import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

export interface FakeInterpreter {
  /** Such as `3.12.4`. */
  readonly version: string;
  readonly implementation?: "CPython" | "PyPy";
  readonly freeThreaded?: boolean;
  /** What it believes to be, for wrapper scripts; by default its own path. */
  readonly executable?: string;
  /** Makes it tell of a virtual environment of this Python. */
  readonly baseExecutable?: string;
  readonly machine?: string;
}

/** Writes an executable file that answers like this interpreter and counts how often it is asked. Returns the path. */
export function fakeInterpreter(path: string, facts: FakeInterpreter): string {
  const answer = JSON.stringify(probeAnswer(path, facts));
  return fakeProgram(path, `#!/bin/sh\necho asked >> "$0.log"\ncat <<'END'\n${answer}\nEND\n`);
}

/** Writes an executable file. */
export function fakeProgram(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

/** How often the fake has been asked. */
export function timesAsked(path: string): number {
  return existsSync(`${path}.log`) ? readFileSync(`${path}.log`, "utf8").split("\n").length - 1 : 0;
}

function probeAnswer(path: string, facts: FakeInterpreter): unknown {
  const { version, implementation = "CPython", freeThreaded = false, executable = path, machine = "x86_64" } = facts;
  const [major = "3", minor = "0", patch = "0"] = version.split(/\.|(?=[abr+])/);
  const name = implementation.toLowerCase();
  const nodot = major + minor;
  const prefix = dirname(dirname(executable));
  const isVenv = facts.baseExecutable !== undefined;
  return {
    format: 1,
    result: "ok",
    executable,
    baseExecutable: facts.baseExecutable ?? executable,
    prefix,
    basePrefix: dirname(dirname(facts.baseExecutable ?? executable)),
    isVenv,
    implementation,
    version: [Number(major), Number(minor), Number(patch)],
    markers: {
      implementation_name: name,
      implementation_version: version,
      os_name: "posix",
      platform_machine: machine,
      platform_python_implementation: implementation,
      platform_release: "6.1",
      platform_system: "Linux",
      platform_version: "#1",
      python_full_version: version,
      python_version: `${major}.${minor}`,
      sys_platform: "linux",
    },
    paths: { purelib: `${prefix}/lib/python${major}.${minor}/site-packages` },
    abi: {
      versionNodot: nodot,
      extensionSuffix:
        implementation === "PyPy"
          ? `.pypy${nodot}-pp73-${machine}-linux-gnu.so`
          : `.cpython-${nodot}-${machine}-linux-gnu.so`,
      soabi: null,
      debug: false,
      freeThreaded,
      pymalloc: true,
      wideUnicode: true,
    },
    platform: { system: "Linux", name: `linux-${machine}`, bits: 64, glibc: [2, 17] },
  };
}
