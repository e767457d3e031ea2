/** Sets of version specifiers: their text and which versions they accept (PEP 440 as `packaging` 26 reads it). */

import { assertNever } from "../base/errors.ts";
import { compareOrdinal } from "../base/text.ts";
import { type Fault, SourceError } from "./source-error.ts";
import {
  explainNoVersion,
  explainWildcard,
  isWildcardAt,
  operatorAt,
  type Specifier,
  type SpecifierOperator,
  SpecifierScanner,
  TOO_SHORT,
  TOO_SHORT_HINT,
} from "./specifier-scanner.ts";
import { TextCache } from "./text-cache.ts";
import { skipPythonSpace, stripPythonSpace, VersionScanner } from "./version-scanner.ts";
import {
  comparePublic,
  compareVersions,
  formatVersion,
  hasSameRelease,
  isPrerelease,
  trimRelease,
  tryParsePlainVersion,
  tryParseVersion,
  type Version,
} from "./version.ts";

export type { Specifier, SpecifierOperator };

/** Clauses that must all hold, in the order written; an empty set accepts every version. */
export type SpecifierSet = readonly Specifier[];

/** A text that is no version specifier. */
export class InvalidSpecifier extends SourceError {
  readonly code = "INVALID_SPECIFIER";

  constructor(fault: Fault) {
    super("version specifier", fault);
  }
}

const keptSets = new TextCache<SpecifierSet>(8192);

/**
 * Parses clauses separated by commas; empty clauses are ignored.
 *
 * @throws InvalidSpecifier with the first malformed clause.
 */
export function parseSpecifierSet(text: string): SpecifierSet {
  const kept = keptSets.get(text);
  if (kept !== undefined) return kept;
  const clauses: Specifier[] = [];
  let start = 0;
  for (const piece of text.split(",")) {
    const clause = readPlainClause(piece) ?? readClause(piece);
    if (clause !== undefined) clauses.push(clause);
    else if (stripPythonSpace(piece) !== "") throw new InvalidSpecifier(explainClause(text, start, piece));
    start += piece.length + 1;
  }
  return keptSets.keep(text, clauses);
}

/**
 * Parses one clause, which after `===` may hold commas.
 *
 * @throws InvalidSpecifier when it is malformed.
 */
export function parseSpecifier(text: string): Specifier {
  const clause = readPlainClause(text) ?? readClause(text);
  if (clause === undefined) throw new InvalidSpecifier(explainClause(text, 0, text));
  return clause;
}

/** The set in the form that `packaging` prints: clauses sorted by their text, equal ones once. */
export function formatSpecifierSet(set: SpecifierSet): string {
  const [only] = set;
  if (only === undefined) return "";
  if (set.length === 1) return formatSpecifier(only);
  const texts = new Map<string, string>();
  const sorted = set.toSorted((left, right) => compareOrdinal(formatSpecifier(left), formatSpecifier(right)));
  for (const clause of sorted) {
    const key = canonicalText(clause);
    if (!texts.has(key)) texts.set(key, formatSpecifier(clause));
  }
  return [...texts.values()].join(",");
}

/** One clause as text: the operator and the version as written. */
export function formatSpecifier(specifier: Specifier): string {
  return specifier.operator + specifier.version;
}

/** Whether every clause accepts the version; pre-releases are treated like any other version. */
export function specifierContains(set: SpecifierSet, version: Version): boolean {
  for (const clause of set) if (!accepts(clause, version)) return false;
  return true;
}

/** Whether some clause names a pre-release, which asks for pre-releases (`SpecifierSet.prereleases`). */
export function mentionsPrerelease(set: SpecifierSet): boolean {
  return set.some(({ operator, parsed }) => operator !== "!=" && parsed !== undefined && isPrerelease(parsed));
}

/**
 * The versions that a set accepts, in the order given (`SpecifierSet.filter`).
 *
 * @param prereleases whether pre-releases count; `undefined` takes them where the set names one,
 *   else only when nothing else is accepted.
 */
export function filterVersions(
  set: SpecifierSet,
  versions: readonly Version[],
  prereleases: boolean | undefined,
): Version[] {
  const accepted = versions.filter((version) => specifierContains(set, version));
  if (prereleases ?? mentionsPrerelease(set)) return accepted;
  const finals = accepted.filter((version) => !isPrerelease(version));
  return finals.length > 0 || prereleases === false ? finals : accepted;
}

/** The release without its last component: what `~=` keeps fixed. */
export function compatiblePrefix(version: Version): readonly number[] {
  return version.release.slice(0, -1);
}

