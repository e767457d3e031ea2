/** The user's own files: `-D DIRECTORY`, `-P PACKAGE`, `-M MODULE` and `--exe FILE`. */

import { basename, dirname, join, resolve } from "node:path";

import type { ArchiveFile } from "../archive/archive-file.ts";
import { PexError } from "../base/errors.ts";
import { factsOf, FileError, isDirectory, isFile, listDirectory, readBytes } from "../base/fs.ts";
import type { Listener } from "../base/log.ts";
import { closest, compareOrdinal } from "../base/text.ts";
import { walkSources } from "./source-tree.ts";
import type { SourceFile } from "./source-tree.ts";

/** What to take. */
export interface UserSources {
  /** Everything below each goes to the root of the PEX (`-D`). */
  readonly directories: readonly string[];
  /** `package[.subpackage][@directory]` (`-P`). */
  readonly packages: readonly string[];
  /** `module[.submodule][@directory]` (`-M`). */
  readonly modules: readonly string[];
  /** A Python file that becomes `__pex_executable__.py` (`--exe`). */
  readonly executable: string | undefined;
}

export interface CollectOptions {
  /** What relative paths start from. */
  readonly cwd: string;
  /** Paths that are left out, such as the PEX being written. */
  readonly except?: readonly string[];
  readonly listener?: Listener;
}

/** Two sources want the same place in the PEX with different contents. */
export class SourceConflict extends PexError {
  readonly code = "SOURCE_CONFLICT";
}

/** A value of `-P` or `-M` is not written as it must be. */
export class InvalidSourceName extends PexError {
  readonly code = "INVALID_SOURCE_NAME";
}

/** Where `--exe` goes. */
export const EXECUTABLE_PATH = "__pex_executable__.py";

/** Names at the top of a PEX that are not the user's. */
const RESERVED: ReadonlySet<string> = new Set([
  "__main__.py",
  "__main__.pyc",
  "__pex__",
  "PEX-INFO",
  ".bootstrap",
  ".deps",
]);

/**
 * The files with their places, sorted by path; contents are read when they are asked for.
 *
 * @throws FileError or UnusableSource for what is not there or cannot be read; SourceConflict; InvalidSourceName.
 */
export function collectUserSources(sources: UserSources, options: CollectOptions): ArchiveFile[] {
  const { cwd, listener } = options;
  const walk = {
    except: new Set(options.except?.map((path) => resolve(cwd, path))),
    ...(listener && { listener }),
  };
  const collected = new Map<string, Entry>();
  for (const directory of sources.directories) {
    const root = existingDirectory(resolve(cwd, directory), directory);
    for (const file of walkSources(root, walk)) add(collected, entryOf(file));
  }
  for (const text of sources.packages) {
    const { name, root } = parseSourceName(text, "-P", cwd);
    const place = packagePlace({ text, name, root });
    for (const file of walkSources(join(root, place), walk)) add(collected, entryOf(file, `${place}/${file.path}`));
    addParents(collected, { root, place });
  }
  for (const text of sources.modules) {
    const { name, root } = parseSourceName(text, "-M", cwd);
    const place = modulePlace({ text, name, root });
    add(collected, entryAt(root, place));
    addParents(collected, { root, place });
  }
  if (sources.executable !== undefined) {
    const location = existingFile(resolve(cwd, sources.executable), sources.executable);
    add(collected, { path: EXECUTABLE_PATH, location, mode: 0o644 });
  }
  const entries = [...collected.values()].sort((left, right) => compareOrdinal(left.path, right.path));
  for (const entry of entries) refuseFileAsDirectory(entry, collected);
  return entries.map(({ path, mode, location }) => ({ path, mode, read: () => readBytes(location) }));
}

interface Entry {
  readonly path: string;
  /** Absolute. */
  readonly location: string;
  readonly mode: ArchiveFile["mode"];
}

function entryOf({ path, location, facts }: SourceFile, place: string = path): Entry {
  return { path: place, location, mode: (facts.mode & 0o100) === 0 ? 0o644 : 0o755 };
}

function entryAt(root: string, path: string): Entry {
  const location = join(root, path);
  const facts = factsOf(location);
  return { path, location, mode: ((facts?.mode ?? 0) & 0o100) === 0 ? 0o644 : 0o755 };
}

