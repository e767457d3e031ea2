/** Reads the grammar of one version specifier (PEP 440, "Version specifiers"). */

import { holdsHugeNumber, isPythonSpace, skipPythonSpace, VersionScanner } from "./version-scanner.ts";
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

const ASTERISK = 0x2a;
const DOT = 0x2e;
const EQUALS = 0x3d;

/** The operator at a position, or `undefined`. */
export function operatorAt(text: string, position: number): SpecifierOperator | undefined {
  const isOrEqual = text.charCodeAt(position + 1) === EQUALS;
  switch (text.charCodeAt(position)) {
    case EQUALS:
      if (!isOrEqual) return undefined;
      return text.charCodeAt(position + 2) === EQUALS ? "===" : "==";
    case 0x3e: // >
      return isOrEqual ? ">=" : ">";
    case 0x3c: // <
      return isOrEqual ? "<=" : "<";
    case 0x21: // !
      return isOrEqual ? "!=" : undefined;
    case 0x7e: // ~
      return isOrEqual ? "~=" : undefined;
    default:
      return undefined;
  }
}

/** Reads one specifier from some place of a text; `position` is where reading goes on. */
export class SpecifierScanner {
  readonly #text: string;
  position: number;

  constructor(text: string, position: number) {
    this.#text = text;
    this.position = position;
  }

  /** The specifier at `position`, as far as it goes; `undefined` when there is none. */
  read(): Specifier | undefined {
    const operator = operatorAt(this.#text, this.position);
    if (operator === undefined) return undefined;
    const start = skipPythonSpace(this.#text, this.position + operator.length);
    return operator === "===" ? this.#arbitrary(start) : this.#comparison(operator, start);
  }

  #comparison(operator: SpecifierOperator, start: number): Specifier | undefined {
    const scanner = new VersionScanner(this.#text, start);
    if (!scanner.readPublic()) return undefined;
    // PEP 440: "This operator MUST NOT be used with a single segment version number such as ~=1".
    if (operator === "~=" && scanner.release.length < 2) return undefined;
    let wildcard = false;
    if (operator === "==" || operator === "!=") {
      if (!scanner.readLocal()) return undefined;
      wildcard = !scanner.hasSuffix && scanner.local.length === 0 && isWildcardAt(this.#text, scanner.position);
      if (wildcard) scanner.position += 2;
    }
    this.position = scanner.position;
    return { operator, version: this.#text.slice(start, this.position), parsed: makeVersion(scanner), wildcard };
  }

  /** `===` takes any text up to white space, `;` (a marker begins) or `)` (a parenthesised list ends). */
  #arbitrary(start: number): Specifier {
    let end = start;
    for (; end < this.#text.length; end++) {
      const code = this.#text.charCodeAt(end);
      if (code === 0x3b || code === 0x29 || isPythonSpace(code)) break;
    }
    this.position = end;
    const version = this.#text.slice(start, end);
    return { operator: "===", version, parsed: tryParseVersion(version), wildcard: false };
  }
}

/** Whether `.*` stands at the position. */
export function isWildcardAt(text: string, position: number): boolean {
  return text.charCodeAt(position) === DOT && text.charCodeAt(position + 1) === ASTERISK;
}

/** What is wrong with `~=1`, and what to do about it. */
export const TOO_SHORT = "`~=` needs a version of at least two components";
export const TOO_SHORT_HINT = "Write `~=1.0`, or `>=1` to set no upper bound";

/** Why what follows the operator is no version. */
export function explainNoVersion(operator: string, text: string): string {
  return holdsHugeNumber(text)
    ? "The version holds a number above 2⁵³ - 1"
    : `Expected a version after \`${operator}\``;
}

/** Why `.*` cannot stand after a version that was compared so. */
export function explainWildcard(operator: SpecifierOperator): string {
  return operator === "==" || operator === "!="
    ? "`.*` cannot follow a pre-release, post-release, development or local version"
    : "`.*` can only be used with `==` and `!=`";
}
