/** A big file that appears in one step: written beside its place, hashed on the way, then renamed. */

import * as fs from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { crc32 } from "node:zlib";

import { Sha256Stream, type Sha256 } from "../base/digest.ts";
import { Cancelled, PexError } from "../base/errors.ts";
import { explained, fileError, makeDirectory, temporarySibling } from "../base/fs.ts";

import { writeFully, type FileRange } from "./file-streams.ts";

/** A file is not what it was when its facts were recorded. */
export class FileChanged extends PexError {
  readonly code = "FILE_CHANGED";
}

/** What was written. */
export interface WrittenFile {
  /** Absent when the caller did not want it. */
  readonly sha256: Sha256 | undefined;
  /** Bytes. */
  readonly size: number;
}

export interface OutputOptions {
  /** Permission bits before the umask; default 0o666. */
  readonly mode?: number | undefined;
  /** Whether to compute the SHA-256 of the file, which is half of the work; default true. */
  readonly digest?: boolean | undefined;
  /** Called when all is written, just before the file takes its place. */
  readonly beforePublish?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Lets the task write a file, which then replaces whatever file is at the path.
 *
 * @throws FileError, Cancelled, or what the task throws; then nothing is left and the old file stands.
 */
export async function writeAtomically(
  path: string,
  options: OutputOptions,
  task: (output: OutputFile) => Promise<void>,
): Promise<WrittenFile> {
  makeDirectory(dirname(path));
  const temporary = temporarySibling(path);
  const descriptor = explained("Cannot write", path, () => fs.openSync(temporary, "wx", options.mode ?? 0o666));
  const output = new OutputFile(descriptor, path, options);
  try {
    try {
      await task(output);
      await output.finish();
    } finally {
      await output.settled();
      fs.closeSync(descriptor);
    }
    options.beforePublish?.();
    explained("Cannot write", path, () => fs.renameSync(temporary, path));
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
  return { sha256: output.sha256, size: output.position };
}

/** Measured on 80 MB: larger halves are not faster, and these stay in the processor's cache. */
const HALF_SIZE = 512 * 1024;

const writeInBackground = promisify(fs.write);

/**
 * Gathers bytes in one half of a buffer while the other half is being written by the thread pool.
 *
 * Memory stays at two halves however much passes through.
 */
export class OutputFile {
  readonly #descriptor: number;
  readonly #path: string;
  readonly #signal: AbortSignal | undefined;
  readonly #hash: Sha256Stream | undefined;
  #filling: Buffer = Buffer.allocUnsafeSlow(HALF_SIZE);
  #spare: Buffer = Buffer.allocUnsafeSlow(HALF_SIZE);
  #filled = 0;
  #flushed = 0;
  #writing: Promise<void> = Promise.resolve();
  #sha256: Sha256 | undefined;

  constructor(descriptor: number, path: string, options: OutputOptions) {
    this.#descriptor = descriptor;
    this.#path = path;
    this.#signal = options.signal;
    this.#hash = (options.digest ?? true) ? new Sha256Stream() : undefined;
  }

  /** Bytes appended so far. */
  get position(): number {
    return this.#flushed + this.#filled;
  }

  /** Known after `finish`. */
  get sha256(): Sha256 | undefined {
    return this.#sha256;
  }

  /** @throws FileError, Cancelled */
  async append(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const piece = bytes.subarray(done, done + HALF_SIZE - this.#filled);
      this.#filling.set(piece, this.#filled);
      done += piece.length;
      await this.#grow(piece.length);
    }
  }

  /**
   * Appends a piece of another file.
   *
   * @returns The CRC-32 of what was copied.
   * @throws FileChanged when the other file ends too early; FileError, Cancelled
   */
  async appendRange(range: FileRange): Promise<number> {
    const source = explained("Cannot read", range.path, () => fs.openSync(range.path, "r"));
    try {
      let crc = 0;
      for (let done = 0; done < range.length;) {
        const room = Math.min(HALF_SIZE - this.#filled, range.length - done);
        const count = explained("Cannot read", range.path, () =>
          fs.readSync(source, this.#filling, this.#filled, room, range.offset + done),
        );
        if (count === 0) throw fileChanged(range.path);
        crc = crc32(this.#filling.subarray(this.#filled, this.#filled + count), crc);
        done += count;
        await this.#grow(count);
      }
      return crc;
    } finally {
      fs.closeSync(source);
    }
  }

  /** Writes the rest; nothing may be appended afterwards. */
  async finish(): Promise<void> {
    await this.#flush();
    await this.#writing;
    this.#sha256 = this.#hash?.digest();
  }

  /** Waits until the thread pool has let go of the file, however that ends. */
  async settled(): Promise<void> {
    await this.#writing.catch(() => {});
  }

  async #grow(count: number): Promise<void> {
    this.#filled += count;
    if (this.#filled === HALF_SIZE) await this.#flush();
  }

  async #flush(): Promise<void> {
    if (this.#signal?.aborted) throw new Cancelled("Cancelled");
    await this.#writing;
    const full = this.#filling.subarray(0, this.#filled);
    this.#writing = this.#write(full);
    // Whoever awaits it next gets the failure; until then it is not an unhandled one.
    this.#writing.catch(() => {});
    this.#hash?.update(full);
    this.#flushed += this.#filled;
    this.#filled = 0;
    [this.#filling, this.#spare] = [this.#spare, this.#filling];
  }

  async #write(bytes: Buffer): Promise<void> {
    try {
      const { bytesWritten } = await writeInBackground(this.#descriptor, bytes, 0, bytes.length, null);
      // A short write is how a full disk announces itself; trying the rest gives the reason.
      if (bytesWritten < bytes.length) writeFully(this.#descriptor, bytes.subarray(bytesWritten));
    } catch (error) {
      throw fileError("Cannot write", this.#path, error);
    }
  }
}

/** The complaint about a file that was exchanged or damaged behind our back. */
export function fileChanged(path: string): FileChanged {
  return new FileChanged(`A file is not what it was when it was recorded: ${path}`, {
    hint: "build again; if it stays, remove that file so that it is fetched again",
  });
}