/** A clause as most people write it, which needs no closer look. */
function readPlainClause(text: string): Specifier | undefined {
  const operator = operatorAt(text, 0);
  if (operator === undefined) return undefined;
  const version = text.slice(operator.length);
  const parsed = tryParsePlainVersion(version);
  if (parsed === undefined || operator === "===" || (operator === "~=" && parsed.release.length < 2)) return undefined;
  return { operator, version, parsed, wildcard: false };
}

function readClause(text: string): Specifier | undefined {
  const scanner = new SpecifierScanner(text, skipPythonSpace(text, 0));
  const specifier = scanner.read();
  return skipPythonSpace(text, scanner.position) < text.length ? undefined : specifier;
}

/** Finds the most helpful thing to say about a malformed clause that begins at `start` of the source. */
function explainClause(source: string, start: number, clause: string): Fault {
  const first = skipPythonSpace(source, start);
  const end = first + stripPythonSpace(clause).length;
  const operator = operatorAt(source, first);
  if (operator === undefined) {
    const what = source[first] === "=" ? "`=` is no comparison operator" : "Expected a comparison operator";
    const isVersion = tryParseVersion(clause) !== undefined;
    const hint = isVersion
      ? `Did you mean \`==${stripPythonSpace(clause)}\`?`
      : "Begin each clause with ==, !=, >=, <=, >, < or ~=";
    return { what, source, span: { start: first, end }, hint };
  }
  const scanner = new VersionScanner(source, skipPythonSpace(source, first + operator.length));
  const span = { start: Math.min(scanner.position, end), end };
  if (!scanner.readPublic()) return { what: explainNoVersion(operator, clause), source, span };
  if (operator === "~=" && scanner.release.length < 2) return { what: TOO_SHORT, source, span, hint: TOO_SHORT_HINT };
  const rest = { start: scanner.position, end };
  if (isWildcardAt(source, rest.start)) return { what: explainWildcard(operator), source, span: rest };
  if (source[rest.start] === "+" && operator !== "==" && operator !== "!=") {
    return { what: "A local version label can only be used with `==` and `!=`", source, span: rest };
  }
  return { what: "Unexpected text after the version", source, span: rest, hint: "Separate clauses by commas" };
}

function accepts(clause: Specifier, version: Version): boolean {
  const { operator, parsed: bound } = clause;
  // The identity operator compares text (PEP 440: "simple string equality operations").
  if (operator === "===") return formatVersion(version) === clause.version.toLowerCase();
  if (bound === undefined) return false;
  switch (operator) {
    case "==":
      return equals(clause, bound, version);
    case "!=":
      return !equals(clause, bound, version);
    case ">=":
      return compareVersions(version, bound) >= 0;
    case "<=":
      return comparePublic(version, bound) <= 0;
    case "<":
      return compareVersions(version, bound) < 0 && (isPrerelease(bound) || !isPrereleaseOf(version, bound));
    case ">":
      return compareVersions(version, bound) > 0 && !isInFamilyOf(version, bound);
    case "~=":
      return compareVersions(version, bound) >= 0 && hasPrefix(version, bound.epoch, compatiblePrefix(bound));
    default:
      return assertNever(operator);
  }
}

function equals(clause: Specifier, bound: Version, version: Version): boolean {
  if (clause.wildcard) return hasPrefix(version, bound.epoch, bound.release);
  return bound.local.length > 0 ? compareVersions(version, bound) === 0 : comparePublic(version, bound) === 0;
}

/** Whether the release, filled up with zeros, begins with these components. */
function hasPrefix(version: Version, epoch: number, prefix: readonly number[]): boolean {
  if (version.epoch !== epoch) return false;
  for (let index = 0; index < prefix.length; index++) {
    if ((version.release[index] ?? 0) !== prefix[index]) return false;
  }
  return true;
}

/** For a version below `bound`: whether `bound`, no pre-release itself, is what it leads up to. */
function isPrereleaseOf(version: Version, bound: Version): boolean {
  if (!hasSameRelease(version, bound)) return false;
  return bound.post === undefined || (version.pre === undefined && version.post === bound.post);
}

/** For a version above `bound`: whether it is only a local or post-release of `bound`, which `>` leaves out. */
function isInFamilyOf(version: Version, bound: Version): boolean {
  if (!hasSameRelease(version, bound)) return false;
  if (version.pre?.[0] !== bound.pre?.[0] || version.pre?.[1] !== bound.pre?.[1]) return false;
  if (bound.dev !== undefined) return version.post === bound.post && version.dev === bound.dev;
  return bound.post === undefined || version.post === bound.post;
}

/** Equal for clauses that mean the same by their spelling. */
function canonicalText(specifier: Specifier): string {
  const { operator, version, parsed, wildcard } = specifier;
  if (operator === "===" || wildcard || parsed === undefined) return operator + version;
  return operator + formatVersion(operator === "~=" ? parsed : trimRelease(parsed));
}
