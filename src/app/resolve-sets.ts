/** Where several sets of wheels are alternatives to each other: which of them serves which target. */

import { PexError } from "../base/errors.ts";
import type { ProjectIndex } from "../index/project-index.ts";
import type { Target } from "../targets/target.ts";
import type { Resolved } from "./fetch-wheels.ts";

/** A set of wheels as an index, and the interpreter that they are installed for. */
export interface IndexedSet {
  readonly index: ProjectIndex;
  readonly python: string | undefined;
}

/**
 * Resolves each target from one set, never from a mixture: that of its own interpreter, else the first one that holds
 * all it needs.
 *
 * @throws what resolving throws; when no set will do, what it threw for the first
 */
export async function resolveFromSets(
  targets: readonly Target[],
  sets: readonly IndexedSet[],
  resolve: (targets: readonly Target[], index: ProjectIndex) => Promise<Resolved[]>,
): Promise<Resolved[]> {
  const [first, ...others] = sets;
  if (first === undefined) return [];
  if (others.length === 0) return resolve(targets, first.index);
  const resolved: Resolved[] = [];
  for (const target of targets) {
    const own = sets.filter(({ python }) => python === target.interpreter?.path);
    const [best = first, ...rest] = own.length > 0 ? own : sets;
    resolved.push(...(await fromFirst(best, rest, ({ index }) => resolve([target], index))));
  }
  return resolved;
}

async function fromFirst<Value>(
  set: IndexedSet,
  others: readonly IndexedSet[],
  task: (set: IndexedSet) => Promise<Value>,
): Promise<Value> {
  try {
    return await task(set);
  } catch (error) {
    if (!(error instanceof PexError)) throw error;
    for (const other of others) {
      try {
        return await task(other);
      } catch (another) {
        if (!(another instanceof PexError)) throw another;
      }
    }
    throw error;
  }
}