function add(collected: Map<string, Entry>, entry: Entry): void {
  const [top = ""] = entry.path.split("/", 1);
  if (RESERVED.has(top)) {
    throw new SourceConflict(`The name \`${top}\` belongs to the PEX itself: ${entry.location}`, {
      hint: top === "__main__.py" ? "rename it and start it with -m" : "rename it or move it into a package",
    });
  }
  const known = collected.get(entry.path);
  if (known === undefined) collected.set(entry.path, entry);
  else if (known.location !== entry.location && !readBytes(known.location).equals(readBytes(entry.location))) {
    throw new SourceConflict(`Two files for \`${entry.path}\`: ${known.location} and ${entry.location}`, {
      hint: "leave one of them out, or put them into different packages",
    });
  }
}

function refuseFileAsDirectory({ path, location }: Entry, collected: ReadonlyMap<string, Entry>): void {
  for (let slash = path.indexOf("/"); slash !== -1; slash = path.indexOf("/", slash + 1)) {
    const file = collected.get(path.slice(0, slash));
    if (file)
      throw new SourceConflict(`A file where a directory must be: ${file.location} is in the way of ${location}`);
  }
}

/** The `__init__.py` files of the packages around a place, where there are some. */
function addParents(
  collected: Map<string, Entry>,
  { root, place }: { readonly root: string; readonly place: string },
): void {
  for (let parent = dirname(place); parent !== "."; parent = dirname(parent)) {
    const path = `${parent}/__init__.py`;
    if (isFile(join(root, path))) add(collected, entryAt(root, path));
  }
}

interface SourceName {
  /** With dots. */
  readonly name: string;
  /** Absolute. */
  readonly root: string;
}

function parseSourceName(text: string, option: string, cwd: string): SourceName {
  const at = text.indexOf("@");
  const name = at === -1 ? text : text.slice(0, at);
  const directory = at === -1 ? "." : text.slice(at + 1);
  if (!/^[^\s./\\@]+(?:\.[^\s./\\@]+)*$/.test(name)) {
    throw new InvalidSourceName(`Not the dotted name of a ${option === "-P" ? "package" : "module"}: \`${name}\``, {
      hint: `write ${option} name[@directory], such as \`${option} ${suggestedName(name)}\``,
    });
  }
  return { name, root: existingDirectory(resolve(cwd, directory), directory) };
}

/** `src/app/cli.py` was meant as `cli@src/app`. */
function suggestedName(name: string): string {
  const bare = basename(name).replace(/\.py$/, "") || "name";
  const parent = dirname(name);
  return parent === "." ? bare : `${bare}@${parent}`;
}

type NamedSource = SourceName & { readonly text: string };

function packagePlace({ text, name, root }: NamedSource): string {
  const place = name.replaceAll(".", "/");
  if (isDirectory(join(root, place))) return place;
  throw new FileError(`No package \`${name}\` in ${root}`, {
    hint: isFile(join(root, `${place}.py`))
      ? `it is a module: write \`-M ${text}\``
      : didYouMean(name, root, (path) => (isDirectory(path) ? basename(path) : undefined)),
  });
}

function modulePlace({ text, name, root }: NamedSource): string {
  const place = `${name.replaceAll(".", "/")}.py`;
  if (isFile(join(root, place))) return place;
  throw new FileError(`No module \`${name}\` in ${root}`, {
    hint: isDirectory(join(root, name.replaceAll(".", "/")))
      ? `it is a package: write \`-P ${text}\``
      : didYouMean(name, root, (path) => (path.endsWith(".py") ? basename(path, ".py") : undefined)),
  });
}

function didYouMean(name: string, root: string, nameOf: (path: string) => string | undefined): string | undefined {
  const parts = name.split(".");
  const last = parts.pop() ?? name;
  const names = listDirectory(join(root, ...parts)).flatMap((entry) => nameOf(join(root, ...parts, entry)) ?? []);
  const meant = closest(last, names);
  return meant === undefined
    ? "name the directory it is in behind an `@`, such as `name@src`"
    : `did you mean \`${[...parts, meant].join(".")}\`?`;
}

function existingDirectory(path: string, shown: string): string {
  if (isDirectory(path)) return path;
  const trouble = factsOf(path) === undefined ? "No such directory" : "Not a directory";
  throw new FileError(`${trouble}: ${shown}`, { hint: "name a directory that holds source files" });
}

function existingFile(path: string, shown: string): string {
  if (isFile(path)) return path;
  const meant = closest(basename(path), listDirectory(dirname(path)));
  throw new FileError(`No such file: ${shown}`, {
    hint: meant === undefined ? "name a Python file behind --exe" : `did you mean ${join(dirname(shown), meant)}?`,
  });
}
