/** Stand-ins for the shims of version managers: they run what is active, and otherwise complain as the real ones do. */
import { mkdirSync, symlinkSync } from "node:fs";

import { fakeProgram } from "./fake-interpreter.ts";
import type { PythonVersion } from "./python-versions.ts";
import type { Workspace } from "./workspace.ts";

export interface Shims {
  readonly folder: string;
  /** The name of a shim that runs a Python. */
  readonly active: string;
  /** The name of one that has none to run. */
  readonly inactive: string;
  /** What that one says. */
  readonly complaint: string;
}

/** The shims of each version manager but pyenv, in all of which `python3` is active and `python3.4` is not. */
export function shimsOf(user: Workspace, python: PythonVersion): Readonly<Record<string, Shims>> {
  return { asdf: asdf(user, python), mise: mise(user, python), rye: rye(user, python) };
}

/** Scripts, one for each name. */
function asdf(user: Workspace, python: PythonVersion): Shims {
  const folder = user.path("asdf", "shims");
  const complaint = "No version is set for command python3.4";
  fakeProgram(`${folder}/python3`, `#!/bin/sh\n# asdf-plugin: python\nexec ${python.path} "$@"\n`);
  fakeProgram(`${folder}/python3.4`, `#!/bin/sh\necho '${complaint}' >&2\nexit 126\n`);
  return { folder, active: "python3", inactive: "python3.4", complaint };
}

/** Links to one program, which looks at its name. */
function mise(user: Workspace, python: PythonVersion): Shims {
  const folder = user.path("mise", "shims");
  const complaint = "mise ERROR No version is set for shim: python3.4";
  const text = `case $0 in */python3) exec ${python.path} "$@" ;; esac\necho '${complaint}' >&2\nexit 1\n`;
  const program = fakeProgram(user.path("mise", "bin", "mise"), `#!/bin/sh\n${text}`);
  mkdirSync(folder, { recursive: true });
  for (const name of ["python", "python3", "python3.4"]) symlinkSync(program, `${folder}/${name}`);
  return { folder, active: "python3", inactive: "python3.4", complaint };
}

/** Copies of one program; outside of a project it looks for a Python on PATH, and may find none. */
function rye(user: Workspace, python: PythonVersion): Shims {
  const folder = user.path("rye", "shims");
  const complaint = "error: target Python binary 'python' not found on PATH";
  const text = `case $0 in */python3) exec ${python.path} "$@" ;; esac\necho "${complaint}" >&2\nexit 1\n`;
  for (const name of ["python", "python3"]) fakeProgram(`${folder}/${name}`, `#!/bin/sh\n${text}`);
  return { folder, active: "python3", inactive: "python", complaint };
}
