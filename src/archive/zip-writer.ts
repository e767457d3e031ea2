/**
 * Writes canonical zip files: the bytes are a function of the members alone.
 *
 * Every entry is dated 1980-01-01 unless it says otherwise, made by Unix, without extra fields, comments and data
 * descriptors. Zip64 is never written, because Python's `zipimport` cannot start from it before 3.13.
 */

import { PexError } from "../base/errors.ts";

import { fileChanged, writeAtomically, type OutputFile, type OutputOptions, type WrittenFile } from "./output-file.ts";
import { checkSafePath } from "./safe-path.ts";
import { ZipError } from "./zip-error.ts";
import type { ZipMember } from "./zip-member.ts";
import {
  encodeCentralHeader,
  encodeEndRecord,
  encodeLocalHeader,
  CENTRAL_HEADER_SIZE,
  END_RECORD_SIZE,
  LOCAL_HEADER_SIZE,
  MAX_16,
  MAX_32,
  STORED,
  zipTime,
} from "./zip-structures.ts";

export interface ZipWriterOptions extends OutputOptions {
  /** What stands before the first entry, such as a `#!` line; offsets count from its beginning. */
  readonly prefix?: Uint8Array | undefined;
  /** Default: what fits without zip64. */
  readonly limits?: ZipLimits | undefined;
  /** The date of members that have none; default 1980-01-01. */
  readonly modified?: Date | undefined;
}

/** What an archive has room for. */
export interface ZipLimits {
  readonly entries: number;
  /** One more than the bytes it may have, with what stands before it as far as offsets count that. */
  readonly bytes: number;
}

/** Without zip64. */
export const ZIP32: ZipLimits = { entries: MAX_16, bytes: MAX_32 };

/** An archive would need zip64. */
export class ZipTooBig extends PexError {
  readonly code = "ZIP_TOO_BIG";
}

const REGULAR_FILE = 0o100000;
const DIRECTORY = 0o040000;

/**
 * Lets the task fill an archive, which then replaces whatever file is at the path.
 *
 * @throws as `ZipWriter.add`, FileError, Cancelled, or what the task throws. Nothing is left behind then.
 */
export function writeZip(
  path: string,
  options: ZipWriterOptions,
  task: (zip: ZipWriter) => Promise<void>,
): Promise<WrittenFile> {
  return writeAtomically(path, options, async (output) => {
    const zip = new ZipWriter(output, { start: 0, ...options });
    if (options.prefix) await output.append(options.prefix);
    await task(zip);
    await zip.finish();
  });
}

/** An archive that grows at the end of a file, member by member; files are copied through one small buffer. */
export class ZipWriter {
  readonly #output: OutputFile;
  readonly #start: number;
  readonly #limits: ZipLimits;
  readonly #dated: { readonly modified?: number };
  readonly #names = new Set<string>();
  readonly #directory: Buffer[] = [];
  #directorySize = 0;

  /** @param options.start What offsets count from, by default where the file ends now. */
  constructor(
    output: OutputFile,
    options: Pick<ZipWriterOptions, "limits" | "modified"> & { readonly start?: number } = {},
  ) {
    this.#output = output;
    this.#start = options.start ?? output.position;
    this.#limits = options.limits ?? ZIP32;
    this.#dated = options.modified ? { modified: zipTime(options.modified) } : {};
  }

  /** Whether the archive can still be finished after this member. */
  hasRoomFor(member: ZipMember): boolean {
    const nameSize = Buffer.byteLength(member.name);
    const added = LOCAL_HEADER_SIZE + CENTRAL_HEADER_SIZE + 2 * nameSize + member.compressedSize;
    const bytes = this.#output.position - this.#start + this.#directorySize + added + END_RECORD_SIZE;
    return this.#directory.length < this.#limits.entries && bytes < this.#limits.bytes;
  }

  /**
   * Appends a member.
   *
   * @throws ZipError for a name that is unsafe or there twice; ZipTooBig beyond the limits; FileChanged when a copied file
   *   lacks its CRC; FileError, Cancelled, or what its content throws.
   */
  async add(member: ZipMember): Promise<void> {
    this.#checkName(member.name);
    if (!this.hasRoomFor(member)) throw zipTooBig(this.#limits);
    const dated = { ...this.#dated, ...member };
    const header = encodeCentralHeader(dated, {
      mode: (member.name.endsWith("/") ? DIRECTORY : REGULAR_FILE) | member.mode,
      offset: this.#output.position - this.#start,
    });
    await this.#output.append(encodeLocalHeader(dated));
    const contentStart = this.#output.position;
    await this.#addContent(member);
    if (this.#output.position - contentStart !== member.compressedSize) {
      throw new Error(`A zip member does not have the size it says: ${member.name}`);
    }
    this.#directory.push(header);
    this.#directorySize += header.length;
  }

  /** Writes the directory; nothing may be added afterwards. */
  async finish(): Promise<void> {
    const directoryOffset = this.#output.position - this.#start;
    for (const header of this.#directory) await this.#output.append(header);
    await this.#output.append(
      encodeEndRecord({ entryCount: this.#directory.length, directorySize: this.#directorySize, directoryOffset }),
    );
  }

  async #addContent({ content, method, crc32 }: ZipMember): Promise<void> {
    if (content instanceof Uint8Array) {
      await this.#output.append(content);
    } else if ("path" in content) {
      const found = await this.#output.appendRange(content);
      // The CRC is that of the content; of deflated bytes it tells nothing.
      if (method === STORED && found !== crc32) throw fileChanged(content.path);
    } else {
      for await (const chunk of content) await this.#output.append(chunk);
    }
  }

  #checkName(name: string): void {
    checkSafePath(name);
    if (Buffer.byteLength(name) > MAX_16) throw new ZipError("ZIP_NAME", `A name is too long for a zip: ${name}`);
    if (this.#names.has(name)) throw new ZipError("ZIP_DUPLICATE_NAME", `Two entries have the same name: ${name}`);
    this.#names.add(name);
  }
}

function zipTooBig(limits: ZipLimits): ZipTooBig {
  return new ZipTooBig(`The archive needs more than ${limits.entries} entries or more than 4 GiB`, {
    hint: "leave something out with --exclude, or keep wheels as they are with --no-pre-install-wheels",
  });
}
