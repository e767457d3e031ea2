/**
 * The records of a zip file, as bytes and as values.
 *
 * Section numbers are those of PKWARE's APPNOTE.TXT 6.3; all numbers are little-endian.
 */

/** Bytes before the name in each record. */
export const LOCAL_HEADER_SIZE = 30;
export const CENTRAL_HEADER_SIZE = 46;
export const END_RECORD_SIZE = 22;
export const ZIP64_END_RECORD_SIZE = 56;
export const ZIP64_LOCATOR_SIZE = 20;

export const LOCAL_SIGNATURE = 0x04034b50;
export const CENTRAL_SIGNATURE = 0x02014b50;
export const END_SIGNATURE = 0x06054b50;
export const ZIP64_END_SIGNATURE = 0x06064b50;
export const ZIP64_LOCATOR_SIGNATURE = 0x07064b50;

export const STORED = 0;
export const DEFLATED = 8;

/** General purpose bits, 4.4.4. */
export const FLAG_ENCRYPTED = 0x0001;
export const FLAG_DATA_DESCRIPTOR = 0x0008;
export const FLAG_UTF8 = 0x0800;

/** In a 16 or 32 bit field: the value stands in the zip64 record. */
export const MAX_16 = 0xffff;
export const MAX_32 = 0xffffffff;

/** 1980-01-01 in the form of 4.4.6, the first day that a zip can hold; the time is 0. */
const FIRST_DAY = (1 << 5) | 1;
/** Version 2.0 suffices for deflate and directories, 4.4.3. */
const VERSION = 20;
/** Attributes are those of Unix, 4.4.2. */
const MADE_BY_UNIX = 3 << 8;

/** What both headers of an entry tell. */
export interface EntryHeader {
  readonly name: string;
  readonly method: number;
  readonly crc32: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Date and time as in 4.4.6, the date in the upper half; the first day of 1980 unless given. */
  readonly modified?: number | undefined;
}

/** Where the central directory lies, in the archive's own terms. */
export interface EndRecord {
  readonly entryCount: number;
  readonly directorySize: number;
  readonly directoryOffset: number;
}

/** What the clocks of this place showed at a moment, as `modified` wants it. */
export function zipTime(moment: Date): number {
  const date = ((moment.getFullYear() - 1980) << 9) | ((moment.getMonth() + 1) << 5) | moment.getDate();
  const time = (moment.getHours() << 11) | (moment.getMinutes() << 5) | (moment.getSeconds() >> 1);
  return date * 0x10000 + time;
}

/** Local file header, 4.3.7, without extra fields. */
export function encodeLocalHeader(header: EntryHeader): Buffer {
  const name = Buffer.from(header.name, "utf8");
  const bytes = Buffer.alloc(LOCAL_HEADER_SIZE + name.length);
  bytes.writeUInt32LE(LOCAL_SIGNATURE, 0);
  writeCommonFields(bytes, 4, { header, nameLength: name.length });
  name.copy(bytes, LOCAL_HEADER_SIZE);
  return bytes;
}

/** Central directory header, 4.3.12. */
export function encodeCentralHeader(header: EntryHeader, place: { mode: number; offset: number }): Buffer {
  const name = Buffer.from(header.name, "utf8");
  const bytes = Buffer.alloc(CENTRAL_HEADER_SIZE + name.length);
  bytes.writeUInt32LE(CENTRAL_SIGNATURE, 0);
  // version made by
  bytes.writeUInt16LE(MADE_BY_UNIX | VERSION, 4);
  writeCommonFields(bytes, 6, { header, nameLength: name.length });
  // extra length, comment length, disk number, internal attributes (32 to 38) stay 0; external attributes
  bytes.writeUInt32LE(place.mode * 0x10000, 38);
  // relative offset of local header
  bytes.writeUInt32LE(place.offset, 42);
  name.copy(bytes, CENTRAL_HEADER_SIZE);
  return bytes;
}

/** End of central directory record, 4.3.16, without comment. */
export function encodeEndRecord(end: EndRecord): Buffer {
  const bytes = Buffer.alloc(END_RECORD_SIZE);
  bytes.writeUInt32LE(END_SIGNATURE, 0);
  // disk numbers (4, 6) stay 0; entries on this disk, entries in total
  bytes.writeUInt16LE(end.entryCount, 8);
  bytes.writeUInt16LE(end.entryCount, 10);
  bytes.writeUInt32LE(end.directorySize, 12);
  bytes.writeUInt32LE(end.directoryOffset, 16);
  return bytes;
}

/** The fields that both headers share, from "version needed" to "file name length". */
function writeCommonFields(bytes: Buffer, start: number, entry: { header: EntryHeader; nameLength: number }): void {
  const { header, nameLength } = entry;
  // version needed to extract
  bytes.writeUInt16LE(VERSION, start);
  // general purpose bit flag: the name is UTF-8, said only where it matters
  // oxlint-disable-next-line no-control-regex
  bytes.writeUInt16LE(/^[\0-\x7f]*$/.test(header.name) ? 0 : FLAG_UTF8, start + 2);
  // compression method
  bytes.writeUInt16LE(header.method, start + 4);
  // last modification time, last modification date
  bytes.writeUInt32LE(header.modified ?? FIRST_DAY * 0x10000, start + 6);
  bytes.writeUInt32LE(header.crc32, start + 10);
  bytes.writeUInt32LE(header.compressedSize, start + 14);
  bytes.writeUInt32LE(header.size, start + 18);
  bytes.writeUInt16LE(nameLength, start + 22);
}

/** A name in the given bytes: UTF-8 or, without the flag, the code page of the first IBM PC (appendix D). */
export function decodeName(bytes: Buffer, isUtf8: boolean): string {
  if (isUtf8) return bytes.toString("utf8");
  const text = bytes.toString("latin1");
  return text.replace(/[\x80-\xff]/g, (character) => CODE_PAGE_437[character.charCodeAt(0) - 0x80] ?? character);
}

const CODE_PAGE_437 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐" +
  "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";
