/** Finds the Pythons of this machine: by path, by name, or all that a search path holds. */

import { basename, isAbsolute, join, resolve } from "node:path";

import { mapConcurrently } from "../base/concurrency.ts";
import { FileError, isDirectory, isExecutableFile, listDirectory, realPath } from "../base/fs.ts";
import { compareOrdinal } from "../base/text.ts";

import { BrokenInterpreter, probeInterpreter } from "./interpreter.ts";
import type { Interpreter, ProbeContext } from "./interpreter.ts";
import { resolveShim } from "./pyenv.ts";

/** Where and how to search. */
export interface SearchContext extends ProbeContext {
  readonly cwd: string;
}

/** A candidate that is no use, and why. */
export interface SkippedInterpreter {
  readonly path: string;
  readonly reason: string;
}

/** What a search came to. */
export interface Discovery {
  /** In the order of the search path, each real file once. */
  readonly interpreters: readonly Interpreter[];
  readonly skipped: readonly SkippedInterpreter[];
}

const PYTHON_NAME = /^(?:python|pypy)(?:[2-9](?:\.\d+[a-z]?)?)?$/i;
const PROBES_AT_ONCE = 4;

/** The entries of a search path: directories, or interpreters themselves. Empty ones are dropped, relative ones made absolute. */
export function searchEntries(path: string, cwd: string): string[] {
  const entries = path.split(":").filter((entry) => entry !== "");
  return [...new Set(entries.map((entry) => resolve(cwd, entry)))];
}

/** Whether the text is a path rather than a name to search for. */
export function isPath(python: string): boolean {
  return isAbsolute(python) || python.includes("/");
}

/**
 * The interpreter at a path; a shim of pyenv is followed.
 *
 * @throws BrokenInterpreter
 */
export async function interpreterAt(path: string, context: SearchContext): Promise<Interpreter> {
  const absolute = resolve(context.cwd, path);
  const shim = resolveShim(absolute, context);
  if (shim.kind === "inactive") {
    throw new BrokenInterpreter(absolute, shim.reason, {
      hint: "choose a version with `pyenv local`, or give the path of an interpreter",
    });
  }
  return await probeInterpreter(shim.kind === "active" ? shim.path : absolute, context);
}

/** The first working interpreter of exactly this name, with those before it that do not work. */
export async function findNamed(name: string, entries: readonly string[], context: SearchContext): Promise<Discovery> {
  const skipped: SkippedInterpreter[] = [];
  for (const entry of entries) {
    const path = basename(entry) === name && isExecutableFile(entry) ? entry : join(entry, name);
    if (!isExecutableFile(path)) continue;
    const found = await examine(path, context);
    if ("reason" in found) skipped.push(found);
    else return { interpreters: [found], skipped };
  }
  return { interpreters: [], skipped };
}

/** Every interpreter of the search path that is called like one. */
export async function findAll(entries: readonly string[], context: SearchContext): Promise<Discovery> {
  const seen = new Set<string>();
  const isNew = (path: string): boolean => {
    const real = realPath(path);
    return !seen.has(real) && seen.add(real).size > 0;
  };
  const skipped: SkippedInterpreter[] = [];
  const paths: string[] = [];
  for (const path of entries.flatMap(candidatesIn)) {
    const shim = resolveShim(path, context);
    if (shim.kind === "inactive") skipped.push({ path, reason: shim.reason });
    else if (isNew(shim.kind === "active" ? shim.path : path)) paths.push(shim.kind === "active" ? shim.path : path);
  }
  const found = await mapConcurrently(paths, PROBES_AT_ONCE, (path) => examine(path, context));
  const interpreters: Interpreter[] = [];
  const known = new Set<string>();
  for (const each of found) {
    if ("reason" in each) skipped.push(each);
    else if (!known.has(each.realPath) && known.add(each.realPath)) interpreters.push(each);
  }
  return { interpreters, skipped };
}

/** Names of interpreters that the search path offers, for hints. */
export function offeredNames(entries: readonly string[]): string[] {
  return [...new Set(entries.flatMap(candidatesIn).map((path) => basename(path)))].sort(compareOrdinal);
}

/** The most telling name first, so that `python3.11` stands for what `python3` and `python` link to. */
function candidatesIn(entry: string): string[] {
  if (!isDirectory(entry)) return isExecutableFile(entry) ? [entry] : [];
  const names = namesIn(entry).filter((name) => PYTHON_NAME.test(name));
  names.sort((left, right) => right.length - left.length || compareOrdinal(left, right));
  return names.map((name) => join(entry, name)).filter(isExecutableFile);
}

/** A directory that we may not list offers nothing, as for a shell. */
function namesIn(directory: string): string[] {
  try {
    return listDirectory(directory);
  } catch (error) {
    if (error instanceof FileError) return [];
    throw error;
  }
}

async function examine(path: string, context: SearchContext): Promise<Interpreter | SkippedInterpreter> {
  try {
    return await interpreterAt(path, context);
  } catch (error) {
    if (error instanceof BrokenInterpreter) return { path, reason: error.reason };
    throw error;
  }
}
