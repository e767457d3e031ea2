/** Where the Python programs lie that the builder runs on target interpreters. */

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { isFile } from "../base/fs.ts";

/** Path of a file below `python/probes`, from the sources and from a bundle alike. */
export function probeScript(name: string): string {
  for (let directory = dirname(fileURLToPath(import.meta.url)); ; directory = dirname(directory)) {
    const path = join(directory, "python", "probes", name);
    if (isFile(path)) return path;
    if (directory === dirname(directory)) throw new TypeError(`The installation lacks python/probes/${name}`);
  }
}
