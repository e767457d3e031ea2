/** Sets of versions as the solver needs them: unions of ranges with exact algebra. */

import { assertNever } from "../base/errors.ts";
import type { Specifier, SpecifierSet } from "./specifier.ts";
import { compatiblePrefix } from "./specifier.ts";
import {
  afterFamily,
  afterLocals,
  isImaginary,
  justAfter,
  lowestVersion,
  nextPrefix,
  versionBelow,
  withParts,
} from "./version-cut.ts";
import { compareVersions, formatVersion, isPrerelease, type Version } from "./version.ts";

/**
 * A set of versions: walking up the version order, membership flips at each cut.
 *
 * A cut stands just before its version (see `version-cut.ts`), so the order of versions is all that the algebra needs.
 * Between two different cuts there is always a version: equal sets have equal cuts.
 */
export interface VersionSet {
  /** Whether the lowest versions are members. */
  readonly fromStart: boolean;
  /** Strictly ascending. */
  readonly cuts: readonly Version[];
}

/** No version at all. */
export const noVersions: VersionSet = { fromStart: false, cuts: [] };

/** Every version. */
export const anyVersion: VersionSet = { fromStart: true, cuts: [] };

const keptSets = new WeakMap<SpecifierSet, VersionSet>();

/** The versions that `specifierContains` accepts; of equal versions spelled differently, `===` takes all. */
export function versionSetOf(set: SpecifierSet): VersionSet {
  let versions = keptSets.get(set);
  if (versions === undefined) {
    versions = anyVersion;
    for (const clause of set) versions = intersect(versions, clauseSet(clause));
    keptSets.set(set, versions);
  }
  return versions;
}

/** What `==version` accepts: the version, with its local versions if it is none itself. */
export function exactly(version: Version): VersionSet {
  return version.local.length > 0 ? onlyVersion(version) : range(version, afterLocals(version));
}

/** This one version, without its local versions. */
export function onlyVersion(version: Version): VersionSet {
  return range(version, justAfter(version));
}

/** Whether the version is a member. */
export function contains(set: VersionSet, version: Version): boolean {
  let inside = set.fromStart;
  for (const cut of set.cuts) {
    if (compareVersions(version, cut) < 0) break;
    inside = !inside;
  }
  return inside;
}

/** Whether there is no member. */
export function isEmpty(set: VersionSet): boolean {
  return !set.fromStart && set.cuts.length === 0;
}

/** Every version that is not a member. */
export function complement(set: VersionSet): VersionSet {
  return { fromStart: !set.fromStart, cuts: set.cuts };
}

/** The versions in both. */
export function intersect(left: VersionSet, right: VersionSet): VersionSet {
  if (left.cuts.length === 0) return left.fromStart ? right : noVersions;
  if (right.cuts.length === 0) return right.fromStart ? left : noVersions;
  return left === right ? left : merge(left, right, false);
}

/** The versions in either. */
export function union(left: VersionSet, right: VersionSet): VersionSet {
  if (left.cuts.length === 0) return left.fromStart ? anyVersion : right;
  if (right.cuts.length === 0) return right.fromStart ? anyVersion : left;
  return left === right ? left : merge(left, right, true);
}

/** Whether every member of `left` is one of `right`. */
export function isSubset(left: VersionSet, right: VersionSet): boolean {
  return left === right || !meet(left, right, false);
}

/** Whether no version is in both. */
export function isDisjoint(left: VersionSet, right: VersionSet): boolean {
  return !meet(left, right, true);
}

/** Whether both have the same members. */
export function equals(left: VersionSet, right: VersionSet): boolean {
  if (left === right) return true;
  if (left.fromStart !== right.fromStart || left.cuts.length !== right.cuts.length) return false;
  return left.cuts.every((cut, index) => {
    const other = right.cuts[index];
    return other !== undefined && compareVersions(cut, other) === 0;
  });
}

/**
 * The set in a form for people: `>=2,<3`, `==1.4.2`, `!=1.5`, `any version`, `no version`; ranges are joined by ` or `.
 * It is not exact where that would obscure: pre-releases and post-releases at the ends of a range are not told apart.
 */
export function formatVersionSet(set: VersionSet): string {
  if (isEmpty(set)) return "no version";
  if (set.cuts.length === 0) return "any version";
  const hulls: Hull[] = [];
  for (const { lower, upper } of rangesOf(set)) {
    const last = hulls.at(-1);
    const gap = last === undefined ? undefined : exactName(last.upper, lower);
    if (last === undefined || gap === undefined) {
      hulls.push({ lower, upper, gaps: [] });
    } else {
      last.upper = upper;
      last.gaps.push(`!=${gap}`);
    }
  }
  return hulls.map(formatHull).join(" or ");
}

interface Range {
  readonly lower: Version | undefined;
  readonly upper: Version | undefined;
}

/** Ranges printed together: from `lower` to `upper` but for the gaps. */
interface Hull {
  readonly lower: Version | undefined;
  upper: Version | undefined;
  readonly gaps: string[];
}

/** The versions from `lower` (none: the lowest) up to, not including, `upper` (none: all above). */
function range(lower: Version | undefined, upper: Version | undefined): VersionSet {
  const fromStart = lower === undefined || compareVersions(lower, lowestVersion) <= 0;
  if (upper === undefined) return fromStart ? anyVersion : { fromStart, cuts: [lower] };
  if (compareVersions(upper, lowestVersion) <= 0) return noVersions;
  return { fromStart, cuts: fromStart ? [upper] : [lower, upper] };
}

/**
 * Walks both sets upwards at once, keeping the places where the answer flips: with `either` false the members of both,
 * with `either` true the members of one or the other.
 */
