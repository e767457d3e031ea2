/** Sets of version specifiers: their text and which versions they accept (PEP 440 as `packaging` 26 reads it). */

import { assertNever } from "../base/errors.ts";
import { compareOrdinal } from "../base/text.ts";
import { type Fault, SourceError } from "./source-error.ts";
import {
  isWildcardAt,
  operatorAt,
  type Specifier,
  type SpecifierOperator,
  SpecifierScanner,
} from "./specifier-scanner.ts";
import { TextCache } from "./text-cache.ts";
import { holdsHugeNumber, skipPythonSpace, VersionScanner } from "./version-scanner.ts";
import {
  comparePublic,
  compareVersions,
  formatVersion,
  hasSameRelease,
  isPrerelease,
  trimRelease,
  type Version,
} from "./version.ts";

export type { Specifier, SpecifierOperator };

/** Clauses that must all hold, in the order written; an empty set accepts every version. */
export type SpecifierSet = readonly Specifier[];

/** A text that is no version specifier. */
export class InvalidSpecifier extends SourceError {
  readonly code = "INVALID_SPECIFIER";
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
  for (let start = 0; start <= text.length;) {
    const comma = text.indexOf(",", start);
    const end = comma === -1 ? text.length : comma;
    const first = skipPythonSpace(text, start);
    if (first < end) clauses.push(parseClause(text.slice(0, end), first));
    start = end + 1;
  }
  return keptSets.keep(text, clauses);
}

/**
 * Parses one clause, which after `===` may hold commas.
 *
 * @throws InvalidSpecifier when it is malformed.
 */
export function parseSpecifier(text: string): Specifier {
  return parseClause(text, skipPythonSpace(text, 0));
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

/** A clause as most people write it. */
const PLAIN_CLAUSE = /^[ \t]*([~=!<>]=|[<>])[ \t]*([0-9.]+)$/;

function parseClause(source: string, start: number): Specifier {
  const plain = start === 0 ? PLAIN_CLAUSE.exec(source) : null;
  const scanner = new SpecifierScanner(source, start);
  const specifier = scanner.read();
  if (specifier !== undefined && skipPythonSpace(source, scanner.position) >= source.length) return specifier;
  throw new InvalidSpecifier(explainClause(source.trimEnd(), start));
}

/** Finds the most helpful thing to say about a clause that is known to be malformed. */
function explainClause(source: string, start: number): Fault {
  const span = { start, end: source.length };
  const operator = operatorAt(source, start);
  if (operator === undefined) {
    const what = source[start] === "=" ? "`=` is no comparison operator" : "Expected a comparison operator";
    return { what, source, span, hint: "Begin each clause with one of ==, !=, >=, <=, >, <, ~= or ===" };
  }
  const versionStart = skipPythonSpace(source, start + operator.length);
  const scanner = new VersionScanner(source, versionStart);
  if (!scanner.readPublic()) {
    if (holdsHugeNumber(source.slice(versionStart))) {
      return {
        what: "The version holds a number above 2⁵³ - 1",
        source,
        span: { start: versionStart, end: source.length },
      };
    }
    return {
      what: `Expected a version after \`${operator}\``,
      source,
      span: { start: versionStart, end: source.length },
    };
  }
  if (operator === "~=" && scanner.release.length < 2) {
    const hint = "Write `~=1.0`, or `>=1` to set no upper bound";
    return { what: "`~=` needs a version of at least two components", source, span, hint };
  }
  const rest = { start: scanner.position, end: source.length };
  if (isWildcardAt(source, scanner.position)) {
    const what =
      operator === "==" || operator === "!="
        ? "`.*` cannot follow a pre-release, post-release, development or local version"
        : "`.*` can only be used with `==` and `!=`";
    return { what, source, span: rest };
  }
  if (source[scanner.position] === "+" && operator !== "==" && operator !== "!=") {
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
