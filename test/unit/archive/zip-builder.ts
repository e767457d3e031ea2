/** Builds zips by hand, honest or lying in any field; it shares no code with the writer under test. */

import { crc32, deflateRawSync } from "node:zlib";

export interface BuiltEntry {
  readonly name: string | Uint8Array;
  readonly content?: string | Uint8Array;
  readonly method?: number;
  readonly flags?: number;
  /** Bytes as they lie in the archive, if not made from the content. */
  readonly stored?: Uint8Array;
  /** What the directory says; the local header says the same unless `local` differs. */
  readonly crc32?: number;
  readonly size?: number;
  readonly compressedSize?: number;
  readonly mode?: number;
  readonly madeBy?: number;
  readonly headerOffset?: number;
  readonly extra?: Uint8Array;
  readonly comment?: string;
  readonly local?: {
    readonly name?: string;
    readonly method?: number;
    readonly crc32?: number;
    readonly size?: number;
    readonly extra?: Uint8Array;
    readonly signature?: number;
  };
  /** Whether sizes and CRC follow the content instead of standing before it. */
  readonly descriptor?: boolean;
}

export interface BuiltZip {
  readonly prefix?: Uint8Array;
  /** Whether offsets ignore the prefix, as when it was put in front of a finished zip. */
  readonly offsetsFromZip?: boolean;
  readonly comment?: string;
  readonly trailer?: Uint8Array;
  /** Bytes between the last entry and the directory. */
  readonly gap?: Uint8Array;
  readonly entryCount?: number;
  readonly disk?: number;
  readonly directoryShift?: number;
  /** Whether the directory's place stands in zip64 records. */
  readonly zip64?: boolean;
  /** Damages the zip64 record. */
  readonly zip64EntryCount?: number;
}

export function buildZip(entries: readonly BuiltEntry[], zip: BuiltZip = {}): Buffer {
  const parts: Buffer[] = [Buffer.from(zip.prefix ?? new Uint8Array())];
  const base = zip.offsetsFromZip ? parts[0]!.length : 0;
  const directory: Buffer[] = [];
  const position = (): number => parts.reduce((sum, part) => sum + part.length, 0) - base;
  for (const entry of entries) {
    const facts = factsOf(entry);
    const offset = position();
    parts.push(localHeader(entry, facts), Buffer.from(facts.stored));
    if (entry.descriptor) parts.push(descriptor(facts));
    directory.push(centralHeader(entry, facts, entry.headerOffset ?? offset));
  }
  parts.push(Buffer.from(zip.gap ?? new Uint8Array()));
  const start = position();
  const bytes = Buffer.concat(directory);
  parts.push(bytes);
  const count = zip.entryCount ?? entries.length;
  const place = { count, size: bytes.length, start: start + (zip.directoryShift ?? 0) };
  if (zip.zip64) parts.push(zip64Records({ ...place, count: zip.zip64EntryCount ?? count }, position()));
  parts.push(
    endRecord(zip.zip64 ? { count: zip.entryCount ?? 0xffff, size: 0xffffffff, start: 0xffffffff } : place, zip),
  );
  parts.push(Buffer.from(zip.trailer ?? new Uint8Array()));
  return Buffer.concat(parts);
}

interface Facts {
  readonly name: Buffer;
  readonly method: number;
  readonly flags: number;
  readonly stored: Uint8Array;
  readonly crc32: number;
  readonly size: number;
  readonly compressedSize: number;
}

function factsOf(entry: BuiltEntry): Facts {
  const content = Buffer.from(entry.content ?? "");
  const method = entry.method ?? 8;
  const stored = entry.stored ?? (method === 8 ? deflateRawSync(content) : content);
  return {
    name: Buffer.from(entry.name as string),
    method,
    flags: (entry.flags ?? 0) | (entry.descriptor ? 8 : 0),
    stored,
    crc32: entry.crc32 ?? crc32(content),
    size: entry.size ?? content.length,
    compressedSize: entry.compressedSize ?? stored.length,
  };
}

function localHeader(entry: BuiltEntry, facts: Facts): Buffer {
  const local = entry.local ?? {};
  const name = local.name === undefined ? facts.name : Buffer.from(local.name);
  const extra = Buffer.from(local.extra ?? new Uint8Array());
  const header = Buffer.alloc(30);
  header.writeUInt32LE(local.signature ?? 0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(facts.flags, 6);
  header.writeUInt16LE(local.method ?? facts.method, 8);
  header.writeUInt16LE(33, 12);
  if (!entry.descriptor) {
    header.writeUInt32LE(local.crc32 ?? facts.crc32, 14);
    header.writeUInt32LE(facts.compressedSize, 18);
    header.writeUInt32LE(local.size ?? facts.size, 22);
  }
  header.writeUInt16LE(name.length, 26);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, name, extra]);
}

function descriptor(facts: Facts): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE(facts.crc32, 4);
  bytes.writeUInt32LE(facts.compressedSize, 8);
  bytes.writeUInt32LE(facts.size, 12);
  return bytes;
}

function centralHeader(entry: BuiltEntry, facts: Facts, offset: number): Buffer {
  const extra = Buffer.from(entry.extra ?? new Uint8Array());
  const comment = Buffer.from(entry.comment ?? "");
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(((entry.madeBy ?? 3) << 8) | 20, 4);
  header.writeUInt16LE(20, 6);
  header.writeUInt16LE(facts.flags, 8);
  header.writeUInt16LE(facts.method, 10);
  header.writeUInt16LE(33, 14);
  header.writeUInt32LE(facts.crc32, 16);
  header.writeUInt32LE(facts.compressedSize, 20);
  header.writeUInt32LE(facts.size, 24);
  header.writeUInt16LE(facts.name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt16LE(comment.length, 32);
  header.writeUInt32LE((entry.mode ?? 0o100644) * 0x10000, 38);
  header.writeUInt32LE(offset, 42);
  return Buffer.concat([header, facts.name, extra, comment]);
}

interface Place {
  readonly count: number;
  readonly size: number;
  readonly start: number;
}

function zip64Records(place: Place, at: number): Buffer {
  const end = Buffer.alloc(56);
  end.writeUInt32LE(0x06064b50, 0);
  end.writeBigUInt64LE(44n, 4);
  end.writeUInt16LE(45, 12);
  end.writeUInt16LE(45, 14);
  end.writeBigUInt64LE(BigInt(place.count), 24);
  end.writeBigUInt64LE(BigInt(place.count), 32);
  end.writeBigUInt64LE(BigInt(place.size), 40);
  end.writeBigUInt64LE(BigInt(place.start), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(at), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([end, locator]);
}

function endRecord(place: Place, zip: BuiltZip): Buffer {
  const comment = Buffer.from(zip.comment ?? "");
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(zip.disk ?? 0, 4);
  end.writeUInt16LE(place.count, 8);
  end.writeUInt16LE(place.count, 10);
  end.writeUInt32LE(place.size, 12);
  end.writeUInt32LE(place.start, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([end, comment]);
}

/** The extra field of 4.5.3: values of the fields that say "look there", in their order. */
export function zip64Extra(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 8 * values.length);
  bytes.writeUInt16LE(1, 0);
  bytes.writeUInt16LE(8 * values.length, 2);
  for (const [index, value] of values.entries()) bytes.writeBigUInt64LE(BigInt(value), 4 + 8 * index);
  return bytes;
}
