/** A directory that appears in one step: filled beside its place, then renamed. */

import * as fs from "node:fs";
import { dirname, join } from "node:path";

import { Cancelled, systemCode } from "../base/errors.ts";
import { explained, makeDirectory, remove, rename, setAside, temporarySibling } from "../base/fs.ts";

import { createFile, readChunks } from "./file-streams.ts";
import { checkSafePath } from "./safe-path.ts";

export interface DirectoryOptions {
  /** Called when all is written, just before the directory takes its place. */
  readonly beforePublish?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Lets the task fill a directory, which then replaces whatever is at the path.
 *
 * @returns Bytes of all its files.
 * @throws FileError, Cancelled, or what the task throws; then nothing is left and the old contents stand.
 */
export async function writeDirectoryAtomically(
  path: string,
  options: DirectoryOptions,
  task: (output: OutputDirectory) => Promise<void>,
): Promise<number> {
  const temporary = temporarySibling(path);
  makeDirectory(temporary);
  try {
    const output = new OutputDirectory(temporary, options.signal);
    await task(output);
    options.beforePublish?.();
    publish(temporary, path);
    return output.size;
  } catch (error) {
    fs.rmSync(temporary, { recursive: true, force: true });
    throw error;
  }
}

/** A directory cannot be renamed over a file or over a full directory, so what is there steps aside first. */
function publish(temporary: string, path: string): void {
  if (!isOccupied(path)) return rename(temporary, path);
  const aside = setAside(path);
  try {
    rename(temporary, path);
  } catch (error) {
    if (aside !== undefined) rename(aside, path);
    throw error;
  }
  if (aside !== undefined) remove(aside);
}

/** Whether there is anything, be it a symbolic link that leads nowhere. */
function isOccupied(path: string): boolean {
  return explained("Cannot look at", path, () => fs.lstatSync(path, { throwIfNoEntry: false })) !== undefined;
}

/** Why a link may fail where a copy does not: another file system, one without links, too many, or no right to. */
const CANNOT_LINK = new Set(["EXDEV", "EPERM", "EMLINK", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EACCES"]);

/** Files on their way into a directory; no name leads out of it, and none is taken twice. */
export class OutputDirectory {
  readonly #root: string;
  readonly #signal: AbortSignal | undefined;
  readonly #parents = new Set<string>();
  #size = 0;

  constructor(root: string, signal?: AbortSignal) {
    this.#root = root;
    this.#signal = signal;
  }

  /** Bytes of all files so far. */
  get size(): number {
    return this.#size;
  }

  /** @param mode Permission bits before the umask. @throws FileError, Cancelled, ZipError for an unsafe path */
  write(path: string, content: Uint8Array, mode: number): void {
    const target = this.#place(path);
    explained("Cannot write", target, () => fs.writeFileSync(target, content, { mode, flag: "wx" }));
    this.#size += content.length;
  }

  /** The same for content that comes piece by piece. @throws as `write`, or what the chunks throw */
  async writeChunks(path: string, chunks: AsyncIterable<Uint8Array>, mode: number): Promise<void> {
    const writer = createFile(this.#place(path), mode);
    try {
      for await (const chunk of chunks) {
        writer.write(chunk);
        this.#size += chunk.length;
      }
    } finally {
      writer.close();
    }
  }

  /** Copies a file, or gives it a second name, which costs nothing. @throws as `write` */
  async take(path: string, file: { readonly path: string; readonly mayLink: boolean }): Promise<void> {
    const target = this.#place(path);
    if (file.mayLink && explained("Cannot write", target, () => linked(file.path, target))) {
      this.#size += fs.statSync(target).size;
      return;
    }
    await this.writeChunks(path, readChunks(file.path), 0o666);
  }

  /** Where a file that something else writes comes to lie; its directory is there. @throws as `write` */
  pathOf(path: string): string {
    return this.#place(path);
  }

  /** Counts bytes that something else has written. */
  count(bytes: number): void {
    this.#size += bytes;
  }

  #place(path: string): string {
    if (this.#signal?.aborted) throw new Cancelled("Cancelled");
    checkSafePath(path);
    const target = join(this.#root, path);
    const parent = dirname(target);
    if (!this.#parents.has(parent)) {
      makeDirectory(parent);
      this.#parents.add(parent);
    }
    return target;
  }
}

function linked(from: string, to: string): boolean {
  try {
    fs.linkSync(from, to);
    return true;
  } catch (error) {
    if (CANNOT_LINK.has(systemCode(error) ?? "")) return false;
    throw error;
  }
}
