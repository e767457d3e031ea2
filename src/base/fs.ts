/** The one door to the disk (besides `archive/`): whole-file reads, atomic writes, sorted walks. */

import * as fs from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { getSystemErrorMap } from "node:util";

import { PexError, systemCode } from "./errors.ts";
import { compareOrdinal } from "./text.ts";

/** A file or directory cannot be read or written. */
export class FileError extends PexError {
  readonly code = "FILE";
}

/** What a name on disk is. */
export interface FileFacts {
  readonly kind: "file" | "directory" | "other";
  /** Bytes. */
  readonly size: number;
  /** Nanoseconds since 1970. */
  readonly modified: bigint;
  /** Permission bits. */
  readonly mode: number;
  readonly inode: bigint;
}

/**
 * Facts about the thing at the path, symbolic links followed, or `undefined` when nothing is there.
 *
 * @throws FileError when nobody may look.
 */
export function factsOf(path: string): FileFacts | undefined {
  const stats = statsOf(path);
  if (!stats) return undefined;
  return {
    kind: stats.isFile() ? "file" : stats.isDirectory() ? "directory" : "other",
    size: Number(stats.size),
    modified: stats.mtimeNs,
    mode: Number(stats.mode) & 0o7777,
    inode: stats.ino,
  };
}

export function isFile(path: string): boolean {
  return factsOfQuietly(path)?.kind === "file";
}

export function isDirectory(path: string): boolean {
  return factsOfQuietly(path)?.kind === "directory";
}

