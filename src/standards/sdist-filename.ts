/** File names of source distributions: `{name}-{version}.tar.gz` (source distribution format, PEP 625) and older shapes. */

import { normalizeName } from "./project-name.ts";
import type { ProjectName } from "./project-name.ts";
import { tryParseVersion } from "./version.ts";
import type { Version } from "./version.ts";

/** What the name of a source distribution tells. */
export interface SdistFilename {
  readonly text: string;
  readonly project: ProjectName;
  readonly version: Version;
  /** Such as `.tar.gz`, in lower case. */
  readonly extension: string;
}

/** PEP 527 left `.tar.gz` and `.zip`; the others are found on old index pages and in directories. */
const EXTENSIONS = [".tar.gz", ".zip", ".tgz", ".tar.bz2", ".tbz", ".tar.xz", ".txz", ".tar.zst", ".tar"];
const PATH_CHARACTERS = /[/\\\0]/;

/**
 * Reads the file name of an sdist, or returns `undefined` when it is none.
 *
 * Without `project`, the last dash separates name and version, as `packaging.utils.parse_sdist_filename` does.
 * With it, so does the dash that leaves exactly this project's name before it: `a-b-1.0-1.zip` of `a-b` is 1.0.post1.
 */
export function parseSdistFilename(text: string, project?: ProjectName): SdistFilename | undefined {
  const extension = EXTENSIONS.find((candidate) => text.endsWith(candidate));
  if (extension === undefined || PATH_CHARACTERS.test(text)) return undefined;
  const stem = text.slice(0, -extension.length);
  if (project === undefined) return split(stem.lastIndexOf("-"));
  for (let dash = stem.indexOf("-"); dash !== -1; dash = stem.indexOf("-", dash + 1)) {
    if (normalizeName(stem.slice(0, dash)) !== project) continue;
    const found = split(dash);
    if (found) return found;
  }
  return undefined;

  function split(dash: number): SdistFilename | undefined {
    if (dash <= 0 || extension === undefined) return undefined;
    const version = tryParseVersion(stem.slice(dash + 1));
    return version && { text, project: normalizeName(stem.slice(0, dash)), version, extension };
  }
}
