/**
 * A copy of a project that sees what the project sees: the same path again below another directory, with symbolic links
 * to all that lies beside the project and beside the directories around it.
 *
 * ```text
 * WORKSPACE/home/me/house/lib → /home/me/house/lib
 * WORKSPACE/home/me/house/VERSION → /home/me/house/VERSION
 * WORKSPACE/home/me/house/app/…   the copy
 * ```
 */

import { basename, dirname, join } from "node:path";

import {
  factsOf,
  FileError,
  listDirectory,
  makeDirectory,
  makeLink,
  readBytes,
  writeFileAtomically,
} from "../base/fs.ts";

/** A file of a project. */
export interface TreeFile {
  /** Absolute. */
  readonly location: string;
  /** Relative to the project, with `/`. */
  readonly path: string;
  readonly isExecutable: boolean;
}

/** No copy of these is needed: who asks them only reads. */
const REPOSITORIES = [".git", ".hg", ".svn", ".bzr"];

/** What tools look for further up by themselves. */
const SOUGHT: readonly string[] = [...REPOSITORIES, ".gitignore", "Cargo.toml", "Cargo.lock", ".cargo"];

/** A project and where its copy goes. */
export interface ShadowTree {
  /** Its directory, without symbolic links. */
  readonly project: string;
  readonly files: readonly TreeFile[];
  /** An empty directory. */
  readonly workspace: string;
  /** Whether the project mentions a name, so that it is linked even where there are thousands. */
  readonly mentions: (name: string) => boolean;
}

/** Names of a directory, such as a crowded `/tmp`; each costs a link, which is up to a millisecond on a busy disk. */
const CROWD = 500;

/** Makes the copy and gives its directory. @throws FileError */
export function makeShadowTree({ project, files, workspace, mentions }: ShadowTree): string {
  const copy = join(workspace, project);
  makeDirectory(copy);
  for (const { location, path, isExecutable } of files) {
    writeFileAtomically(join(copy, path), readBytes(location), isExecutable ? 0o777 : 0o666);
  }
  for (const name of REPOSITORIES) {
    if (factsOf(join(project, name)) !== undefined) makeLink(join(project, name), join(copy, name));
  }
  for (let place = project; dirname(place) !== place; place = dirname(place)) {
    const around = dirname(place);
    const all = namesIn(around);
    const names = all.length > CROWD ? all.filter((name) => SOUGHT.includes(name) || mentions(name)) : all;
    for (const name of names) {
      if (name !== basename(place)) makeLink(join(around, name), join(workspace, around, name));
    }
  }
  return copy;
}

/** Nothing of a directory that may not be read: its names are not known to those who refer to it, either. */
function namesIn(directory: string): readonly string[] {
  try {
    return listDirectory(directory);
  } catch (error) {
    if (error instanceof FileError) return [];
    throw error;
  }
}
