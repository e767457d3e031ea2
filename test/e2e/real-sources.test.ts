/**
 * Source archives of known projects, one for each build backend, built as they were published.
 *
 * REAL_SOURCES=all also builds those that take minutes; what that said is in docs/internals/correctness.md.
 */
import { homedir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { isHere } from "../support/commands.ts";
import { installedPythons } from "../support/interpreters.ts";
import { Workspace } from "../support/workspace.ts";

interface Source {
  readonly backend: string;
  /** Project and version. */
  readonly pin: string;
  /** An expression of Python, and its `str()`. */
  readonly code: string;
  readonly prints: string;
  /** Commands of this machine without which it cannot be built. */
  readonly needs?: readonly string[];
  readonly takesMinutes?: true;
}

const SOURCES: readonly Source[] = [
  { backend: "flit", pin: "tomli==2.0.1", code: "__import__('tomli').loads('a = 1')", prints: "{'a': 1}" },
  { backend: "hatchling", pin: "iniconfig==2.0.0", code: "__import__('iniconfig').__name__", prints: "iniconfig" },
  { backend: "poetry-core", pin: "pastel==0.2.1", code: "__import__('pastel').__version__", prints: "0.2.1" },
  { backend: "pdm-backend", pin: "findpython==0.6.1", code: "__import__('findpython').__name__", prints: "findpython" },
  {
    backend: "a setup.py of 2011",
    pin: "termcolor==1.1.0",
    code: "__import__('termcolor').VERSION",
    prints: "(1, 1, 0)",
  },
  {
    backend: "scikit-build-core",
    pin: "pybind11==3.0.1",
    code: "__import__('pybind11').__version__",
    prints: "3.0.1",
    needs: ["c++"],
  },
  {
    backend: "setuptools, with C and the headers of a Debian package",
    pin: "psycopg2==2.9.9",
    code: "__import__('psycopg2').__version__.split()[0]",
    prints: "2.9.9",
    needs: ["cc", "pg_config"],
  },
  {
    backend: "setuptools, with Cython",
    pin: "cymem==2.0.8",
    code: "__import__('cymem.cymem').cymem.Pool().size",
    prints: "0",
    needs: ["cc"],
  },
  {
    backend: "maturin, with Rust",
    pin: "rpds-py==0.18.0",
    code: "__import__('rpds').HashTrieMap({1: 2})",
    prints: "HashTrieMap({1: 2})",
    needs: ["cargo"],
    takesMinutes: true,
  },
  {
    backend: "meson-python, with C++",
    pin: "contourpy==1.3.0",
    code: "__import__('contourpy').__version__",
    prints: "1.3.0",
    needs: ["c++"],
    takesMinutes: true,
  },
  {
    backend: "setuptools, with 300 MB of data",
    pin: "pyspark==3.5.1",
    code: "__import__('pyspark').__version__",
    prints: "3.5.1",
    takesMinutes: true,
  },
];

const PYTHON = installedPythons().find((path) => path.endsWith("/python3.11"));
let user: Workspace;
beforeAll(() => {
  user = new Workspace();
});
afterAll(() => user.remove());

for (const { backend, pin, code, prints, needs = [], takesMinutes } of SOURCES) {
  const missing = needs.filter((command) => !isHere(command));
  if (PYTHON === undefined) missing.push("Python 3.11");
  const isLeftOut = takesMinutes === true && process.env["REAL_SOURCES"] !== "all";
  const name = `${pin}: ${backend}${missing.length > 0 ? ` (needs ${missing.join(", ")})` : ""}`;
  test.skipIf(isLeftOut || missing.length > 0)(name, { timeout: 900_000 }, async () => {
    const [project = "", version] = pin.split("==");
    const args = ["--python", PYTHON ?? "", "--only-build", project, pin, "-v", "-o", "built.pex"];
    // Nobody runs them for long. Rust is installed below the home of whoever runs the tests.
    const env = { CFLAGS: "-O0", RUSTUP_HOME: process.env["RUSTUP_HOME"] ?? join(homedir(), ".rustup") };
    const built = await user.pex(args, { online: true, env });
    expect(built.status, built.stderr).toBe(0);
    expect(built.stderr).toContain(`building ${project} ${version}\n`);
    const started = await user.run(PYTHON ?? "", [user.path("built.pex"), "-c", `print(${code})`]);
    expect(started, started.stderr).toMatchObject({ status: 0, stdout: `${prints}\n` });
  });
}
