/** From the bytes of a requirements file to its logical lines, by pip's rules. */

import { TextDecoder } from "node:util";

import { PexError } from "../base/errors.ts";

/** The bytes of a requirements file are not text in the encoding they should be in. */
export class RequirementsEncodingError extends PexError {
  readonly code = "REQUIREMENTS_FILE";
}

/** Lines joined at a trailing backslash, without comment and surrounding blanks, never empty. */
export interface LogicalLine {
  /** Number of the first physical line, from 1. */
  readonly line: number;
  readonly text: string;
}

/**
 * Decodes by byte order mark, else by a PEP 263 comment in the first two lines, else as UTF-8.
 *
 * @param name What messages call the file.
 * @throws RequirementsEncodingError for an unknown encoding or bytes that are not in it.
 * @see PEP 263
 */
export function decodeRequirements(bytes: Uint8Array, name: string): string {
  const encoding = encodingByMark(bytes) ?? encodingByComment(bytes) ?? "utf-8";
  if (encoding.startsWith("utf-32")) return decodeUtf32(bytes, encoding === "utf-32le");
  const decoder = decoderFor(encoding, name);
  try {
    return decoder.decode(bytes);
  } catch (error) {
    throw new RequirementsEncodingError(`Not ${encoding} text: ${name}`, {
      cause: error,
      hint: "save the file as UTF-8, or name its encoding in the first line, such as `# -*- coding: latin-1 -*-`",
    });
  }
}

/** The lines that say something. */
export function logicalLines(content: string): LogicalLine[] {
  const result: LogicalLine[] = [];
  let pending: { readonly line: number; readonly parts: string[] } | undefined;
  for (const [index, physical] of physicalLines(content).entries()) {
    const isComment = physical.trimStart().startsWith("#");
    const isContinued = physical.endsWith("\\") && !isComment;
    const joined: { readonly line: number; readonly parts: string[] } = pending ?? { line: index + 1, parts: [] };
    // A comment line ends a continuation; the blank keeps its `#` a comment once joined.
    joined.parts.push(isContinued ? withoutBackslashes(physical) : isComment ? ` ${physical}` : physical);
    pending = isContinued ? joined : undefined;
    if (!isContinued) addLine(result, joined);
  }
  if (pending) addLine(result, pending);
  return result;
}

function addLine(result: LogicalLine[], joined: { readonly line: number; readonly parts: readonly string[] }): void {
  const text = withoutComment(joined.parts.join("")).trim();
  if (text !== "") result.push({ line: joined.line, text });
}

/** Every boundary that Python's `str.splitlines` knows. */
function physicalLines(content: string): string[] {
  // oxlint-disable-next-line no-control-regex
  const lines = content.split(/\r\n|[\n\r\v\f\u001c-\u001e\u0085\u2028\u2029]/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function withoutBackslashes(line: string): string {
  let start = 0;
  let end = line.length;
  while (start < end && line[start] === "\\") start++;
  while (end > start && line[end - 1] === "\\") end--;
  return line.slice(start, end);
}

/** A comment is a `#` at the start or behind white space; `#egg=` in a URL is none. */
function withoutComment(line: string): string {
  for (let at = line.indexOf("#"); at !== -1; at = line.indexOf("#", at + 1)) {
    if (at === 0 || /\s/.test(line.charAt(at - 1))) return line.slice(0, at);
  }
  return line;
}

// Longer marks first: the one of UTF-16LE begins the one of UTF-32LE.
const MARKS: readonly (readonly [string, readonly number[]])[] = [
  ["utf-32be", [0, 0, 0xfe, 0xff]],
  ["utf-32le", [0xff, 0xfe, 0, 0]],
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16be", [0xfe, 0xff]],
  ["utf-16le", [0xff, 0xfe]],
];

function encodingByMark(bytes: Uint8Array): string | undefined {
  return MARKS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte))?.[0];
}

function encodingByComment(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 2048)).toString("latin1").split("\n", 2);
  const comment = head.find((line) => line.startsWith("#") && /coding[:=]/.test(line));
  return comment === undefined ? undefined : /coding[:=]\s*([-\w.]+)/.exec(comment)?.[1]?.toLowerCase();
}

function decoderFor(encoding: string, name: string): TextDecoder {
  const label = encoding.replaceAll("_", "-").replace(/^latin-?(\d+)$/, "latin$1");
  try {
    return new TextDecoder(label === "utf8" || label === "utf-8-sig" ? "utf-8" : label, { fatal: true });
  } catch (error) {
    throw new RequirementsEncodingError(`Unknown encoding of ${name}: \`${encoding}\``, {
      cause: error,
      hint: "save the file as UTF-8",
    });
  }
}

/** `TextDecoder` knows no UTF-32. */
function decodeUtf32(bytes: Uint8Array, littleEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = "";
  for (let offset = 4; offset + 4 <= bytes.byteLength; offset += 4) {
    const point = view.getUint32(offset, littleEndian);
    text += point > 0x10ffff ? "\uFFFD" : String.fromCodePoint(point);
  }
  return text;
}
