/** RECORD, the list of installed files with digests (recording installed projects, PEP 376 and 627): CSV as Python's `csv` writes it. */

import { PexError } from "../base/errors.ts";

/** One installed file. */
export interface RecordEntry {
  /** Relative to the directory that holds the `.dist-info`, with `/`. */
  readonly path: string;
  /** Algorithm and URL-safe base64 digest without padding, such as `sha256=AbC…`; `undefined` for RECORD itself. */
  readonly hash: string | undefined;
  /** Bytes. */
  readonly size: number | undefined;
}

/** Text that is no RECORD. */
export class InvalidRecord extends PexError {
  readonly code = "INVALID_RECORD";
}

/**
 * Reads RECORD; blank lines are passed over.
 *
 * @throws InvalidRecord
 */
export function parseRecord(text: string): RecordEntry[] {
  const entries: RecordEntry[] = [];
  for (const [index, row] of parseRows(text).entries()) {
    if (row.length === 1 && row[0] === "") continue;
    const [path = "", hash = "", size = ""] = row;
    if (path === "" || row.length > 3) throw new InvalidRecord(`Row ${index + 1} of RECORD is not \`path,hash,size\``);
    if (size !== "" && !/^[0-9]+$/.test(size))
      throw new InvalidRecord(`Row ${index + 1} of RECORD has an invalid size`);
    entries.push({ path, hash: hash === "" ? undefined : hash, size: size === "" ? undefined : Number(size) });
  }
  return entries;
}

/** Writes RECORD with `\n` line ends, quoting only where it is needed. */
export function formatRecord(entries: Iterable<RecordEntry>): string {
  let text = "";
  for (const { path, hash, size } of entries) text += `${quoted(path)},${quoted(hash ?? "")},${size ?? ""}\n`;
  return text;
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

function parseRows(text: string): string[][] {
  if (!text.includes('"')) return lines(text).map((line) => line.split(","));
  const rows: string[][] = [];
  let position = 0;
  while (position < text.length) {
    const row: string[] = [];
    for (;;) {
      const field = readField(text, position);
      row.push(field.value);
      position = field.end;
      if (text[position] !== ",") break;
      position++;
    }
    if (text[position] === "\r") position++;
    if (text[position] === "\n") position++;
    rows.push(row);
  }
  return rows;
}

function lines(text: string): string[] {
  const all = text.split(/\r\n|\r|\n/);
  if (all.at(-1) === "") all.pop();
  return all;
}

/** A quote counts only at the beginning of a field; what follows the closing one is taken as it stands; one that never closes ends with the text. */
function readField(text: string, start: number): { readonly value: string; readonly end: number } {
  let position = start;
  let value = "";
  if (text[position] === '"') {
    for (position++; ;) {
      const quote = text.indexOf('"', position);
      if (quote === -1) return { value: value + text.slice(position), end: text.length };
      value += text.slice(position, quote);
      position = quote + 1;
      if (text[position] !== '"') break;
      value += '"';
      position++;
    }
  }
  let end = position;
  while (end < text.length && text[end] !== "," && text[end] !== "\r" && text[end] !== "\n") end++;
  return { value: value + text.slice(position, end), end };
}
