/** Requirements such as `uvicorn[standard]>=0.30 ; python_version > "3.8"` (PEP 508). */

import { compareOrdinal } from "../base/text.ts";
import { formatMarker, type Marker, parseMarker } from "./marker.ts";
import { normalizeName, type ProjectName } from "./project-name.ts";
import { readRequirement } from "./requirement-syntax.ts";
import { type Fault, SourceError } from "./source-error.ts";
import { formatSpecifierSet, parseSpecifierSet, type SpecifierSet } from "./specifier.ts";
import { TextCache } from "./text-cache.ts";
import { TextCursor } from "./text-cursor.ts";

/** One dependency: a project, and which of its versions, from where, under which conditions. */
export interface Requirement {
  /** As written. */
  readonly text: string;
  /** The project as written. */
  readonly name: string;
  readonly project: ProjectName;
  /** Normalised, sorted, without duplicates. */
  readonly extras: readonly ProjectName[];
  /** The extras as written, sorted; printed instead of `extras` when present. */
  readonly writtenExtras?: readonly string[];
  readonly specifier: SpecifierSet;
  /** Where the distribution is, for the form `name @ URL`. */
  readonly url: string | undefined;
  readonly marker: Marker | undefined;
}

/** A text that is no requirement. */
export class InvalidRequirement extends SourceError {
  readonly code = "INVALID_REQUIREMENT";

  constructor(fault: Fault) {
    super("requirement", fault);
  }
}

const keptRequirements = new TextCache<Requirement>(8192);

const NO_EXTRAS: readonly ProjectName[] = [];

/**
 * Parses a dependency specifier.
 *
 * @throws InvalidRequirement with the place of the fault.
 */
export function parseRequirement(text: string): Requirement {
  return keptRequirements.get(text) ?? keptRequirements.keep(text, parsePlain(text) ?? parseFully(text));
}

/** The requirement as `packaging` prints it. */
export function formatRequirement(requirement: Requirement): string {
  const extras = requirement.writtenExtras ?? requirement.extras;
  let text = requirement.name;
  if (extras.length > 0) text += `[${extras.join(",")}]`;
  text += formatSpecifierSet(requirement.specifier);
  if (requirement.url !== undefined) text += ` @ ${requirement.url}${requirement.marker === undefined ? "" : " "}`;
  if (requirement.marker !== undefined) text += `; ${formatMarker(requirement.marker)}`;
  return text;
}

const CLAUSE = String.raw`(?:[~=!<>]=|[<>])[ \t]*[A-Za-z0-9.!+*_-]+`;
const CLAUSES = String.raw`${CLAUSE}(?:[ \t]*,[ \t]*${CLAUSE})*`;

/**
 * A name, clauses of ordinary characters and a marker: nearly every requirement. No two adjacent parts can take the
 * same characters, so matching takes linear time.
 */
const PLAIN_REQUIREMENT = new RegExp(
  String.raw`^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?)(?:[ \t]*(?:(${CLAUSES})|\((${CLAUSES})\)))?(?:[ \t]*;(.*))?$`,
  "s",
);

/**
 * Takes a plain requirement apart in one stride, so that its clauses and its marker, which many others share, are found
 * among those kept. Whatever is not plain or not valid is left to the grammar.
 */
function parsePlain(text: string): Requirement | undefined {
  const match = PLAIN_REQUIREMENT.exec(text);
  if (match === null) return undefined;
  const name = match[1] ?? "";
  try {
    const specifier = parseSpecifierSet(match[2] ?? match[3] ?? "");
    const marker = match[4] === undefined ? undefined : parseMarker(match[4]);
    return { text, name, project: normalizeName(name), extras: NO_EXTRAS, specifier, url: undefined, marker };
  } catch (error) {
    if (error instanceof SourceError) return undefined;
    throw error;
  }
}

function parseFully(text: string): Requirement {
  const cursor = new TextCursor(text, (fault) => new InvalidRequirement(fault));
  const { name, extras: written, specifier, url, marker } = readRequirement(cursor);
  const project = normalizeName(name);
  if (written.length === 0) return { text, name, project, extras: NO_EXTRAS, specifier, url, marker };
  const extras = sortedUnique(written.map(normalizeName));
  return { text, name, project, extras, writtenExtras: sortedUnique(written), specifier, url, marker };
}

function sortedUnique<Text extends string>(texts: readonly Text[]): readonly Text[] {
  return [...new Set(texts)].sort(compareOrdinal);
}
