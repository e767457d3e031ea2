/** The source tree of a local project: what it holds, and a copy of it, so that a build leaves nothing beside the sources. */

import { join } from "node:path";

import { Sha256Stream, sha256, type Sha256 } from "../base/digest.ts";
import {
  factsOf,
  isFile,
  listDirectory,
  makeDirectory,
  readBytes,
  readTextIfExists,
  realPath,
  writeFileAtomically,
} from "../base/fs.ts";
import { parseToml, type TomlValue } from "../base/toml.ts";

/** A file of a project. */
interface TreeFile {
  /** Absolute. */
  readonly location: string;
  /** Relative to the project, with `/`. */
  readonly path: string;
  readonly isExecutable: boolean;
}

/** Directories that tools make and no build wants. */
const LEFT_OUT = new Set([
  ..."__pycache__ .git .hg .svn .bzr .tox .nox .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis".split(" "),
  ..."node_modules .eggs .idea .vscode .DS_Store".split(" "),
]);

/** What builds leave behind; of it, setuptools would even take old modules into the new wheel. */
const OUTPUT = /\.(?:pyc|pex|egg-info)$|^build\/(?:lib|lib\..*|bdist\..*|temp\..*)$|^dist\/[^/]+\.(?:whl|tar\.gz)$/;

/** How a project is built: from a copy, or where it lies because its version comes from a repository around it. */
export interface ProjectTree {
  /** Differs when the result of a build could differ. */
  readonly digest: Sha256;
  /** Gives the directory to build in; `directory` is empty and may become it. */
  prepare(directory: string): string;
}

/** Looks at a project. @throws FileError, TomlError */
export async function readProjectTree(project: string): Promise<ProjectTree> {
  const files = filesOf(project);
  const digest = new Sha256Stream();
  for (const { location, path, isExecutable } of files) {
    digest.update(Buffer.from(`${path}\0${isExecutable ? "x" : "-"}${sha256(readBytes(location))}\n`));
  }
  const repository = (await hasOwnVersion(project)) ? undefined : repositoryAround(project);
  if (repository !== undefined) digest.update(Buffer.from(stateOf(repository.gitDirectory)));
  const isWithin = repository !== undefined && repository.root !== project;
  const prepare = (directory: string): string => {
    if (isWithin) return project;
    for (const file of files) {
      const target = join(directory, file.path);
      writeFileAtomically(target, readBytes(file.location), file.isExecutable ? 0o777 : 0o666);
    }
    makeDirectory(directory);
    // Tools that ask git for the version find the repository, but no copy of it is needed.
    if (repository) writeFileAtomically(join(directory, ".git"), `gitdir: ${repository.gitDirectory}\n`);
    return directory;
  };
  return { digest: digest.digest(), prepare };
}

function filesOf(project: string): TreeFile[] {
  const files: TreeFile[] = [];
  visit({ location: project, path: "", inside: [realPath(project)] }, files);
  return files;
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
    } else if (facts?.kind === "directory" && !isFile(join(child, "pyvenv.cfg"))) {
      const real = realPath(child);
      if (!inside.includes(real)) visit({ location: child, path: `${path}${name}/`, inside: [...inside, real] }, files);
    }
  }
}

/** Whether the version stands in the project, so that no repository can change it. */
async function hasOwnVersion(project: string): Promise<boolean> {
  const path = join(project, "pyproject.toml");
  const text = readTextIfExists(path);
  if (text === undefined) return !/scm|vcs|git/i.test(readTextIfExists(join(project, "setup.py")) ?? "");
  const table = (await parseToml(text, path))["project"];
  return (isTable(table) && typeof table["version"] === "string") || !/scm|vcs|versioningit|dunamai/i.test(text);
}

function isTable(value: TomlValue | undefined): value is { readonly [key: string]: TomlValue } {
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof Date);
}

interface Repository {
  readonly root: string;
  readonly gitDirectory: string;
}

function repositoryAround(project: string): Repository | undefined {
  for (let root = project; ; root = join(root, "..")) {
    const found = join(root, ".git");
    const kind = factsOf(found)?.kind;
    if (kind === "directory") return { root, gitDirectory: found };
    // A work tree or a submodule: the file names the directory.
    const named = kind === "file" ? /^gitdir:\s*(.+)$/m.exec(readTextIfExists(found) ?? "")?.[1] : undefined;
    if (named !== undefined) return { root, gitDirectory: named.startsWith("/") ? named : join(root, named) };
    if (join(root, "..") === root) return undefined;
  }
}

/** What versions from git depend on: the commit and the tags. */
function stateOf(gitDirectory: string): string {
  const common = readTextIfExists(join(gitDirectory, "commondir"))?.trim();
  const shared = common === undefined ? gitDirectory : join(gitDirectory, common);
  const head = readTextIfExists(join(gitDirectory, "HEAD")) ?? "";
  const reference = /^ref:\s*(\S+)/.exec(head)?.[1];
  const commit = reference === undefined ? "" : (readTextIfExists(join(shared, reference)) ?? "");
  const tags = listDirectory(join(shared, "refs", "tags")).join(" ");
  return [head, commit, tags, readTextIfExists(join(shared, "packed-refs")) ?? ""].join("\0");
}
