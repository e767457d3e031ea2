/** The source tree of a local project: which of its files count, and where a build of it runs. */

import { dirname, join } from "node:path";

import { Sha256Stream, sha256, type Sha256 } from "../base/digest.ts";
import { factsOf, isFile, listDirectory, readBytes, realPath } from "../base/fs.ts";
import { reachOf, type Reach } from "./reach.ts";
import { makeShadowTree, type TreeFile } from "./shadow-tree.ts";

/** Directories that tools make and no build wants. */
const LEFT_OUT = new Set([
  ..."__pycache__ .git .hg .svn .bzr .tox .nox .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis".split(" "),
  ..."node_modules .eggs .idea .vscode .DS_Store".split(" "),
]);

/** What builds leave behind; of it, setuptools would even take old modules into the new wheel. */
const OUTPUT = /\.(?:pyc|pex|egg-info)$|^build\/(?:lib|lib\..*|bdist\..*|temp\..*)$|^dist\/[^/]+\.(?:whl|tar\.gz)$/;

/** A project as it is now. */
export interface ProjectTree {
  /** Without symbolic links. */
  readonly directory: string;
  readonly reach: Reach;
  /** Differs when the files do. */
  readonly digest: Sha256;
  /** Gives the directory to build in; `workspace` is empty, and its caller removes it. */
  prepare(workspace: string): string;
}

/** Looks at a project. @throws FileError */
export function readProjectTree(path: string): ProjectTree {
  const directory = realPath(path);
  const files = filesOf(directory);
  const reach = reachOf(
    directory,
    files.map((file) => file.path),
  );
  return {
    directory,
    reach,
    get digest() {
      return digestOf(files);
    },
    prepare: (workspace) =>
      reach.kind === "place" ? directory : makeShadowTree({ project: directory, files, workspace, ...reach }),
  };
}

function digestOf(files: readonly TreeFile[]): Sha256 {
  const digest = new Sha256Stream();
  for (const { location, path, isExecutable } of files) {
    digest.update(Buffer.from(`${path}\0${isExecutable ? "x" : "-"}${sha256(readBytes(location))}\n`));
  }
  return digest.digest();
}

function filesOf(project: string): TreeFile[] {
  const files: TreeFile[] = [];
  visit({ location: project, path: "", inside: withParents(project) }, files);
  return files;
}

function withParents(directory: string): readonly string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...withParents(parent)];
}

interface Visit {
  readonly location: string;
  /** Empty, or ends with `/`. */
  readonly path: string;
  /** Real paths of this directory and of those around it: links may lead back. */
  readonly inside: readonly string[];
}

function visit({ location, path, inside }: Visit, files: TreeFile[]): void {
  for (const name of listDirectory(location)) {
    const child = join(location, name);
    if (LEFT_OUT.has(name) || OUTPUT.test(path + name)) continue;
    const facts = factsOf(child);
    if (facts?.kind === "file") {
      files.push({ location: child, path: path + name, isExecutable: (facts.mode & 0o111) !== 0 });
    } else if (facts?.kind === "directory" && !isMadeByTool(child)) {
      const real = realPath(child);
      if (!inside.includes(real)) visit({ location: child, path: `${path}${name}/`, inside: [...inside, real] }, files);
    }
  }
}

/** A virtual environment, or what says that it can be made again, such as cargo's `target` (https://bford.info/cachedir/). */
function isMadeByTool(directory: string): boolean {
  return isFile(join(directory, "pyvenv.cfg")) || isFile(join(directory, "CACHEDIR.TAG"));
}
