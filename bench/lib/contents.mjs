/** What is in the outputs. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { runOrStop } from "./process.mjs";

const CONTENTS = fileURLToPath(new URL("pex_contents.py", import.meta.url));

/** File names of the wheels in a PEX. */
export function wheelsOfPex({ python }, path) {
  return runOrStop(python, ["-I", CONTENTS, path]).trim().split("\n");
}

/** `project-version` of a wheel's name, normalised. */
export function distributionOf(wheel) {
  const [project, version] = wheel.split("-");
  return `${project.toLowerCase().replace(/[-_.]+/g, "-")} ${version}`;
}

/** `project version` of all that is installed in a virtual environment. */
export function distributionsOfVenv(home) {
  const [library] = readdirSync(join(home, "lib"));
  return readdirSync(join(home, "lib", library, "site-packages"))
    .filter((name) => name.endsWith(".dist-info"))
    .map((name) => distributionOf(name.slice(0, -".dist-info".length)));
}

/** How many files there are below a directory. */
export function countFiles(directory) {
  let files = 0;
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) if (entry.isFile()) files++;
  return files;
}
