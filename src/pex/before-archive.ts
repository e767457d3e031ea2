/**
 * The index of what lies in front of the archive of a PEX that a zip file without zip64 has no room for: the key
 * `before_archive` of PEX-INFO.
 *
 * ```text
 * #! line | wheel | wheel | … | zip of sources | … | zip: runtime, PEX-INFO, __main__.py
 *                         └──── distance ──────────┘
 * ```
 *
 * Places count backwards from the archive, which any reader of zip files finds, so that another first line changes none.
 */

import { isJsonObject, type Json, type JsonObject } from "./canonical-json.ts";

/** Where a piece of the file lies. */
export interface PlaceBefore {
  /** Bytes from its first byte to the first one of the archive. */
  readonly distance: number;
  /** Bytes. */
  readonly size: number;
}

/** All that lies there. */
export interface BeforeArchive {
  /** By file name: whole wheels, or installed trees as zip files, as the PEX has them. */
  readonly wheels: Readonly<Record<string, PlaceBefore>>;
  /** Zip files that hold the user's sources together. */
  readonly sources: readonly PlaceBefore[];
}

/** The index as PEX-INFO holds it: each place as a pair. */
export function beforeArchiveJson({ wheels, sources }: BeforeArchive): JsonObject {
  const pair = ({ distance, size }: PlaceBefore): Json => [distance, size];
  return {
    wheels: Object.fromEntries(Object.entries(wheels).map(([name, place]) => [name, pair(place)])),
    sources: sources.map(pair),
  };
}

/** The index in a PEX-INFO, or `undefined` if there is none that we understand. */
export function parseBeforeArchive(value: Json | undefined): BeforeArchive | undefined {
  if (!isJsonObject(value)) return undefined;
  const { wheels, sources } = value;
  if (!isJsonObject(wheels) || !Array.isArray(sources)) return undefined;
  const placed: Record<string, PlaceBefore> = {};
  for (const [name, pair] of Object.entries(wheels)) {
    const place = parsePlace(pair);
    if (place === undefined) return undefined;
    placed[name] = place;
  }
  const archives = sources.map(parsePlace);
  return archives.every((each) => each !== undefined) ? { wheels: placed, sources: archives } : undefined;
}

function parsePlace(value: Json | undefined): PlaceBefore | undefined {
  if (!Array.isArray(value)) return undefined;
  const [distance, size] = value;
  return typeof distance === "number" && typeof size === "number" ? { distance, size } : undefined;
}
