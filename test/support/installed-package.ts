/** The Python package as pip installs it, without a virtual environment around it. */
import { fileURLToPath } from "node:url";

import { writePythonPackage } from "../../scripts/python-package.ts";
import { oraclePython } from "./python-oracle.ts";
import type { Workspace } from "./workspace.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

export interface InstalledPackage {
  readonly wheel: string;
  readonly sdist: string;
  /** What must be on `PYTHONPATH`; its `bin` has the commands. */
  readonly installed: string;
}

/** Makes the package of the built commands and installs it below the workspace. */
export async function installPythonPackage(user: Workspace): Promise<InstalledPackage> {
  const [wheel = "", sdist = ""] = await writePythonPackage(PROJECT, user.path("dist"));
  const installed = user.path("installed");
  const options = ["--no-index", "--no-deps", "--disable-pip-version-check", "--target", installed];
  const { status, stderr } = await user.run(oraclePython(), ["-I", "-m", "pip", "install", "-q", ...options, wheel]);
  if (status !== 0) throw new Error(stderr);
  return { wheel, sdist, installed };
}
