/**
 * Metadata that a project states itself, in the table `[project]` of its `pyproject.toml`, so that no build may differ.
 *
 * @see https://packaging.python.org/en/latest/specifications/pyproject-toml/ (PEP 621)
 */

import { join } from "node:path";

import { PexError } from "../base/errors.ts";
import { readTextIfExists } from "../base/fs.ts";
import { parseToml, type TomlTable, type TomlValue } from "../base/toml.ts";
import type { CoreMetadata } from "../standards/core-metadata.ts";
import { formatMarker } from "../standards/marker.ts";
import { formatRequirement, parseRequirement } from "../standards/requirement.ts";

/** Keys that resolving depends on; what is neither there nor `dynamic` is empty. */
const NEEDED = ["version", "requires-python", "dependencies", "optional-dependencies"];

/** What the table states; `undefined` when it leaves something to the build, or is not as it should be. @throws FileError */
export async function statedMetadata(project: string): Promise<CoreMetadata | undefined> {
  const path = join(project, "pyproject.toml");
  const text = readTextIfExists(path);
  if (text === undefined || !/^\s*\[\s*project\s*\]/m.test(text)) return undefined;
  try {
    const table = (await parseToml(text, path))["project"];
    return isTable(table) ? metadataIn(table) : undefined;
  } catch (error) {
    // Who builds it says what is wrong with it.
    if (error instanceof PexError) return undefined;
    throw error;
  }
}

function metadataIn(table: TomlTable): CoreMetadata | undefined {
  const { name, version } = table;
  const requiresPython = table["requires-python"];
  const dynamic = table["dynamic"] ?? [];
  const dependencies = table["dependencies"] ?? [];
  const optional = table["optional-dependencies"] ?? {};
  if (!isTextList(dynamic) || dynamic.some((key) => NEEDED.includes(key))) return undefined;
  if (typeof name !== "string" || typeof version !== "string" || !isTextList(dependencies)) return undefined;
  if (requiresPython !== undefined && typeof requiresPython !== "string") return undefined;
  if (!isTable(optional)) return undefined;
  const requiresDist = dependencies.map((text) => formatRequirement(parseRequirement(text)));
  for (const [extra, requirements] of Object.entries(optional)) {
    if (!isTextList(requirements)) return undefined;
    requiresDist.push(...requirements.map((text) => forExtra(text, extra)));
  }
  const providesExtra = Object.keys(optional);
  const summary = undefined;
  return { metadataVersion: "2.2", name, version, summary, requiresDist, requiresPython, providesExtra, dynamic: [] };
}

/** The requirement as metadata has it: it counts only with the extra. */
function forExtra(text: string, extra: string): string {
  const requirement = parseRequirement(text);
  const condition = `extra == ${JSON.stringify(extra)}`;
  const marker =
    requirement.marker === undefined ? condition : `(${formatMarker(requirement.marker)}) and ${condition}`;
  return `${formatRequirement({ ...requirement, marker: undefined })} ; ${marker}`;
}

function isTable(value: TomlValue | undefined): value is TomlTable {
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof Date);
}

function isTextList(value: TomlValue | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
