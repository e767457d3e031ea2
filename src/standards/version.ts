/** Versions: their grammar, normal form and order (PEP 440, the "Version specifiers" specification). */

import { PexError } from "../base/errors.ts";
import { compareOrdinal } from "../base/text.ts";
import { excerpt } from "./source-error.ts";
import { type PreLetter, skipPythonSpace, type VersionParts, VersionScanner } from "./version-scanner.ts";

/** A version, parsed and normalised; two versions may be equal and be written differently (`1.0`, `1.0.0`). */
export interface Version extends VersionParts {
  /** The head of the version's place in the order, see `orderOf`. */
  readonly order: number;
}

/** A text that is no version. */
export class InvalidVersion extends PexError {
  readonly code = "INVALID_VERSION";
}

/**
 * Parses a version in any of the spellings that PEP 440 normalises, such as `v1.0-RC.1`.
 *
 * @throws InvalidVersion when the text is none, or holds a number above 2⁵³ - 1.
 */
export function parseVersion(text: string): Version {
  const version = tryParseVersion(text);
  if (version !== undefined) return version;
  throw new InvalidVersion(`Invalid version: \`${excerpt(text)}\``, {
    hint: "Write a version such as `1.4.2`, `2.0rc1` or `1!3.0.post1` (PEP 440)",
  });
}

/** Nearly every version; short enough to be exact, and found without looking at each character from here. */
const PLAIN_VERSION = /^[0-9]{1,15}(?:\.[0-9]{1,15})*$/;
const NO_LOCAL: readonly (string | number)[] = [];

/** The version that a text means, or `undefined` when it is none. */
export function tryParseVersion(text: string): Version | undefined {
  const plain = tryParsePlainVersion(text);
  if (plain !== undefined) return plain;
  const scanner = new VersionScanner(text, skipPythonSpace(text, 0));
  if (!scanner.readPublic() || !scanner.readLocal()) return undefined;
  if (scanner.position < text.length && skipPythonSpace(text, scanner.position) < text.length) return undefined;
  return makeVersion(scanner);
}

/** The version made of these parts. */
export function makeVersion(parts: VersionParts): Version {
  const { epoch, release, pre, post, dev, local } = parts;
  return { epoch, release, pre, post, dev, local, order: orderOf(parts) };
}

/** The version that a text means if it is plain: digits and dots. */
export function tryParsePlainVersion(text: string): Version | undefined {
  if (!PLAIN_VERSION.test(text)) return undefined;
  const release = text.split(".").map(Number);
  return makeVersion({ epoch: 0, release, pre: undefined, post: undefined, dev: undefined, local: NO_LOCAL });
}

/** Negative, zero or positive as `left` sorts before, with or after `right`. */
export function compareVersions(left: Version, right: Version): number {
  if (left.order !== right.order) return left.order < right.order ? -1 : 1;
  if (left === right) return 0;
  return comparePublic(left, right) || compareLocal(left.local, right.local);
}

/** As `compareVersions`, as if neither had a local label. */
export function comparePublic(left: Version, right: Version): number {
  if (left.order !== right.order) return left.order < right.order ? -1 : 1;
  return (
    left.epoch - right.epoch ||
    compareRelease(left.release, right.release) ||
    phaseOf(left) - phaseOf(right) ||
    (left.pre?.[1] ?? 0) - (right.pre?.[1] ?? 0) ||
    compareNumbers(left.post ?? -1, right.post ?? -1) ||
    compareNumbers(left.dev ?? Infinity, right.dev ?? Infinity)
  );
}

/** The normalised text, such as `1!2.0rc1.post2.dev3+ubuntu.1`. */
export function formatVersion(version: Version): string {
  let text = version.release.join(".");
  if (version.epoch !== 0) text = `${version.epoch}!${text}`;
  if (version.pre !== undefined) text += version.pre[0] + version.pre[1];
  if (version.post !== undefined) text += `.post${version.post}`;
  if (version.dev !== undefined) text += `.dev${version.dev}`;
  if (version.local.length > 0) text += `+${version.local.join(".")}`;
  return text;
}

/** Whether it is a pre-release or a development release. */
export function isPrerelease(version: Version): boolean {
  return version.pre !== undefined || version.dev !== undefined;
}

/** Whether epoch and release are equal, trailing zeros aside. */
export function hasSameRelease(left: Version, right: Version): boolean {
  return left.epoch === right.epoch && compareRelease(left.release, right.release) === 0;
}

/** The version without the zeros at the end of its release: equal to the version, and one spelling for all equals. */
export function trimRelease(version: Version): Version {
  let length = version.release.length;
  while (length > 1 && version.release[length - 1] === 0) length--;
  if (length === version.release.length) return version;
  return makeVersion({ ...version, release: version.release.slice(0, length) });
}

/** Places within one release: `.devN` alone, a, b, rc, the release, its post-releases, a longer release. */
const DEV_ONLY = 0;
const PRE_PHASES: Readonly<Record<PreLetter, number>> = { a: 1, b: 2, rc: 3 };
const FINAL = 4;
const POST = 5;
const LONGER_RELEASE = 6;

/** Bits of the three release components, and of the phase. */
const FIRST_LIMIT = 2 ** 25;
const SECOND_LIMIT = 2 ** 12;
const THIRD_LIMIT = 2 ** 13;
const PHASES = 8;

/**
 * Packs the parts that decide most comparisons into one exact double: three release components and the phase.
 *
 * A version with a smaller `order` sorts first; versions of the same `order` need a closer look. A component that
 * does not fit fills itself and all lower bits, which keeps that law.
 */
function orderOf(version: VersionParts): number {
  const first = version.release[0] ?? 0;
  if (version.epoch !== 0 || first >= FIRST_LIMIT) return Infinity;
  const second = version.release[1] ?? 0;
  if (second >= SECOND_LIMIT) return (first + 1) * SECOND_LIMIT * THIRD_LIMIT * PHASES - 1;
  const third = version.release[2] ?? 0;
  const head = first * SECOND_LIMIT + second;
  if (third >= THIRD_LIMIT) return (head + 1) * THIRD_LIMIT * PHASES - 1;
  const phase = isLongRelease(version.release) ? LONGER_RELEASE : phaseOf(version);
  return (head * THIRD_LIMIT + third) * PHASES + phase;
}

function isLongRelease(release: readonly number[]): boolean {
  for (let index = 3; index < release.length; index++) if (release[index] !== 0) return true;
  return false;
}

function phaseOf(version: VersionParts): number {
  if (version.pre !== undefined) return PRE_PHASES[version.pre[0]];
  if (version.post !== undefined) return POST;
  return version.dev === undefined ? FINAL : DEV_ONLY;
}

function compareRelease(left: readonly number[], right: readonly number[]): number {
  const length = Math.max(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Words sort before numbers, and a label before the labels that go on after it. */
function compareLocal(left: readonly (string | number)[], right: readonly (string | number)[]): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const difference = compareLocalSegments(left[index] ?? 0, right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function compareLocalSegments(left: string | number, right: string | number): number {
  if (typeof left === "number") return typeof right === "number" ? left - right : 1;
  return typeof right === "number" ? -1 : compareOrdinal(left, right);
}

/** Unlike subtraction, right for two infinities. */
function compareNumbers(left: number, right: number): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
