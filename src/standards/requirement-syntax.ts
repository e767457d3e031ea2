/** The grammar of dependency specifiers (PEP 508, "Grammar"; legacy forms as `packaging` 26 accepts them). */

import { type Marker, readMarker } from "./marker-syntax.ts";
import {
  explainNoVersion,
  explainWildcard,
  isWildcardAt,
  operatorAt,
  type Specifier,
  SpecifierScanner,
  TOO_SHORT,
  TOO_SHORT_HINT,
} from "./specifier-scanner.ts";
import { InvalidSpecifier, parseSpecifierSet, type SpecifierSet } from "./specifier.ts";
import type { TextCursor } from "./text-cursor.ts";
import { skipPythonSpace, VersionScanner } from "./version-scanner.ts";

/** The parts of a requirement; names as written. */
export interface RequirementParts {
  readonly name: string;
  readonly extras: readonly string[];
  readonly specifier: SpecifierSet;
  readonly url: string | undefined;
  readonly marker: Marker | undefined;
}

const NO_CLAUSES: SpecifierSet = [];
const SEMICOLON = 0x3b;

/** `requirement = name extras? ("@" url | specifiers) (";" marker)?` */
export function readRequirement(cursor: TextCursor): RequirementParts {
  cursor.skipSpace();
  const name = cursor.takeName() ?? failWithoutName(cursor);
  cursor.skipSpace();
  const extras = readExtras(cursor);
  cursor.skipSpace();
  if (cursor.take("@")) return { name, extras, specifier: NO_CLAUSES, ...readUrl(cursor) };
  const specifier = readSpecifiers(cursor);
  cursor.skipSpace();
  if (cursor.isAtEnd) return { name, extras, specifier, url: undefined, marker: undefined };
  if (cursor.code !== SEMICOLON) failAfterSpecifiers(cursor, name, specifier);
  return { name, extras, specifier, url: undefined, marker: readMarkerPart(cursor) };
}

/** `extras = ("[" (name ("," name)*)? "]")?` */
function readExtras(cursor: TextCursor): string[] {
  const extras: string[] = [];
  const start = cursor.position;
  if (!cursor.take("[")) return extras;
  cursor.skipSpace();
  for (;;) {
    const extra = cursor.takeName();
    if (extra === undefined) {
      if (extras.length > 0) cursor.fail("Expected the name of an extra after the comma");
      break;
    }
    extras.push(extra);
    cursor.skipSpace();
    if (!cursor.take(",")) break;
    cursor.skipSpace();
  }
  if (cursor.take("]")) return extras;
  const span = { start, end: cursor.position + 1 };
  return cursor.fail("Expected a comma between extras, or the `]` that closes them", { span });
}

/** After the `@`: a URL runs up to the next space or tab; a marker must be set off by one. */
function readUrl(cursor: TextCursor): { url: string; marker: Marker | undefined } {
  cursor.skipSpace();
  const url = cursor.takeUntilSpace();
  if (url === "") cursor.fail("Expected a URL after `@`");
  cursor.skipSpace();
  if (cursor.isAtEnd) return { url, marker: undefined };
  if (cursor.code !== SEMICOLON) cursor.fail("Expected `;` and a marker, or the end, after the URL");
  return { url, marker: readMarkerPart(cursor) };
}

function readMarkerPart(cursor: TextCursor): Marker {
  cursor.take(";");
  const marker = readMarker(cursor);
  if (!cursor.isAtEnd) cursor.fail("Expected `and`, `or` or the end of the marker");
  return marker;
}

/** `specifiers = "(" clauses ")" | clauses`, where a comma may follow the last clause. */
function readSpecifiers(cursor: TextCursor): SpecifierSet {
  const start = cursor.position;
  const isParenthesised = cursor.take("(");
  cursor.skipSpace();
  const clauses = readClauses(cursor);
  cursor.skipSpace();
  if (isParenthesised && !cursor.take(")")) {
    if (operatorAt(cursor.source, cursor.position) !== undefined) failInClause(cursor);
    cursor.fail("Expected the `)` that closes this parenthesis", { span: { start, end: cursor.position + 1 } });
  }
  return clauses;
}

