/** Remembers what interpreters told about themselves, so that a warm build starts no Python. */

import * as os from "node:os";
import { dirname, join } from "node:path";

import { factsOf, readTextIfExists, writeFileAtomically } from "../base/fs.ts";

import { FACTS_FORMAT } from "./interpreter-facts.ts";
import type { InterpreterFacts } from "./interpreter-facts.ts";

/** What must be unchanged for an answer to be still true. */
export type InterpreterKey = string;

/**
 * The identity of an interpreter on this machine: its file, its virtual environment, and the system, whose kernel shows in
 * markers and whose C library shows in tags. `undefined` when there is no such file.
 */
export function interpreterKey(path: string): InterpreterKey | undefined {
  const file = stamp(path);
  if (file === undefined) return undefined;
  const settings = stamp(join(dirname(dirname(path)), "pyvenv.cfg")) ?? "";
  const system = [os.type(), os.release(), os.version(), os.machine(), stamp("/etc/os-release") ?? ""];
  return [FACTS_FORMAT, path, file, settings, ...system].join("\n");
}

/** The remembered answer, if it is of exactly this key. A damaged file counts as none. */
export function readCachedFacts(cacheDirectory: string, key: InterpreterKey): InterpreterFacts | undefined {
  try {
    const text = readTextIfExists(cachePath(cacheDirectory, key));
    const entry = text === undefined ? undefined : (JSON.parse(text) as { key?: unknown; facts?: InterpreterFacts });
    return entry?.key === key ? entry.facts : undefined;
  } catch {
    return undefined;
  }
}

/** Remembers an answer; a cache that cannot be written is no trouble. */
export function writeCachedFacts(cacheDirectory: string, key: InterpreterKey, facts: InterpreterFacts): void {
  try {
    writeFileAtomically(cachePath(cacheDirectory, key), `${JSON.stringify({ key, facts })}\n`);
  } catch {
    // The next run asks the interpreter again.
  }
}

/** One readable file per path, so that upgrades replace it; two paths that look alike only overwrite each other's entry. */
function cachePath(cacheDirectory: string, key: InterpreterKey): string {
  const [, path = ""] = key.split("\n");
  return join(cacheDirectory, "interpreters", `${path.replace(/[^\w.-]+/g, "_").slice(-150)}.json`);
}

function stamp(path: string): string | undefined {
  try {
    const facts = factsOf(path);
    return facts && `${facts.size} ${facts.modified} ${facts.inode}`;
  } catch {
    return undefined;
  }
}
