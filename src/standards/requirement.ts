/** Requirements such as `uvicorn[standard]>=0.30 ; python_version > "3.8"` (PEP 508). */

import { compareOrdinal } from "../base/text.ts";
import { formatMarker, type Marker } from "./marker.ts";
import { normalizeName, type ProjectName } from "./project-name.ts";
import { readRequirement, type RequirementParts } from "./requirement-syntax.ts";
import { type Fault, SourceError } from "./source-error.ts";
import { formatSpecifierSet, InvalidSpecifier, parseSpecifierSet, type SpecifierSet } from "./specifier.ts";
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
    super({ ...fault, what: `Invalid requirement: ${fault.what.charAt(0).toLowerCase()}${fault.what.slice(1)}` });
  }
}

/** Texts whose requirements are kept: the versions of one project mostly require the same. */
const KEPT_REQUIREMENTS = 8192;
const keptRequirements = new Map<string, Requirement>();

const NO_EXTRAS: readonly ProjectName[] = [];

/**
 * Parses a dependency specifier.
 *
 * @throws InvalidRequirement with the place of the fault.
 */
export function parseRequirement(text: string): Requirement {
  const kept = keptRequirements.get(text);
  if (kept !== undefined) return kept;
  const cursor = new TextCursor(text, (fault) => new InvalidRequirement(fault));
  const parts = readRequirement(cursor);
  const requirement = makeRequirement(text, parts);
  if (keptRequirements.size >= KEPT_REQUIREMENTS) keptRequirements.clear();
  keptRequirements.set(text, requirement);
  return requirement;
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

function makeRequirement(text: string, parts: RequirementParts): Requirement {
  const { name, url, marker } = parts;
  const required = { text, name, project: normalizeName(name), specifier: parseClauses(text, parts), url, marker };
  if (parts.extras.length === 0) return { ...required, extras: NO_EXTRAS };
  const extras = sortedUnique(parts.extras.map(normalizeName));
  return { ...required, extras, writtenExtras: sortedUnique(parts.extras) };
}

/** The clauses passed the scanner already; only commas inside `===` can still break them. */
function parseClauses(text: string, parts: RequirementParts): SpecifierSet {
  try {
    return parseSpecifierSet(parts.specifier);
  } catch (error) {
    if (!(error instanceof InvalidSpecifier)) throw error;
    const start = Math.max(0, text.indexOf("==="));
    throw new InvalidRequirement({ what: error.what, source: text, span: { start, end: text.length } });
  }
}

function sortedUnique<Text extends string>(texts: readonly Text[]): readonly Text[] {
  return [...new Set(texts)].sort(compareOrdinal);
}
