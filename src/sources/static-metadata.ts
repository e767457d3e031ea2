/**
 * Metadata of a source distribution that its wheel cannot contradict.
 *
 * @see https://packaging.python.org/en/latest/specifications/core-metadata/ (PEP 643, "Dynamic")
 */

import { join } from "node:path";

import { readTextIfExists } from "../base/fs.ts";
import { InvalidMetadata, parseCoreMetadata, type CoreMetadata } from "../standards/core-metadata.ts";
import { statedMetadata } from "./project-table.ts";

/** Fields that resolving depends on. */
const NEEDED: ReadonlySet<string> = new Set(["name", "version", "requires-dist", "requires-python", "provides-extra"]);

/** What every wheel of a project will say; `undefined` when only its backend can tell. @throws FileError */
export async function staticMetadata(project: string): Promise<CoreMetadata | undefined> {
  return promisedMetadata(project) ?? (await statedMetadata(project));
}

/** What `PKG-INFO` promises. */
function promisedMetadata(project: string): CoreMetadata | undefined {
  const text = readTextIfExists(join(project, "PKG-INFO"));
  if (text === undefined) return undefined;
  try {
    const metadata = parseCoreMetadata(text);
    const [major = 0, minor = 0] = metadata.metadataVersion.split(".").map(Number);
    // Before 2.2 nobody said which fields a build may change.
    const isPromise = major > 2 || (major === 2 && minor >= 2);
    return isPromise && !metadata.dynamic.some((field) => NEEDED.has(field.toLowerCase())) ? metadata : undefined;
  } catch (error) {
    if (error instanceof InvalidMetadata) return undefined;
    throw error;
  }
}
