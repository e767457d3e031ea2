/** Environment markers: `python_version < "3.9" and extra == "test"` (PEP 508 as `packaging` 26 reads it). */

import { assertNever, PexError } from "../base/errors.ts";
import type { MarkerEnvironment } from "./marker-environment.ts";
import {
  type Marker,
  type MarkerComparison,
  type MarkerJunction,
  type MarkerOperand,
  type MarkerOperator,
  readMarker,
} from "./marker-syntax.ts";
import { normalizeName } from "./project-name.ts";
import { excerpt, type Fault, SourceError } from "./source-error.ts";
import { InvalidSpecifier, parseSpecifier, type Specifier, specifierContains } from "./specifier.ts";
import { TextCache } from "./text-cache.ts";
import { TextCursor } from "./text-cursor.ts";
import { tryParseVersion } from "./version.ts";

export type { Marker, MarkerComparison, MarkerJunction, MarkerOperand, MarkerOperator };

/** A text that is no marker. */
export class InvalidMarker extends SourceError {
  readonly code = "INVALID_MARKER";

  constructor(fault: Fault) {
    super("marker", fault);
  }
}

/** A marker asks for what is not known about the target. */
export class UndefinedMarkerVariable extends PexError {
  readonly code = "UNDEFINED_MARKER_VARIABLE";
  readonly variable: string;

  constructor(variable: string, marker: Marker) {
    super(`The target does not define \`${excerpt(variable)}\`, which this marker needs: ${shown(marker)}`, {
      hint: "Describe the target completely: name an interpreter or a complete platform file",
    });
    this.variable = variable;
  }
}

/** A marker compares texts in a way that only versions can be compared. */
export class UndefinedMarkerComparison extends PexError {
  readonly code = "UNDEFINED_MARKER_COMPARISON";
}

const keptMarkers = new TextCache<Marker>(4096);

/**
 * Parses a marker expression.
 *
 * @throws InvalidMarker with the place of the fault.
 */
export function parseMarker(text: string): Marker {
  const kept = keptMarkers.get(text);
  if (kept !== undefined) return kept;
  const cursor = new TextCursor(text, (fault) => new InvalidMarker(fault));
  const marker = readMarker(cursor);
  if (!cursor.isAtEnd) cursor.fail("Expected `and`, `or` or the end of the marker");
  return keptMarkers.keep(text, marker);
}

/** The marker as `packaging` prints it: single spaces, double quotes, parentheses where they were written. */
export function formatMarker(marker: Marker): string {
  return marker.kind === "comparison" ? formatComparison(marker) : formatJunction(marker);
}

/**
 * Whether the marker holds, as `Marker.evaluate` decides; `and` and `or` stop at the first operand that settles them.
 *
 * @param extra what `extra` stands for; `undefined` means no extra.
 * @throws UndefinedMarkerVariable when a variable that has to be looked at is missing in the environment.
 * @throws UndefinedMarkerComparison when texts that are no versions meet `~=` or `===`.
 */
export function evaluateMarker(marker: Marker, environment: MarkerEnvironment, extra: string | undefined): boolean {
  switch (marker.kind) {
    case "comparison":
      return evaluateComparison(marker, environment, extra);
    case "and":
      return marker.operands.every((operand) => evaluateMarker(operand, environment, extra));
    case "or":
      return marker.operands.some((operand) => evaluateMarker(operand, environment, extra));
    default:
      return assertNever(marker);
  }
}

/**
 * Whether the marker holds, whatever the variables are that are missing in the environment: `unknown < "3" and extra == "x"` does
 * not without that extra. Where all variables are known this is `evaluateMarker`, which would ask for them in turn.
 *
 * @throws what `evaluateMarker` throws, when the missing variable matters.
 */
export function decideMarker(marker: Marker, environment: MarkerEnvironment, extra: string | undefined): boolean {
  if (marker.kind === "comparison") return evaluateComparison(marker, environment, extra);
  const settling = marker.kind === "or";
  let missing: UndefinedMarkerVariable | undefined;
  for (const operand of marker.operands) {
    try {
      if (decideMarker(operand, environment, extra) === settling) return settling;
    } catch (error) {
      if (!(error instanceof UndefinedMarkerVariable)) throw error;
      missing ??= error;
    }
  }
  if (missing !== undefined) throw missing;
  return !settling;
}

