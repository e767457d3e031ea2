/** Files written and read in pieces, with failures that name the file. */

import * as fs from "node:fs";
import { getSystemErrorMap, promisify } from "node:util";

import { systemCode } from "../base/errors.ts";
import { FileError } from "../base/fs.ts";

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
} = { create: createFile, chunks: readChunks };

/**
 * Creates a file that must not exist yet.
 *
 * @throws FileError
 */
export function createFile(path: string): FileWriter {
  const descriptor = attempt("Cannot create", path, () => fs.openSync(path, "wx"));
  return {
    write: (chunk) => attempt("Cannot write", path, () => writeFully(descriptor, chunk)),
    close: () => attempt("Cannot write", path, () => fs.closeSync(descriptor)),
  };
}

/**
 * The bytes of a file in pieces of one buffer: a piece is valid until the next one is asked for.
 *
 * @throws FileError
 */
export async function* readChunks(path: string): AsyncGenerator<Uint8Array> {
  const descriptor = attempt("Cannot read", path, () => fs.openSync(path, "r"));
  try {
    const buffer = Buffer.allocUnsafeSlow(CHUNK_SIZE);
    for (;;) {
      const { bytesRead } = await readInBackground(descriptor, buffer, 0, buffer.length, null);
      if (bytesRead === 0) return;
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

/** Runs a task; what the system says against it becomes a `FileError`. */
export function attempt<Value>(what: string, path: string, task: () => Value): Value {
  try {
    return task();
  } catch (error) {
    throw fileError(what, path, error);
  }
}

const HINTS: Readonly<Record<string, string>> = {
  EACCES: "check the permissions of the path and of its parent directories",
  ENOSPC: "free some space, or choose another place with --output-file, --pex-root or --tmpdir",
  EROFS: "choose another place with --output-file, --pex-root or --tmpdir",
};

/** The error as users see it; what is none of the system's passes as it is. */
export function fileError(what: string, path: string, error: unknown): unknown {
  const code = systemCode(error);
  if (!(error instanceof Error) || !("errno" in error) || typeof error.errno !== "number") return error;
  const reason = getSystemErrorMap().get(error.errno)?.[1] ?? code ?? "";
  return new FileError(`${what} ${path}: ${reason}`, { cause: error, hint: HINTS[code ?? ""] });
}
