/** The wheels on this machine, found by their digest. */

import { basename, join, resolve } from "node:path";
import { crc32 } from "node:zlib";

import { asSha256, sha256 as sha256Of, Sha256Stream, type Sha256 } from "../base/digest.ts";
import { Cancelled, PexError, systemCode } from "../base/errors.ts";
import {
  FileError,
  factsOf,
  makeDirectory,
  readTextIfExists,
  remove,
  rename,
  temporarySibling,
  whenPossible,
  writeFileAtomically,
  type FileFacts,
} from "../base/fs.ts";

import { HashCheck, type ExpectedHashes } from "./expected-hashes.ts";
import type { CacheLayout } from "./layout.ts";

/** A wheel on disk whose digests are known. */
export interface StoredWheel {
  /** Absolute path of its bytes. */
  readonly path: string;
  /** The name that the index or the user calls it by. */
  readonly filename: string;
  readonly sha256: Sha256;
  /** Bytes. */
  readonly size: number;
  readonly crc32: number;
}

/** Streams to and from the disk; `archive/file-streams.ts` is the real thing. */
export interface FileStreams {
  /** Creates a file that must not exist yet. */
  create(path: string): FileSink;
  /** The bytes of a file; a chunk is valid until the next one is asked for. */
  chunks(path: string): AsyncIterable<Uint8Array>;
}

/** A file being written. */
export interface FileSink {
  write(chunk: Uint8Array): void;
  close(): void;
}

/** A download does not have the size that was promised. */
export class SizeMismatch extends PexError {
  readonly code = "SIZE_MISMATCH";
}

/** What is known of a file before it arrives. */
export interface Expectation {
  readonly hashes?: ExpectedHashes;
  /** Bytes. */
  readonly size?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const FACTS = "facts.json";

/** Entries appear whole, by one rename, and never change: any number of processes may share the store. */
export class WheelStore {
  readonly #layout: CacheLayout;
  readonly #streams: FileStreams;
  /** What was found here and trusted, by digest. */
  readonly #found = new Map<Sha256, StoredWheel>();

  constructor(layout: CacheLayout, streams: FileStreams) {
    this.#layout = layout;
    this.#streams = streams;
  }