function formatJunction(junction: MarkerJunction): string {
  const parts = junction.operands.map((operand) => {
    const needsGroup = operand.kind !== "comparison" && (operand.grouped || operand.kind === "or");
    return needsGroup ? `(${formatMarker(operand)})` : formatMarker(operand);
  });
  return parts.join(` ${junction.kind} `);
}

function formatComparison({ left, operator, right }: MarkerComparison): string {
  return `${formatOperand(left)} ${operator} ${formatOperand(right)}`;
}

function formatOperand({ kind, text }: MarkerOperand): string {
  if (kind === "variable") return text;
  if (!text.includes('"')) return `"${text}"`;
  // A quote cannot be escaped by a backslash here, but a literal may name it by its code.
  return text.includes("'") ? `"${text.replaceAll('"', "\\x22")}"` : `'${text}'`;
}

/** Variables whose values are compared as versions when the other side makes a valid specifier. */
const VERSION_VARIABLES: ReadonlySet<string> = new Set([
  "implementation_version",
  "platform_release",
  "python_full_version",
  "python_version",
]);

const keptSpecifiers = new TextCache<Specifier>(1024);

/**
 * `packaging` looks up the left side when it is a variable, else whatever the right side says, and takes the text of
 * the other side as it stands: a second variable is not looked up.
 */
function evaluateComparison(
  marker: MarkerComparison,
  environment: MarkerEnvironment,
  extra: string | undefined,
): boolean {
  const { left, operator, right } = marker;
  const variable = left.kind === "variable" ? left.text : right.text;
  const value = variable === "extra" ? normalizeName(extra ?? "") : lookUp(environment, variable);
  if (value === undefined) throw new UndefinedMarkerVariable(variable, marker);
  const leftText = left.kind === "variable" ? value : left.text;
  const rightText = left.kind === "variable" ? right.text : value;
  if (VERSION_VARIABLES.has(variable)) {
    const specifier = specifierOf(operator, rightText);
    if (specifier !== undefined) return compareAsVersion(specifier, leftText);
  }
  return compareAsText(marker, leftText, rightText);
}

function lookUp(environment: MarkerEnvironment, variable: string): string | undefined {
  if (!Object.hasOwn(environment, variable)) return undefined;
  const value = environment[variable as keyof MarkerEnvironment];
  // CPython built from a checkout calls itself `3.14.0a1+`, which is no version.
  return variable === "python_full_version" && value?.endsWith("+") === true ? `${value}local` : value;
}

/** The clause that operator and text make together, or `undefined` when they make none. */
function specifierOf(operator: MarkerOperator, text: string): Specifier | undefined {
  if (operator === "in" || operator === "not in") return undefined;
  const clause = operator + text;
  try {
    return keptSpecifiers.get(clause) ?? keptSpecifiers.keep(clause, parseSpecifier(clause));
  } catch (error) {
    if (error instanceof InvalidSpecifier) return undefined;
    throw error;
  }
}

function compareAsVersion(specifier: Specifier, text: string): boolean {
  if (specifier.operator === "===") return specifier.version.toLowerCase() === text.toLowerCase();
  const version = tryParseVersion(text);
  return version !== undefined && specifierContains([specifier], version);
}

function compareAsText(marker: MarkerComparison, left: string, right: string): boolean {
  switch (marker.operator) {
    case "in":
      return right.includes(left);
    case "not in":
      return !right.includes(left);
    case "==":
    case "<=":
    case ">=":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
    case ">":
      return false;
    case "~=":
    case "===":
      throw new UndefinedMarkerComparison(
        `Cannot compare \`${excerpt(left)}\` with \`${excerpt(right)}\` in this marker: ${shown(marker)}`,
        { hint: `Compare with == instead of ${marker.operator}` },
      );
    default:
      return assertNever(marker.operator);
  }
}

function shown(marker: Marker): string {
  return excerpt(formatMarker(marker));
}