function merge(left: VersionSet, right: VersionSet, either: boolean): VersionSet {
  const cuts: Version[] = [];
  let inLeft = left.fromStart;
  let inRight = right.fromStart;
  const fromStart = either ? inLeft || inRight : inLeft && inRight;
  let inside = fromStart;
  let leftIndex = 0;
  let rightIndex = 0;
  for (;;) {
    const leftCut = left.cuts[leftIndex];
    const rightCut = right.cuts[rightIndex];
    const order = compareCuts(leftCut, rightCut);
    const cut = order <= 0 ? leftCut : rightCut;
    if (cut === undefined) return { fromStart, cuts };
    if (order <= 0) {
      inLeft = !inLeft;
      leftIndex++;
    }
    if (order >= 0) {
      inRight = !inRight;
      rightIndex++;
    }
    if ((either ? inLeft || inRight : inLeft && inRight) === inside) continue;
    inside = !inside;
    cuts.push(cut);
  }
}

/** Whether some member of `left` is a member of `right` (`asMember`), or is none (not `asMember`). */
function meet(left: VersionSet, right: VersionSet, asMember: boolean): boolean {
  let inLeft = left.fromStart;
  let wanted = right.fromStart === asMember;
  let leftIndex = 0;
  let rightIndex = 0;
  for (;;) {
    if (inLeft && wanted) return true;
    const leftCut = left.cuts[leftIndex];
    const rightCut = right.cuts[rightIndex];
    if (leftCut === undefined && rightCut === undefined) return false;
    const order = compareCuts(leftCut, rightCut);
    if (order <= 0) {
      inLeft = !inLeft;
      leftIndex++;
    }
    if (order >= 0) {
      wanted = !wanted;
      rightIndex++;
    }
  }
}

/** No cut stands above every cut. */
function compareCuts(left: Version | undefined, right: Version | undefined): number {
  if (left === undefined) return right === undefined ? 0 : 1;
  return right === undefined ? -1 : compareVersions(left, right);
}

function clauseSet(clause: Specifier): VersionSet {
  const { operator, parsed: bound } = clause;
  if (operator === "===") return textSet(clause);
  if (bound === undefined) return noVersions;
  switch (operator) {
    case "==":
      return equalSet(clause, bound);
    case "!=":
      return complement(equalSet(clause, bound));
    case ">=":
      return range(bound, undefined);
    case "<=":
      return range(undefined, afterLocals(bound));
    case "<":
      return range(undefined, isPrerelease(bound) ? bound : withParts(bound, { dev: 0 }));
    case ">":
      return range(afterFamily(bound), undefined);
    case "~=":
      return range(bound, nextPrefix(bound.epoch, compatiblePrefix(bound)));
    default:
      return assertNever(operator);
  }
}

/** `===` compares normalised text, so only a version written in its normal form can be met. */
function textSet({ version, parsed }: Specifier): VersionSet {
  if (parsed === undefined || formatVersion(parsed) !== version.toLowerCase()) return noVersions;
  return onlyVersion(parsed);
}

function equalSet(clause: Specifier, bound: Version): VersionSet {
  if (!clause.wildcard) return exactly(bound);
  return range(withParts(bound, { dev: 0 }), nextPrefix(bound.epoch, bound.release));
}

/** The ranges that make up a set, in ascending order; an undefined end is open. */
function rangesOf(set: VersionSet): Range[] {
  const ranges: Range[] = [];
  let lower: Version | undefined;
  let inside = set.fromStart;
  for (const cut of set.cuts) {
    if (inside) ranges.push({ lower, upper: cut });
    lower = cut;
    inside = !inside;
  }
  if (inside) ranges.push({ lower, upper: undefined });
  return ranges;
}

/** Ranges with nothing but nameable gaps between them, as one list of clauses. */
function formatHull(hull: Hull): string {
  const exact = exactName(hull.lower, hull.upper);
  if (exact !== undefined) return [`==${exact}`, ...hull.gaps].join(",");
  const clauses = [...hull.gaps];
  if (hull.lower !== undefined) clauses.unshift(formatLower(hull.lower));
  if (hull.upper !== undefined) clauses.push(formatUpper(hull.upper));
  return clauses.join(",");
}

/** What stands after `==` for the versions between two cuts, if that clause means just these. */
function exactName(lower: Version | undefined, upper: Version | undefined): string | undefined {
  if (lower === undefined || upper === undefined || isImaginary(lower)) return undefined;
  if (compareVersions(afterLocals(lower), upper) === 0 || compareVersions(justAfter(lower), upper) === 0) {
    return formatVersion(lower);
  }
  const { epoch, release, pre, post, dev } = lower;
  if (pre !== undefined || post !== undefined || dev !== 0) return undefined;
  if (compareVersions(nextPrefix(epoch, release), upper) !== 0) return undefined;
  return `${formatVersion(withParts(lower, { dev: undefined }))}.*`;
}

function formatLower(cut: Version): string {
  const below = versionBelow(cut);
  if (below !== undefined) return `>${formatVersion(below)}`;
  return `>=${formatVersion(withoutFirstDev(cut))}`;
}

function formatUpper(cut: Version): string {
  const below = versionBelow(cut);
  if (below !== undefined) return `<=${formatVersion(below)}`;
  return `<${formatVersion(withoutFirstDev(cut))}`;
}

/** `2.0` for `2.0.dev0`, where all pre-releases of 2.0 begin: people say `<2.0`. */
function withoutFirstDev(cut: Version): Version {
  return cut.dev === 0 && cut.pre === undefined ? withParts(cut, { dev: undefined }) : cut;
}
