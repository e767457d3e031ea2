/** Reads the grammar of one version specifier (PEP 440, "Version specifiers"). */

import { isPythonSpace, skipPythonSpace, VersionScanner } from "./version-scanner.ts";
import { makeVersion, tryParseVersion, type Version } from "./version.ts";

/** How a specifier compares. */
export type SpecifierOperator = "~=" | "==" | "!=" | "<=" | ">=" | "<" | ">" | "===";

/** One clause such as `>=1.4` or `==2.*`. */
export interface Specifier {
  readonly operator: SpecifierOperator;
  /** The version as written, with `.*` if it had one. */
  readonly version: string;
  /** The version without `.*`; `undefined` after `===` when the text is no version. */
  readonly parsed: Version | undefined;
  /** Whether it ends in `.*`. */
  readonly wildcard: boolean;
}

/** Longer operators stand before their prefixes. */
const OPERATORS: readonly SpecifierOperator[] = ["===", "==", "~=", "!=", "<=", ">=", "<", ">"];

const ASTERISK = 0x2a;
const DOT = 0x2e;
const PLUS = 0x2b;

/** The operator at a position, or `undefined`. */
export function operatorAt(text: string, position: number): SpecifierOperator | undefined {
  return OPERATORS.find((operator) => text.startsWith(operator, position));
}

/** The specifier that begins at `start`, as far as it goes, and where it ends; `undefined` when there is none. */
export function scanSpecifier(text: string, start: number): { specifier: Specifier; end: number } | undefined {
  const operator = operatorAt(text, start);
  if (operator === undefined) return undefined;
  const versionStart = skipPythonSpace(text, start + operator.length);
  if (operator === "===") return scanArbitrary(text, versionStart);
  const scanner = new VersionScanner(text, versionStart);
  const parts = scanner.readPublic();
  if (parts === undefined) return undefined;
  // PEP 440: "This operator MUST NOT be used with a single segment version number such as ~=1".
  if (operator === "~=" && parts.release.length < 2) return undefined;

  const isEquality = operator === "==" || operator === "!=";
  const hasSuffix = parts.pre !== undefined || parts.post !== undefined || parts.dev !== undefined;
  let wildcard = false;
  let local = parts.local;
  if (isEquality && text.charCodeAt(scanner.position) === PLUS) {
    const label = scanner.readLocal();
    if (label === undefined) return undefined;
    local = label;
  } else if (isEquality && !hasSuffix && isWildcardAt(text, scanner.position)) {
    wildcard = true;
    scanner.position += 2;
  }
  const version = text.slice(versionStart, scanner.position);
  const parsed = makeVersion(local.length === 0 ? parts : { ...parts, local });
  return { specifier: { operator, version, parsed, wildcard }, end: scanner.position };
}

/** Whether `.*` stands at the position. */
export function isWildcardAt(text: string, position: number): boolean {
  return text.charCodeAt(position) === DOT && text.charCodeAt(position + 1) === ASTERISK;
}

/** `===` takes any text up to white space, `;` (a marker begins) or `)` (a parenthesised list ends). */
function scanArbitrary(text: string, start: number): { specifier: Specifier; end: number } {
  let end = start;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === 0x3b || code === 0x29 || isPythonSpace(code)) break;
  }
  const version = text.slice(start, end);
  return { specifier: { operator: "===", version, parsed: tryParseVersion(version), wildcard: false }, end };
}
