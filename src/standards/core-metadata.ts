/** Core metadata of distributions: METADATA in wheels, PKG-INFO in sdists (PEP 566, 643 and the core metadata specifications). */

import { PexError } from "../base/errors.ts";

import { parseHeaderFields } from "./header-fields.ts";

/** The fields that resolving, packing and reporting need. */
export interface CoreMetadata {
  readonly metadataVersion: string;
  /** As the project spells it. */
  readonly name: string;
  readonly version: string;
  readonly summary: string | undefined;
  /** PEP 508 texts. */
  readonly requiresDist: readonly string[];
  /** Specifier text. */
  readonly requiresPython: string | undefined;
  /** Names of extras as spelled. */
  readonly providesExtra: readonly string[];
  /** Lower-case names of fields whose value may change when an sdist is built (PEP 643). */
  readonly dynamic: readonly string[];
}

/** Text that is no core metadata. */
export class InvalidMetadata extends PexError {
  readonly code = "INVALID_METADATA";
}

/**
 * Reads METADATA or PKG-INFO. The obsolete field `Requires` (PEP 314) names modules, not projects, and is no dependency.
 *
 * @throws InvalidMetadata when name or version are missing.
 */
export function parseCoreMetadata(text: string): CoreMetadata {
  const { fields } = parseHeaderFields(text);
  const one = (name: string): string | undefined => known(fields.get(name)?.[0]);
  const all = (name: string): string[] => (fields.get(name) ?? []).map(unfolded).filter((value) => value !== "");
  const name = one("name");
  const version = one("version");
  if (name === undefined) throw new InvalidMetadata("The metadata has no field `Name`");
  if (version === undefined) throw new InvalidMetadata(`The metadata of ${name} has no field \`Version\``);
  return {
    metadataVersion: one("metadata-version") ?? "1.0",
    name,
    version,
    summary: one("summary"),
    requiresDist: all("requires-dist"),
    requiresPython: one("requires-python"),
    providesExtra: all("provides-extra"),
    dynamic: all("dynamic").map((field) => field.toLowerCase()),
  };
}

/** Old tools wrote `UNKNOWN` where nothing was known. */
function known(value: string | undefined): string | undefined {
  return value === undefined || value === "" || value === "UNKNOWN" ? undefined : unfolded(value);
}

function unfolded(value: string): string {
  return value.includes("\n") ? value.replace(/\s*\n\s*/g, " ") : value;
}
