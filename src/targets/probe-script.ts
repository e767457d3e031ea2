/** The Python programs that the builder runs on target interpreters. */

import { packagePath } from "../base/installation.ts";

/** Path of a file below `python/probes`. */
export function probeScript(name: string): string {
  return packagePath("python", "probes", name);
}
