/** Files that somebody has resolved already, as requirements. */

import { basename, join } from "node:path";

import { FileError, isDirectory, isFile, listDirectory } from "../base/fs.ts";
import { escapeControl } from "../base/text.ts";
import { possibleProjects } from "../index/release-files.ts";
import { parseRequirement, type Requirement } from "../standards/requirement.ts";
import { tryParseWheelFilename } from "../standards/wheel-filename.ts";

const SDIST = /\.(?:tar\.gz|tgz|zip|tar\.bz2|tar\.xz)$/;

/** One requirement for each project of which there is a file. @throws FileError for a path that leads nowhere */
export function preResolvedRequirements(paths: readonly string[]): Requirement[] {
  const names = new Set<string>();
  for (const filename of paths.flatMap(filesAt)) {
    const wheel = tryParseWheelFilename(filename);
    if (wheel) names.add(wheel.project);
    // The last dash of an sdist's name stands before its version (PEP 625).
    else if (SDIST.test(filename)) names.add(possibleProjects(filename).at(-1) ?? "");
  }
  names.delete("");
  return [...names].toSorted().map(parseRequirement);
}

function filesAt(path: string): string[] {
  if (isDirectory(path)) return listDirectory(path).filter((name) => isFile(join(path, name)));
  if (isFile(path)) return [basename(path)];
  throw new FileError(`Cannot read ${escapeControl(path)}: no such file or directory`, {
    hint: "name wheels and source distributions, or a directory of them",
  });
}