/** Whether the path is a file that this user may execute. */
export function isExecutableFile(path: string): boolean {
  if (!isFile(path)) return false;
  try {
    fs.accessSync(path, fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * All bytes of a file; pipes and devices are read to their end.
 *
 * @throws FileError when it cannot be read.
 */
export function readBytes(path: string): Buffer {
  return explained("Cannot read", path, () => fs.readFileSync(path));
}

/** All bytes of what may never end, as devices do. @throws FileError for more than `limit` bytes too. */
export function readBytesUpTo(path: string, limit: number): Buffer {
  const chunks: Buffer[] = [];
  let size = 0;
  const descriptor = explained("Cannot read", path, () => fs.openSync(path, "r"));
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const length = explained("Cannot read", path, () => fs.readSync(descriptor, chunk));
      if (length === 0) return Buffer.concat(chunks, size);
      chunks.push(chunk.subarray(0, length));
      size += length;
      if (size > limit) throw new FileError(`Cannot read ${path}: it has more than ${limit} bytes`);
    }
  } finally {
    fs.closeSync(descriptor);
  }
}

const CHUNK = 65_536;

/** All text of an UTF-8 file, without a byte order mark. @throws FileError */
export function readText(path: string): string {
  return readBytes(path)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
}

/** All bytes of a file, or `undefined` when there is none. @throws FileError for any other trouble. */
export function readBytesIfExists(path: string): Buffer | undefined {
  try {
    return fs.readFileSync(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw failure("Cannot read", path, error);
  }
}

/** An open file of which parts are read; close it. What has its name later is another file. */
export class OpenFile {
  /** Bytes when it was opened. */
  readonly length: number;
  readonly #path: string;
  readonly #descriptor: number;

  constructor(path: string, descriptor: number) {
    this.#path = path;
    this.#descriptor = descriptor;
    this.length = fs.fstatSync(descriptor).size;
  }

  /** The bytes of a range; fewer where the file has become shorter. @throws FileError */
  subarray(start: number, end: number): Buffer {
    const bytes = Buffer.allocUnsafe(end - start);
    const read = (): number => fs.readSync(this.#descriptor, bytes, 0, bytes.length, start);
    return bytes.subarray(0, explained("Cannot read", this.#path, read));
  }

  close(): void {
    fs.closeSync(this.#descriptor);
  }
}

/** Opens a file, or gives `undefined` when there is none. @throws FileError for any other trouble. */
export function openIfExists(path: string): OpenFile | undefined {
  try {
    return new OpenFile(path, fs.openSync(path, "r"));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw failure("Cannot read", path, error);
  }
}

/** All text of an UTF-8 file, or `undefined` when there is none. @throws FileError for any other trouble. */
export function readTextIfExists(path: string): string | undefined {
  return readBytesIfExists(path)?.toString("utf8");
}

/** Creates a directory and its parents. @throws FileError */
export function makeDirectory(path: string): void {
  explained("Cannot create the directory", path, () => makeWithParents(path));
}

/** Node's own way never ends where the parent is there but takes no directories, as in `/proc`. */
function makeWithParents(path: string): void {
  if (tryMake(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeWithParents(parent);
  if (!tryMake(path)) fs.mkdirSync(path);
}

/** Whether the directory is there now; not when its parent is missing. */
function tryMake(path: string): boolean {
  try {
    fs.mkdirSync(path);
    return true;
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT") return false;
    // Another process may have been faster; what may not be written to can be there too.
    if (isDirectory(path)) return true;
    const target = code === "EEXIST" ? danglingTarget(path) : undefined;
    if (target === undefined) throw error;
    makeWithParents(target);
    return true;
  }
}

/** Where a symbolic link leads while nothing is there: a cache may lie on a disk that somebody has emptied. */
function danglingTarget(path: string): string | undefined {
  try {
    fs.statSync(path);
  } catch (error) {
    if (isMissing(error)) return resolve(dirname(path), fs.readlinkSync(path));
  }
  return undefined;
}

/**
 * Publishes a file in one step: readers see the old one or the whole new one.
 *
 * @param mode Permission bits before the umask.
 * @throws FileError and leaves nothing behind.
 */
export function writeFileAtomically(path: string, data: Uint8Array | string, mode = 0o666): void {
  const temporary = temporarySibling(path);
  explained("Cannot write", path, () => {
    try {
      inDirectory(path, () => fs.writeFileSync(temporary, data, { mode, flag: "wx" }));
      fs.renameSync(temporary, path);
    } catch (error) {
      fs.rmSync(temporary, { force: true });
      throw error;
    }
  });
}

/** Makes the directory of a path only if the task fails without it: mostly it is there. */
function inDirectory(path: string, task: () => void): void {
  try {
    task();
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
    makeDirectory(dirname(path));
    task();
  }
}

/** The result, or `undefined` for a file that cannot be read or written: for what can be made again. */
export function whenPossible<Value>(task: () => Value): Value | undefined {
  try {
    return task();
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

/** An unused path beside `path`, hidden and recognisable as ours, for a write that ends in a rename. */
export function temporarySibling(path: string): string {
  // Whoever writes there creates the file exclusively: the name need not be secret, only unlikely to be taken.
  const unlikely = Math.random().toString(36).slice(2, 12);
  return join(dirname(path), `.${basename(path).slice(0, 100)}.${unlikely}.tmp`);
}

/** Makes a symbolic link at `path`, and the directory that it lies in. @throws FileError */
export function makeLink(target: string, path: string): void {
  explained("Cannot write", path, () => inDirectory(path, () => fs.symlinkSync(target, path)));
}

/** Moves a file or directory over the target name, within one file system. @throws FileError */
export function rename(from: string, to: string): void {
  explained("Cannot write", to, () => fs.renameSync(from, to));
}

/**
 * Takes what is at `path` out of sight in one step; returns where it is now. A directory of a lower layer of an overlay, as in a
 * container whose image holds it, cannot be renamed: it is removed, and there is nothing to return.
 *
 * @throws FileError
 */
export function setAside(path: string): string | undefined {
  const aside = temporarySibling(path);
  return explained("Cannot write", path, () => {
    try {
      fs.renameSync(path, aside);
      return aside;
    } catch (error) {
      if (systemCode(error) !== "EXDEV") throw error;
      fs.rmSync(path, { recursive: true });
      return undefined;
    }
  });
}

/** Removes a file or a whole tree, if it is there. @throws FileError */
export function remove(path: string): void {
  explained("Cannot remove", path, () => fs.rmSync(path, { recursive: true, force: true, maxRetries: 2 }));
}

/** Sets permission bits. @throws FileError */
export function changeMode(path: string, mode: number): void {
  explained("Cannot change the mode of", path, () => fs.chmodSync(path, mode));
}

/** A new private directory inside `parent`. @throws FileError */
export function makeTemporaryDirectory(parent: string, prefix: string): string {
  return explained("Cannot create a temporary directory in", parent, () => fs.mkdtempSync(join(parent, prefix)));
}

/** Names in a directory in ordinal order; empty when there is no such directory. @throws FileError */
export function listDirectory(path: string): string[] {
  try {
    return fs.readdirSync(path).toSorted(compareOrdinal);
  } catch (error) {
    if (isMissing(error)) return [];
    throw failure("Cannot read the directory", path, error);
  }
}

/** When something was last read or changed, in milliseconds since 1970; most systems note a reading once a day at least. */
export function lastUse(path: string): number {
  return explained("Cannot look at", path, () => {
    const { atimeMs, mtimeMs } = fs.lstatSync(path);
    return Math.max(atimeMs, mtimeMs);
  });
}

/** The path with symbolic links resolved, or the path itself when it does not exist. */
export function realPath(path: string): string {
  try {
    return fs.realpathSync(path);
  } catch {
    return path;
  }
}

/** Opens a file and hands over its descriptor; it is closed afterwards. @throws FileError when it cannot be opened. */
export async function withFile<Value>(path: string, task: (descriptor: number) => Promise<Value>): Promise<Value> {
  const descriptor = explained("Cannot read", path, () => fs.openSync(path, "r"));
  try {
    return await task(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

function statsOf(path: string): fs.BigIntStats | undefined {
  try {
    return fs.statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    // No file can have such a name; a requirement can.
    if (["ENOTDIR", "ENAMETOOLONG"].includes(systemCode(error) ?? "")) return undefined;
    throw failure("Cannot look at", path, error);
  }
}

function factsOfQuietly(path: string): FileFacts | undefined {
  try {
    return factsOf(path);
  } catch {
    return undefined;
  }
}

/** Whether the system says that nothing is there. */
function isMissing(error: unknown): boolean {
  const code = systemCode(error);
  return code === "ENOENT" || code === "ENOTDIR";
}

/** Runs a task; what the system says against it becomes a `FileError`, anything else passes as it is. */
export function explained<Value>(what: string, path: string, task: () => Value): Value {
  try {
    return task();
  } catch (error) {
    throw fileError(what, path, error);
  }
}

/** What the system says against a file as a `FileError`; anything else as it is. */
export function fileError(what: string, path: string, error: unknown): unknown {
  return error instanceof PexError || systemCode(error) === undefined ? error : failure(what, path, error);
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EISDIR: "it is a directory",
  EDQUOT: "the disk quota is exhausted",
  EEXIST: "something of that name is in the way",
  ENAMETOOLONG: "the name is too long",
  ENOENT: "no such file or directory",
  ENOSPC: "no space left on the device",
  ENOTDIR: "a part of the path is not a directory",
  EPERM: "operation not permitted",
  ELOOP: "too many symbolic links",
  EROFS: "the file system is read-only",
};

const HINTS: Readonly<Record<string, string>> = {
  EACCES: "check the permissions of the path and of its parent directories",
  ENOSPC: "free some space, or choose another place with --output-file, --pex-root or --tmpdir",
  EROFS: "choose another place with --output-file, --pex-root or --tmpdir",
};

function failure(what: string, path: string, error: unknown): FileError {
  const code = systemCode(error) ?? "";
  return new FileError(`${what} ${path}: ${REASONS[code] ?? systemReason(error) ?? code}`, {
    cause: error,
    hint: HINTS[code],
  });
}

/** What the system calls an error that has no words of ours. */
function systemReason(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("errno" in error) || typeof error.errno !== "number") return undefined;
  return getSystemErrorMap().get(error.errno)?.[1];
}