function readClauses(cursor: TextCursor): SpecifierSet {
  if (operatorAt(cursor.source, cursor.position) === undefined) return NO_CLAUSES;
  const clauses: Specifier[] = [];
  const scanner = new SpecifierScanner(cursor.source, cursor.position);
  for (;;) {
    const start = cursor.position;
    scanner.position = start;
    const clause = scanner.read();
    if (clause === undefined) return clauses;
    cursor.position = scanner.position;
    // What follows `===` may hold commas, and they separate clauses all the same.
    if (clause.operator === "===") clauses.push(...splitAtCommas(cursor, start));
    else clauses.push(clause);
    cursor.skipSpace();
    if (!cursor.take(",")) return clauses;
    cursor.skipSpace();
  }
}

function splitAtCommas(cursor: TextCursor, start: number): SpecifierSet {
  try {
    return parseSpecifierSet(cursor.source.slice(start, cursor.position));
  } catch (error) {
    if (!(error instanceof InvalidSpecifier)) throw error;
    const span = { start: start + error.span.start, end: start + error.span.end };
    return cursor.fail(error.what, { span, hint: error.hint });
  }
}

function failWithoutName(cursor: TextCursor): never {
  if (cursor.isAtEnd) return cursor.fail("Expected a project name, found nothing");
  const isPath = /^[./~\\]/.test(cursor.source.slice(cursor.position));
  const hint = isPath ? "Write a path or URL as `name @ URL`" : "Begin with a letter or a digit";
  return cursor.fail("Expected a project name", { hint });
}

/** At something that can follow neither a name nor clauses. */
function failAfterSpecifiers(cursor: TextCursor, name: string, clauses: SpecifierSet): never {
  const { source, position } = cursor;
  const operator = clauses.at(-1)?.operator;
  if (operatorAt(source, position) !== undefined) failInClause(cursor);
  if (source[position] === "=") {
    const turned = /^=[<>]/.exec(source.slice(position, position + 2))?.[0].charAt(1);
    const hint =
      turned === undefined ? "Use == for one version, >= for it or any later one" : `Did you mean \`${turned}=\`?`;
    cursor.fail("`=` is no comparison operator", { hint });
  }
  if (operator !== undefined) {
    if (isWildcardAt(source, position)) cursor.fail(explainWildcard(operator));
    if (source[position] === "+") cursor.fail("A local version label can only be used with `==` and `!=`");
    cursor.fail("Expected a comma, `;` and a marker, or the end");
  }
  if (/^:[/\\]/.test(source.slice(position))) {
    cursor.fail("A URL needs a project name before it", { hint: "Write `name @ URL`" });
  }
  const version = /^v?\d[\w.!+*-]*/.exec(source.slice(position))?.[0];
  const hint = version === undefined ? undefined : `Did you mean \`${name}==${version}\`?`;
  return cursor.fail("Expected a version specifier, `@`, `;` or the end after the project name", { hint });
}

/** At an operator that stands in the wrong place, or that no version follows. */
function failInClause(cursor: TextCursor): never {
  const { source, position: start } = cursor;
  const operator = operatorAt(source, start) ?? "";
  if (new SpecifierScanner(source, start).read() !== undefined) cursor.fail("Expected a comma before this clause");
  const versionStart = skipPythonSpace(source, start + operator.length);
  const span = { start, end: cursor.spanFrom(versionStart).end };
  if (operator === "~=" && new VersionScanner(source, versionStart).readPublic()) {
    return cursor.fail(TOO_SHORT, { span, hint: TOO_SHORT_HINT });
  }
  return cursor.fail(explainNoVersion(operator, source.slice(start, span.end)), { span });
}
