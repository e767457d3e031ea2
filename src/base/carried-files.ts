/** The files beside the code when all of the tool is one executable: it carries them, and lays them where a Python can read them. */

import { join } from "node:path";
import { getAsset, isSea } from "node:sea";

import { sha256 } from "./digest.ts";
import {
  isDirectory,
  makeTemporaryDirectory,
  remove,
  rename,
  temporarySibling,
  whenPossible,
  writeFileAtomically,
} from "./fs.ts";
import { atExit, currentHost, pexRoot } from "./host.ts";

/** Name of the asset: a JSON object, relative path → text. */
const ASSET = "files.json";

let folder: string | undefined;

/**
 * The directory of the files, or `undefined` when this is not the single executable. They stay in the cache, in a directory named by
 * their digest; where there can be none, they are temporary.
 *
 * @throws FileError
 */
export function carriedFiles(): string | undefined {
  if (!isSea()) return undefined;
  folder ??= unpack(getAsset(ASSET, "utf8"));
  return folder;
}

function unpack(text: string): string {
  const host = currentHost();
  const cached = join(pexRoot(host), "pexjs", "1", "build", "package", sha256(text));
  if (isDirectory(cached) || whenPossible(() => publish(text, cached))) return cached;
  const temporary = makeTemporaryDirectory(host.tmp, "pexjs-package-");
  atExit(() => remove(temporary));
  write(text, temporary);
  return temporary;
}

/** One rename: whoever finds the directory finds all of it. */
function publish(text: string, place: string): true {
  const temporary = temporarySibling(place);
  try {
    write(text, temporary);
    rename(temporary, place);
  } catch (error) {
    if (!isDirectory(place)) throw error; // Another process may have been faster.
  } finally {
    remove(temporary);
  }
  return true;
}

function write(text: string, directory: string): void {
  const files = JSON.parse(text) as Readonly<Record<string, string>>;
  for (const [name, content] of Object.entries(files)) writeFileAtomically(join(directory, name), content);
}
