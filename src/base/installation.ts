/** Where this package lies on disk. */

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { carriedFiles } from "./carried-files.ts";
import { isFile } from "./fs.ts";

/**
 * The path of something that ships beside the code: we run from `src/`, from a bundle in `dist/`, or from the single executable.
 *
 * @throws FileError when the executable can lay its files nowhere.
 */
export function packagePath(...names: readonly string[]): string {
  return join(carriedFiles() ?? packageDirectory(), ...names);
}

function packageDirectory(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!isFile(join(directory, "package.json"))) {
    const parent = dirname(directory);
    if (parent === directory) throw new TypeError(`No package.json above ${import.meta.url}`);
    directory = parent;
  }
  return directory;
}
