/** METADATA of a wheel that lies on a server, with as few bytes as possible. */

import { bytesSource, withFileSource, type ByteSource } from "../archive/byte-source.ts";
import { CorruptWheel, unreadableWheel } from "../archive/corrupt-wheel.ts";
import { ZipError } from "../archive/zip-error.ts";
import { readZipDirectory, readZipEntry } from "../archive/zip-reader.ts";
import { sha256 } from "../base/digest.ts";
import { PexError } from "../base/errors.ts";
import { SafeUrl } from "../base/safe-url.ts";
import { HashMismatch } from "../cache/expected-hashes.ts";
import type { StoredWheel, WheelStore } from "../cache/wheel-store.ts";
import { UnexpectedAnswer } from "../net/errors.ts";
import type { HttpClient, HttpPart } from "../net/http-client.ts";
import { normalizeName, type ProjectName } from "../standards/project-name.ts";
import type { ProjectFile } from "../standards/simple-index.ts";

/** A wheel without the one METADATA file that it must have. */
export class WheelWithoutMetadata extends PexError {
  readonly code = "WHEEL_WITHOUT_METADATA";
}

export interface RemoteMetadataOptions {
  readonly client: HttpClient;
  readonly store: WheelStore;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Bytes at the end of a wheel that are fetched first: more than the longest end record, most directories, and METADATA
 * where tools put it. Small wheels come whole: 68 of jupyterlab's 91, with 64 KiB 48, and the waste for the others is
 * the same 3 MB because they are fewer.
 */
const TAIL = 128 * 1024;

/** Bytes of METADATA that are too many; the largest real ones have some hundred thousand. */
const LARGEST_METADATA = 16 * 1024 * 1024;

/**
 * The text of METADATA: the file beside the wheel if the index has one (PEP 658), else from ranges of the wheel in at
 * most three requests, else from the whole wheel. A wheel that comes whole is put into the store.
 *
 * @throws what `HttpClient.get` throws; HashMismatch, ZipError, WheelWithoutMetadata, FileError
 */
export async function readRemoteMetadata(file: ProjectFile, options: RemoteMetadataOptions): Promise<string> {
  if (file.metadata !== undefined) {
    const text = await readSidecar(file, options);
    if (text !== undefined) return text;
  }
  try {
    return await readFromRanges(file, options);
  } catch (error) {
    if (!(error instanceof UnexpectedAnswer || error instanceof CorruptWheel)) throw error;
    // Some servers and proxies answer ranges wrongly, and the wheel may be sound: then it comes whole, as it does for pip.
    const { pieces } = await options.client.stream(urlOf(file), { signal: options.signal });
    return readWheelMetadata(await take(pieces, file, options));
  }
}

async function readFromRanges(file: ProjectFile, options: RemoteMetadataOptions): Promise<string> {
  const url = urlOf(file);
  const part = await options.client.part(url, { range: `bytes=-${TAIL}`, signal: options.signal });
  if ("pieces" in part) {
    return readWheelMetadata(await take(part.pieces, file, options));
  }
  if (part.start > 0) return readMetadata(new RangeSource(url, part, options), file.filename);
  await take([part.bytes], file, options);
  return readMetadata(bytesSource(part.bytes), file.filename);
}

/** The text of METADATA in a wheel on this machine. @throws CorruptWheel, WheelWithoutMetadata, FileError */
export function readWheelMetadata({ path, filename }: Pick<StoredWheel, "path" | "filename">): Promise<string> {
  return withFileSource(path, (source) => readMetadata(source, filename));
}

/** The URL of a file, or of something beside it. */
export function urlOf(file: ProjectFile, suffix = ""): SafeUrl {
  const url = new URL(file.url);
  url.pathname += suffix;
  const safe = SafeUrl.parse(url.href);
  if (!safe) throw new TypeError(`Not a URL: ${file.filename}`);
  return safe;
}

async function readSidecar(file: ProjectFile, { client, signal }: RemoteMetadataOptions): Promise<string | undefined> {
  const url = urlOf(file, ".metadata");
  const response = await client.get(url, { accept: [200, 404], limit: LARGEST_METADATA, signal });
  // An index that promises the file and does not have it still has the wheel.
  if (response.status === 404) return undefined;
  const digest = sha256(response.body);
  if (typeof file.metadata === "string" && file.metadata !== digest) {
    throw new HashMismatch(
      `The metadata is not the one that was promised: ${file.filename}: expected sha256 ${file.metadata}, got ${digest}`,
      { hint: "try again; if it stays, tell whoever runs the index" },
    );
  }
  return response.body.toString("utf8");
}

function take(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  file: ProjectFile,
  { store, signal }: RemoteMetadataOptions,
): Promise<StoredWheel> {
  return store.add(pieces, file.filename, { hashes: file.hashes, size: file.size, signal });
}

/** @throws CorruptWheel for what is no readable zip, WheelWithoutMetadata, or what the source throws */
async function readMetadata(source: ByteSource, filename: string): Promise<string> {
  try {
    return await findMetadata(source, filename);
  } catch (error) {
    if (error instanceof ZipError) throw unreadableWheel(filename, error);
    throw error;
  }
}

async function findMetadata(source: ByteSource, filename: string): Promise<string> {
  const entries = await readZipDirectory(source);
  const found = entries.filter(({ name }) => METADATA.test(name));
  const project = normalizeName(filename.slice(0, filename.indexOf("-")));
  // Some wheels carry the dist-info of others inside; the one of the wheel's own name counts.
  const own = found.length > 1 ? found.filter(({ name }) => projectOf(name) === project) : found;
  const [entry, other] = own;
  if (!entry || other) {
    throw new WheelWithoutMetadata(`The wheel has ${other ? "several files" : "no file"} METADATA: ${filename}`, {
      hint: "tell its maintainers, or choose another version",
    });
  }
  return Buffer.from(await readZipEntry(source, entry, { limit: LARGEST_METADATA })).toString("utf8");
}

const METADATA = /^[^/]+\.dist-info\/METADATA$/;

function projectOf(name: string): ProjectName {
  return normalizeName(
    name
      .slice(0, name.indexOf("/"))
      .replace(/\.dist-info$/, "")
      .replace(/-[^-]*$/, ""),
  );
}

/** A file on a server that understands ranges, of which we have the end. */
class RangeSource implements ByteSource {
  readonly size: number;
  readonly #url: SafeUrl;
  readonly #options: RemoteMetadataOptions;
  readonly #parts: HttpPart[];

  constructor(url: SafeUrl, tail: HttpPart, options: RemoteMetadataOptions) {
    this.size = tail.size;
    this.#url = url;
    this.#options = options;
    this.#parts = [tail];
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(offset + length, this.size);
    let part = this.#parts.find(({ start, bytes }) => start <= offset && end <= start + bytes.length);
    if (!part) {
      part = await this.#fetch(offset, end);
      this.#parts.push(part);
    }
    return part.bytes.subarray(offset - part.start, end - part.start);
  }

  async #fetch(start: number, end: number): Promise<HttpPart> {
    const { client, signal } = this.#options;
    const part = await client.part(this.#url, { range: `bytes=${start}-${end - 1}`, signal });
    if (!("pieces" in part)) return part;
    await part.pieces.return();
    throw new UnexpectedAnswer(`The server answers ranges only sometimes: ${this.#url.toString()}`, {
      hint: "try again",
    });
  }
}
