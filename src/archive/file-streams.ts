/** Files written and read in pieces, with failures that name the file. */

import * as fs from "node:fs";
import { promisify } from "node:util";

import { explained, fileError } from "../base/fs.ts";

/** Where a piece of a file lies. */
export interface FileRange {
  readonly path: string;
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
}

const readInBackground = promisify(fs.read);

const CHUNK_SIZE = 1024 * 1024;

/** A file being written, piece by piece. */
export interface FileWriter {
  /** @throws FileError */
  write(chunk: Uint8Array): void;
  /** @throws FileError */
  close(): void;
}

/** How `cache/` gets at the disk. */
export const fileStreams: {
  readonly create: (path: string) => FileWriter;
  readonly chunks: (path: string) => AsyncIterable<Uint8Array>;
} = { create: (path) => createFile(path), chunks: readChunks };

/**
 * Creates a file that must not exist yet.
 *
 * @param mode Permission bits before the umask.
 * @throws FileError
 */
export function createFile(path: string, mode = 0o666): FileWriter {
  const descriptor = explained("Cannot create", path, () => fs.openSync(path, "wx", mode));
  return {
    write: (chunk) => explained("Cannot write", path, () => writeFully(descriptor, chunk)),
    close: () => explained("Cannot write", path, () => fs.closeSync(descriptor)),
  };
}

/**
 * The bytes of a file in pieces of one buffer: a piece is valid until the next one is asked for.
 *
 * @param range All of the file unless given; it may end earlier than that.
 * @throws FileError
 */
export async function* readChunks(
  path: string,
  range: Pick<FileRange, "offset" | "length"> = { offset: 0, length: Infinity },
): AsyncGenerator<Uint8Array> {
  const descriptor = explained("Cannot read", path, () => fs.openSync(path, "r"));
  try {
    const buffer = Buffer.allocUnsafeSlow(CHUNK_SIZE);
    for (let done = 0; done < range.length;) {
      const room = Math.min(buffer.length, range.length - done);
      const { bytesRead } = await readInBackground(descriptor, buffer, 0, room, range.offset + done);
      if (bytesRead === 0) return;
      done += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    throw fileError("Cannot read", path, error);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Writes all of the chunk, where one call may write a part of it. */
export function writeFully(descriptor: number, chunk: Uint8Array): void {
  for (let done = 0; done < chunk.length;) done += fs.writeSync(descriptor, chunk, done, chunk.length - done);
}
