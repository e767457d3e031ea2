/** The header format that core metadata and WHEEL files share: RFC 822 as Python's `email` package reads it. */

/** Fields by lower-case name, each with its values in order, and the text after the first blank line. */
export interface HeaderFields {
  readonly fields: ReadonlyMap<string, readonly string[]>;
  readonly body: string;
}

/** Printable ASCII without colon and space, then a colon: where a field begins. */
const FIELD_NAME = /[!-9;-~]+:/y;

/**
 * Reads header fields up to the first line that is none; the rest is the body.
 *
 * Continuation lines begin with a space or tab. Values keep their line breaks as `\n`, and lose leading and trailing blanks.
 */
export function parseHeaderFields(text: string): HeaderFields {
  const unmarked = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const source = unmarked.includes("\r") ? unmarked.replace(/\r\n?/g, "\n") : unmarked;
  const fields = new Map<string, string[]>();
  let position = 0;
  let values: string[] | undefined;
  while (position < source.length) {
    const newline = source.indexOf("\n", position);
    const end = newline === -1 ? source.length : newline;
    const first = source[position];
    if (first === " " || first === "\t") {
      // A continuation before any field is skipped, as `email` does.
      const last = values?.pop();
      if (last !== undefined) values?.push(`${last}\n${source.slice(position, end)}`);
    } else {
      values = undefined;
      FIELD_NAME.lastIndex = position;
      if (FIELD_NAME.test(source)) {
        const colon = FIELD_NAME.lastIndex - 1;
        values = entry(fields, source.slice(position, colon).toLowerCase());
        values.push(source.slice(colon + 1, end));
      } else if (first !== ":" && !source.startsWith("From ", position)) {
        return { fields: trimmed(fields), body: source.slice(first === "\n" ? position + 1 : position) };
      }
    }
    position = end + 1;
  }
  return { fields: trimmed(fields), body: "" };
}

function entry(fields: Map<string, string[]>, name: string): string[] {
  const known = fields.get(name);
  if (known) return known;
  const values: string[] = [];
  fields.set(name, values);
  return values;
}

function trimmed(fields: Map<string, string[]>): Map<string, string[]> {
  for (const values of fields.values()) {
    for (const [index, value] of values.entries()) values[index] = value.trim();
  }
  return fields;
}
