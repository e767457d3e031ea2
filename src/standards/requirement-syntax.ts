/** The grammar of dependency specifiers (PEP 508, "Grammar"; legacy forms as `packaging` 26 accepts them). */

import { type Marker, readMarker } from "./marker-syntax.ts";
import { isWildcardAt, operatorAt, scanSpecifier } from "./specifier-scanner.ts";
import type { TextCursor } from "./text-cursor.ts";
import { holdsHugeNumber } from "./version-scanner.ts";

/** The parts of a requirement as written. */
export interface RequirementParts {
  readonly name: string;
  readonly extras: readonly string[];
  /** Clauses joined by commas. */
  readonly specifier: string;
  readonly url: string | undefined;
  readonly marker: Marker | undefined;
}

/** What `\b` after the run makes of names: they may end in `_`, not in `-` or `.`. */
const IDENTIFIER = /[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?/y;
const URL_TEXT = /[^ \t]+/y;

/** `requirement = name extras? ("@" url | specifier) (";" marker)?` */
export function readRequirement(cursor: TextCursor): RequirementParts {
  cursor.skipSpace();
  const name = cursor.match(IDENTIFIER) ?? failWithoutName(cursor);
  cursor.skipSpace();
  const extras = readExtras(cursor);
  cursor.skipSpace();
  if (cursor.take("@")) return { name, extras, specifier: "", ...readUrl(cursor) };
  const specifier = readSpecifiers(cursor);
  cursor.skipSpace();
  if (cursor.isAtEnd) return { name, extras, specifier, url: undefined, marker: undefined };
  if (cursor.code !== 0x3b) failAfterSpecifier(cursor, { name, specifier });
  return { name, extras, specifier, url: undefined, marker: readMarkerPart(cursor) };
}

function readExtras(cursor: TextCursor): string[] {
  const extras: string[] = [];
  const start = cursor.position;
  if (!cursor.take("[")) return extras;
  cursor.skipSpace();
  for (;;) {
    const extra = cursor.match(IDENTIFIER);
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
  const url = cursor.match(URL_TEXT) ?? cursor.fail("Expected a URL after `@`");
  cursor.skipSpace();
  if (cursor.isAtEnd) return { url, marker: undefined };
  if (cursor.code !== 0x3b) cursor.fail("Expected `;` and a marker, or the end, after the URL");
  return { url, marker: readMarkerPart(cursor) };
}

function readMarkerPart(cursor: TextCursor): Marker {
  cursor.take(";");
  const marker = readMarker(cursor);
  if (!cursor.isAtEnd) cursor.fail("Expected `and`, `or` or the end of the marker");
  return marker;
}

/** `specifiers = "(" clauses ")" | clauses`, where a comma may follow the last clause. */
function readSpecifiers(cursor: TextCursor): string {
  const start = cursor.position;
  const isParenthesised = cursor.take("(");
  cursor.skipSpace();
  const specifier = readClauses(cursor);
  cursor.skipSpace();
  if (isParenthesised && !cursor.take(")")) {
    if (operatorAt(cursor.source, cursor.position) !== undefined) failInClause(cursor);
    cursor.fail("Expected the `)` that closes this parenthesis", { span: { start, end: cursor.position + 1 } });
  }
  return specifier;
}

function readClauses(cursor: TextCursor): string {
  let text = "";
  for (;;) {
    const scanned = scanSpecifier(cursor.source, cursor.position);
    if (scanned === undefined) return text;
    text += cursor.source.slice(cursor.position, scanned.end);
    cursor.position = scanned.end;
    cursor.skipSpace();
    if (!cursor.take(",")) return text;
    text += ",";
    cursor.skipSpace();
  }
}

function failWithoutName(cursor: TextCursor): never {
  if (cursor.isAtEnd) return cursor.fail("Expected a project name, found nothing");
  const rest = cursor.source.slice(cursor.position);
  const hint = /^[./~]/.test(rest) ? "Write a path or URL as `name @ URL`" : "Begin with a letter or a digit";
  return cursor.fail("Expected a project name", { hint });
}

function failAfterSpecifier(cursor: TextCursor, before: { name: string; specifier: string }): never {
  const { source, position } = cursor;
  if (operatorAt(source, position) !== undefined) return failInClause(cursor);
  if (isWildcardAt(source, position) && before.specifier !== "") {
    const isEquality = /(?:^|,)[=!]=(?!=)[^,]*$/.test(before.specifier);
    return cursor.fail(
      isEquality
        ? "`.*` cannot follow a pre-release, post-release, development or local version"
        : "`.*` can only be used with `==` and `!=`",
    );
  }
  if (source[position] === "+" && before.specifier !== "") {
    return cursor.fail("A local version label can only be used with `==` and `!=`");
  }
  if (source[position] === "=") {
    return cursor.fail("`=` is no comparison operator", { hint: "Use == for one version, >= for a lower bound" });
  }
  if (source.startsWith("://", position) || /^:[/\\]/.test(source.slice(position))) {
    return cursor.fail("A URL needs a project name before it", { hint: "Write `name @ URL`" });
  }
  if (before.specifier !== "") return cursor.fail("Expected a comma, `;` and a marker, or the end");
  const version = /^v?\d[\w.!+*-]*/.exec(source.slice(position))?.[0];
  const hint = version === undefined ? undefined : { hint: `Did you mean \`${before.name}==${version}\`?` };
  return cursor.fail("Expected a version specifier, `@`, `;` or the end after the project name", hint);
}

/** At an operator that no version follows. */
function failInClause(cursor: TextCursor): never {
  const start = cursor.position;
  const operator = operatorAt(cursor.source, start) ?? "";
  const { end } = cursor.spanFrom(start + operator.length);
  if (
    operator === "~=" &&
    scanSpecifier(cursor.source.slice(0, start) + `==${cursor.source.slice(start + 2)}`, start)
  ) {
    const hint = "Write `~=1.0`, or `>=1` to set no upper bound";
    return cursor.fail("`~=` needs a version of at least two components", { span: { start, end }, hint });
  }
  if (holdsHugeNumber(cursor.source.slice(start, end))) {
    return cursor.fail("The version holds a number above 2⁵³ - 1", { span: { start, end } });
  }
  return cursor.fail(`Expected a version after \`${operator}\``, { span: { start, end } });
}
