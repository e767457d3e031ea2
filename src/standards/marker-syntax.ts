/** The grammar of environment markers (PEP 508; PEP 685 and 735 for their sets). */

import { closest } from "../base/text.ts";
import type { MarkerVariable } from "./marker-environment.ts";
import { normalizeName } from "./project-name.ts";
import { decodePythonString } from "./python-string.ts";
import { operatorAt, type SpecifierOperator } from "./specifier-scanner.ts";
import { isWordCharacter, type TextCursor } from "./text-cursor.ts";
import { isDigit } from "./version-scanner.ts";

/** How the two sides of a comparison relate. */
export type MarkerOperator = SpecifierOperator | "in" | "not in";

/** A variable or a quoted text. */
export type MarkerOperand =
  | { readonly kind: "variable"; readonly text: MarkerVariable | "extra" | "extras" | "dependency_groups" }
  | { readonly kind: "value"; readonly text: string };

/** One comparison. */
export interface MarkerComparison {
  readonly kind: "comparison";
  readonly left: MarkerOperand;
  readonly operator: MarkerOperator;
  readonly right: MarkerOperand;
}

/** Two or more markers joined by one word; an `or` within an `and` is always grouped. */
export interface MarkerJunction {
  readonly kind: "and" | "or";
  readonly operands: readonly Marker[];
  /** Whether parentheses were written around it; they are kept when it is printed. */
  readonly grouped: boolean;
}

/** A marker expression. */
export type Marker = MarkerComparison | MarkerJunction;

/** Spellings by what they mean; those with a dot and `python_implementation` predate PEP 508. */
const VARIABLES = new Map<string, (MarkerOperand & { kind: "variable" })["text"]>([
  ["dependency_groups", "dependency_groups"],
  ["extra", "extra"],
  ["extras", "extras"],
  ["implementation_name", "implementation_name"],
  ["implementation_version", "implementation_version"],
  ["os.name", "os_name"],
  ["os_name", "os_name"],
  ["platform.machine", "platform_machine"],
  ["platform.python_implementation", "platform_python_implementation"],
  ["platform.version", "platform_version"],
  ["platform_machine", "platform_machine"],
  ["platform_python_implementation", "platform_python_implementation"],
  ["platform_release", "platform_release"],
  ["platform_system", "platform_system"],
  ["platform_version", "platform_version"],
  ["python_full_version", "python_full_version"],
  ["python_implementation", "platform_python_implementation"],
  ["python_version", "python_version"],
  ["sys.platform", "sys_platform"],
  ["sys_platform", "sys_platform"],
]);

const DOT = 0x2e;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;

/** Parentheses deeper than this can only be meant to exhaust the stack. */
const MAXIMUM_DEPTH = 100;

/** `marker = atom (("and" | "or") atom)*` from the cursor's position. */
export function readMarker(cursor: TextCursor, depth = 0): Marker {
  const alternatives: Marker[] = [];
  let conjunction = [readAtom(cursor, depth)];
  for (;;) {
    if (!cursor.takeWord("and")) {
      alternatives.push(join("and", conjunction));
      if (!cursor.takeWord("or")) return join("or", alternatives);
      conjunction = [];
    }
    conjunction.push(readAtom(cursor, depth));
  }
}

/** `atom = "(" marker ")" | comparison`, with white space around it. */
function readAtom(cursor: TextCursor, depth: number): Marker {
  cursor.skipSpace();
  const start = cursor.position;
  if (!cursor.take("(")) return readComparison(cursor);
  if (depth >= MAXIMUM_DEPTH)
    cursor.fail("The marker has too many nested parentheses", { span: cursor.spanFrom(start) });
  const marker = readMarker(cursor, depth + 1);
  if (!cursor.take(")")) {
    const what = "Expected `and`, `or`, or the `)` that closes this parenthesis";
    cursor.fail(what, { span: { start, end: cursor.position + 1 } });
  }
  cursor.skipSpace();
  return marker.kind === "comparison" ? marker : { ...marker, grouped: true };
}

function readComparison(cursor: TextCursor): Marker {
  const left = readOperand(cursor);
  cursor.skipSpace();
  const operator = readOperator(cursor);
  cursor.skipSpace();
  const right = readOperand(cursor);
  cursor.skipSpace();
  return normalizeNames({ kind: "comparison", left, operator, right });
}

function readOperand(cursor: TextCursor): MarkerOperand {
  if (cursor.code === SINGLE_QUOTE || cursor.code === DOUBLE_QUOTE) return readQuoted(cursor);
  const start = cursor.position;
  let end = start;
  for (let code = cursor.code; isWordCharacter(code) || code === DOT; code = cursor.source.charCodeAt(end)) end++;
  const word = cursor.source.slice(start, end);
  const variable = VARIABLES.get(word);
  if (variable !== undefined) {
    cursor.position = end;
    return { kind: "variable", text: variable };
  }
  if (end === start) return cursor.fail("Expected a marker variable or quoted text");
  const span = { start, end };
  if (isDigit(word.charCodeAt(0)))
    return cursor.fail("Expected a marker variable or quoted text", { span, hint: `Did you mean \`"${word}"\`?` });
  const meant = closest(word, VARIABLES.keys());
  const hint = meant === undefined ? "Put text in quotes" : `Did you mean \`${meant}\`?`;
  return cursor.fail(`Unknown marker variable: \`${word}\``, { span, hint });
}

/** `"…"` or `'…'`, which only a quote of its kind can end. */
function readQuoted(cursor: TextCursor): MarkerOperand {
  const start = cursor.position;
  const end = cursor.source.indexOf(cursor.source.charAt(start), start + 1);
  if (end === -1) cursor.fail("The quoted text is not closed", { span: { start, end: cursor.source.length } });
  cursor.position = end + 1;
  const text = decodePythonString(cursor.source.slice(start + 1, end));
  if (text === undefined) cursor.fail("Invalid quoted text", { span: { start, end: end + 1 } });
  return { kind: "value", text };
}

function readOperator(cursor: TextCursor): MarkerOperator {
  const start = cursor.position;
  const operator = operatorAt(cursor.source, start);
  if (operator !== undefined) {
    cursor.position += operator.length;
    return operator;
  }
  if (cursor.takeWord("in")) return "in";
  if (cursor.takeWord("not")) {
    if (cursor.skipSpace() && cursor.takeWord("in")) return "not in";
    cursor.fail("Expected `in` after `not`", { span: { start, end: cursor.position + 1 } });
  }
  const hint = cursor.source[start] === "=" ? "Use == to compare" : undefined;
  return cursor.fail("Expected a comparison: one of ==, !=, <, <=, >, >=, ~=, ===, in, not in", { hint });
}

function join(kind: "and" | "or", operands: readonly Marker[]): Marker {
  const [first] = operands;
  return operands.length === 1 && first !== undefined ? first : { kind, operands, grouped: false };
}

/** Names that are compared with `extra`, `extras` or `dependency_groups` are normalised (PEP 685, PEP 735). */
function normalizeNames(comparison: MarkerComparison): MarkerComparison {
  const { left, right } = comparison;
  if (isVariable(left, "extra") && right.kind === "value") return { ...comparison, right: normalized(right.text) };
  const isNameList =
    isVariable(right, "extra") || isVariable(right, "extras") || isVariable(right, "dependency_groups");
  if (isNameList && left.kind === "value") return { ...comparison, left: normalized(left.text) };
  return comparison;
}

function isVariable(operand: MarkerOperand, name: string): boolean {
  return operand.kind === "variable" && operand.text === name;
}

function normalized(text: string): MarkerOperand {
  return { kind: "value", text: normalizeName(text) };
}