  /** The wheel of that digest, if it is here, under the name that the caller knows it by. */
  find(sha256: Sha256, filename?: string): StoredWheel | undefined {
    const directory = join(this.#layout.wheels, sha256);
    const facts = parseFacts(whenPossible(() => readTextIfExists(join(directory, FACTS))));
    if (facts === undefined) return undefined;
    const path = join(directory, facts.filename);
    if (factsOf(path)?.size !== facts.size) return undefined;
    const wheel = { path, filename: filename ?? facts.filename, sha256, size: facts.size, crc32: facts.crc32 };
    this.#found.set(sha256, wheel);
    return wheel;
  }

  /** Drops what was found and is damaged; whether there was any. For when something has gone wrong. @throws FileError */
  async dropDamaged(signal?: AbortSignal): Promise<boolean> {
    let dropped = false;
    for (const wheel of this.#found.values()) if (!(await this.isSound(wheel, signal))) dropped = true;
    this.#found.clear();
    return dropped;
  }

  /**
   * Takes in a wheel while it arrives.
   *
   * @throws HashMismatch, SizeMismatch, FileError, Cancelled, or what the chunks throw; nothing is kept then.
   */
  async add(
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    filename: string,
    expected: Expectation = {},
  ): Promise<StoredWheel> {
    checkPlainName(filename);
    const temporary = temporarySibling(join(this.#layout.wheels, filename));
    makeDirectory(temporary);
    try {
      const wheel = await this.#receive(chunks, join(temporary, filename), expected);
      const facts: Facts = { filename, size: wheel.size, crc32: wheel.crc32 };
      writeFileAtomically(join(temporary, FACTS), JSON.stringify(facts));
      return this.#publish(temporary, wheel);
    } finally {
      // After a rename there is nothing left under this name.
      remove(temporary);
    }
  }

  /**
   * Knows a wheel that stays where it is. Its digests are kept for as long as path, size, time and inode are the same.
   *
   * @throws FileError when it cannot be read.
   */
  async adopt(path: string, signal?: AbortSignal): Promise<StoredWheel> {
    const absolute = resolve(path);
    const facts = factsOf(absolute);
    if (facts?.kind !== "file") throw new FileError(`Cannot read ${absolute}: no such file`);
    const record = join(this.#layout.local, `${localKey(absolute, facts)}.json`);
    const known = parseDigests(whenPossible(() => readTextIfExists(record)));
    const digests = known ?? (await this.#digest(absolute, signal));
    if (known === undefined) {
      whenPossible(() => writeFileAtomically(record, JSON.stringify({ path: absolute, ...digests })));
    }
    return { path: absolute, filename: basename(absolute), size: facts.size, ...digests };
  }

  /** Whether the bytes still have their digest. If not, the entry is dropped. @throws FileError, Cancelled */
  async isSound(wheel: StoredWheel, signal?: AbortSignal): Promise<boolean> {
    const { sha256 } = await this.#digest(wheel.path, signal);
    if (sha256 === wheel.sha256) return true;
    remove(join(this.#layout.wheels, wheel.sha256));
    return false;
  }

  async #receive(
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    path: string,
    expected: Expectation,
  ): Promise<StoredWheel> {
    const filename = basename(path);
    const check = new HashCheck(expected.hashes ?? {});
    const running = new RunningDigests();
    const sink = this.#streams.create(path);
    try {
      for await (const chunk of chunks) {
        if (expected.signal?.aborted) throw new Cancelled("Cancelled");
        running.update(chunk);
        check.update(chunk);
        sink.write(chunk);
      }
    } finally {
      sink.close();
    }
    const digests = running.finish();
    if (expected.size !== undefined && expected.size !== running.size) {
      throw new SizeMismatch(
        `The file does not have the promised size: ${filename}: expected ${expected.size} bytes, got ${running.size}`,
        { hint: "try again; the transfer was probably cut off" },
      );
    }
    check.finish(filename, digests.sha256);
    return { path, filename, size: running.size, ...digests };
  }

  /** Moves a finished directory to its place, unless another process was faster. */
  #publish(temporary: string, wheel: StoredWheel): StoredWheel {
    const place = join(this.#layout.wheels, wheel.sha256);
    for (let attempt = 1; ; attempt++) {
      try {
        rename(temporary, place);
        return { ...wheel, path: join(place, wheel.filename) };
      } catch (error) {
        if (!isOccupied(error) || attempt > 3) throw error;
      }
      const existing = this.find(wheel.sha256, wheel.filename);
      if (existing) return existing;
      // Something is there, but it is not the wheel any more.
      remove(place);
    }
  }

  async #digest(path: string, signal: AbortSignal | undefined): Promise<{ sha256: Sha256; crc32: number }> {
    const running = new RunningDigests();
    for await (const chunk of this.#streams.chunks(path)) {
      if (signal?.aborted) throw new Cancelled("Cancelled");
      running.update(chunk);
    }
    return running.finish();
  }
}

class RunningDigests {
  readonly #sha256 = new Sha256Stream();
  #crc32 = 0;
  size = 0;

  update(chunk: Uint8Array): void {
    this.#sha256.update(chunk);
    this.#crc32 = crc32(chunk, this.#crc32);
    this.size += chunk.length;
  }

  finish(): { readonly sha256: Sha256; readonly crc32: number } {
    return { sha256: this.#sha256.digest(), crc32: this.#crc32 };
  }
}

interface Facts {
  readonly filename: string;
  readonly size: number;
  readonly crc32: number;
}

function parseFacts(text: string | undefined): Facts | undefined {
  const value = parseObject(text);
  const { filename, size, crc32 } = value;
  if (typeof filename !== "string" || typeof size !== "number" || typeof crc32 !== "number") return undefined;
  return { filename, size, crc32 };
}

function parseDigests(text: string | undefined): { readonly sha256: Sha256; readonly crc32: number } | undefined {
  const value = parseObject(text);
  const sha256 = typeof value["sha256"] === "string" ? asSha256(value["sha256"]) : undefined;
  const crc32 = value["crc32"];
  return sha256 !== undefined && typeof crc32 === "number" ? { sha256, crc32 } : undefined;
}

/** A JSON object of our own making, or an empty one if it is missing or damaged: then it is simply made again. */
function parseObject(text: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function localKey(path: string, facts: FileFacts): string {
  return sha256Of([path, facts.size, facts.modified, facts.inode].join("\0")).slice(0, 40);
}

function isOccupied(error: unknown): boolean {
  const code = systemCode(error instanceof FileError ? error.cause : error);
  return code === "ENOTEMPTY" || code === "EEXIST" || code === "ENOTDIR";
}

function checkPlainName(filename: string): void {
  if (!/^[^./\\\0][^/\\\0]*$/.test(filename)) {
    throw new FileError(`The name is not that of a file: ${JSON.stringify(filename)}`);
  }
}
