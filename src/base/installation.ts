/** Where this package lies on disk. */

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { isFile } from "./fs.ts";

/** The path of something that ships beside the code: we run from `src/` or from a bundle in `dist/`. */
export function packagePath(...names: readonly string[]): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!isFile(join(directory, "package.json"))) {
    const parent = dirname(directory);
    if (parent === directory) throw new TypeError(`No package.json above ${import.meta.url}`);
    directory = parent;
  }
  return join(directory, ...names);
}
