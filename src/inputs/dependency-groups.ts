/**
 * Dependency groups of a `pyproject.toml`.
 *
 * @see https://packaging.python.org/en/latest/specifications/dependency-groups/ (PEP 735)
 */

import { join, resolve } from "node:path";

import { PexError } from "../base/errors.ts";
import { readText } from "../base/fs.ts";
import { closest } from "../base/text.ts";
import { parseToml, type TomlTable, type TomlValue } from "../base/toml.ts";
import { normalizeName } from "../standards/project-name.ts";

/** A dependency group is missing, broken, or includes itself. */
export class InvalidDependencyGroup extends PexError {
  readonly code = "INVALID_DEPENDENCY_GROUP";
}

/** Groups of one file, by normalised name. */
interface Groups {
  readonly path: string;
  readonly byName: ReadonlyMap<string, TomlValue>;
}

/**
 * The requirement texts of `name` or `name@directory`, included groups in their places.
 *
 * @throws FileError, TomlError, InvalidDependencyGroup
 */
export async function readDependencyGroup(text: string, cwd: string): Promise<readonly string[]> {
  const at = text.indexOf("@");
  const name = at === -1 ? text : text.slice(0, at);
  const path = join(resolve(cwd, at === -1 ? "." : text.slice(at + 1)), "pyproject.toml");
  const table = (await parseToml(readText(path), path))["dependency-groups"] ?? {};
  if (!isTable(table)) throw new InvalidDependencyGroup(`\`dependency-groups\` must be a table: ${path}`);
  const byName = new Map<string, TomlValue>();
  for (const [key, value] of Object.entries(table)) {
    const normalized = normalizeName(key);
    if (byName.has(normalized))
      throw new InvalidDependencyGroup(`Two dependency groups are called \`${key}\`: ${path}`);
    byName.set(normalized, value);
  }
  return expand(name, { path, byName }, []);
}

function expand(name: string, groups: Groups, within: readonly string[]): string[] {
  const key = normalizeName(name.trim());
  const list = groups.byName.get(key);
  if (list === undefined) throw unknownGroup(name, groups);
  if (within.includes(key)) {
    const cycle = [...within.slice(within.indexOf(key)), key].join(" → ");
    throw new InvalidDependencyGroup(`A dependency group includes itself: ${cycle} in ${groups.path}`);
  }
  if (!Array.isArray(list)) throw new InvalidDependencyGroup(`The group \`${name}\` must be a list: ${groups.path}`);
  const entries: readonly TomlValue[] = list;
  return entries.flatMap((entry) => {
    if (typeof entry === "string") return [entry];
    const included = isTable(entry) ? entry["include-group"] : undefined;
    if (typeof included === "string") return expand(included, groups, [...within, key]);
    throw new InvalidDependencyGroup(
      `The group \`${name}\` must hold requirements and \`{include-group = "…"}\` only: ${groups.path}`,
    );
  });
}

function unknownGroup(name: string, { path, byName }: Groups): InvalidDependencyGroup {
  const meant = closest(name, [...byName.keys()]);
  const known = byName.size === 0 ? "there are none" : `there are ${[...byName.keys()].join(", ")}`;
  return new InvalidDependencyGroup(`No dependency group of that name: \`${name}\` in ${path}`, {
    hint: meant === undefined ? known : `did you mean \`${meant}\`?`,
  });
}

function isTable(value: TomlValue): value is TomlTable {
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof Date);
}
