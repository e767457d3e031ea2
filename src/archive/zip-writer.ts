/**
 * Writes canonical zip files: the bytes are a function of the members alone.
 *
 * Every entry is dated 1980-01-01 unless it says otherwise, made by Unix, without extra fields, comments and data descriptors. Offsets count from
 * the start of the file, whatever stands before the first entry. Zip64 is never written, because Python's `zipimport`
 * cannot start from it before 3.13.
 */

import { NotImplemented } from "../base/errors.ts";

import { fileChanged, writeAtomically, type OutputFile, type OutputOptions, type WrittenFile } from "./output-file.ts";
import { checkSafePath } from "./safe-path.ts";
import { ZipError } from "./zip-error.ts";
import type { ZipMember } from "./zip-member.ts";
import {
  encodeCentralHeader,
  encodeEndRecord,
  encodeLocalHeader,
  END_RECORD_SIZE,
  MAX_16,
  MAX_32,
  STORED,
  zipTime,
} from "./zip-structures.ts";

export interface ZipWriterOptions extends OutputOptions {
  /** What stands before the first entry, such as a `#!` line. */
  readonly prefix?: Uint8Array;
  /** The date of members that have none; default 1980-01-01. */
  readonly modified?: Date | undefined;
}

const REGULAR_FILE = 0o100000;

/**
 * Writes an archive of the members, in their order, which then replaces whatever file is at the path.
 *
 * Members are taken one at a time, so they may be made on the way; files are copied through one small buffer.
 *
 * @throws ZipError for a name that is unsafe or there twice; NotImplemented beyond 4 GiB or 65,535 entries;
 *   FileChanged when a copied file lacks its CRC; FileError; Cancelled. Nothing is left behind then.
 */
export function writeZip(
  path: string,
  members: Iterable<ZipMember> | AsyncIterable<ZipMember>,
  options: ZipWriterOptions = {},
): Promise<WrittenFile> {
  return writeAtomically(path, options, async (output) => {
    if (options.prefix) await output.append(options.prefix);
    const modified = options.modified && zipTime(options.modified);
    const names = new Set<string>();
    const directory: Buffer[] = [];
    for await (const member of members) {
      checkName(member.name, names);
      const offset = output.position;
      checkFits(directory.length + 1, offset + member.size + member.name.length);
      const dated = modified === undefined ? member : { modified, ...member };
      await writeMember(output, dated);
      directory.push(encodeCentralHeader(dated, { mode: REGULAR_FILE | member.mode, offset }));
    }
    await writeDirectory(output, directory);
  });
}

async function writeMember(output: OutputFile, member: ZipMember): Promise<void> {
  await output.append(encodeLocalHeader(member));
  const { content } = member;
  if (content instanceof Uint8Array) {
    await output.append(content);
    return;
  }
  const crc32 = await output.appendRange(content);
  // The CRC is that of the content; of deflated bytes it tells nothing.
  if (member.method === STORED && crc32 !== member.crc32) throw fileChanged(content.path);
}

async function writeDirectory(output: OutputFile, directory: readonly Buffer[]): Promise<void> {
  const start = output.position;
  for (const header of directory) await output.append(header);
  const end = output.position;
  checkFits(directory.length, end + END_RECORD_SIZE);
  await output.append(
    encodeEndRecord({ entryCount: directory.length, directorySize: end - start, directoryOffset: start }),
  );
}

function checkName(name: string, names: Set<string>): void {
  checkSafePath(name);
  if (Buffer.byteLength(name) > MAX_16) throw new ZipError("ZIP_NAME", `A name is too long for a zip: ${name}`);
  if (names.has(name)) throw new ZipError("ZIP_DUPLICATE_NAME", `Two entries have the same name: ${name}`);
  names.add(name);
}

/**
 * Sees to it that all numbers fit into a zip without zip64.
 *
 * @throws NotImplemented
 */
export function checkFits(entries: number, bytes: number): void {
  const problem = entries > MAX_16 ? `more than ${MAX_16} entries` : bytes >= MAX_32 ? "more than 4 GiB" : undefined;
  if (problem === undefined) return;
  throw new NotImplemented(`The archive needs ${problem}, and Python before 3.13 cannot start from such a zip`, {
    hint: "leave something out with --exclude, or split it into two PEX files joined by PEX_PATH",
  });
}
