/** Requirements and constraints files in pip's format, with everything they name, each read once. */

import { basename, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { PexError } from "../base/errors.ts";
import { factsOf, FileError, listDirectory, readBytesUpTo } from "../base/fs.ts";
import type { Host } from "../base/host.ts";
import { SafeUrl } from "../base/safe-url.ts";
import { closest } from "../base/text.ts";
import { DocumentBuilder } from "./requirements-builder.ts";
import type { RequirementsDocument } from "./requirements-document.ts";
import { throwFaults } from "./requirements-fault.ts";
import { readRequirementsLine } from "./requirements-line.ts";
import type { Base, NestedFile } from "./requirements-line.ts";
import { decodeRequirements, logicalLines } from "./requirements-text.ts";

/** Where to read, and what the reading depends on. */
export interface RequirementsSources {
  /** Paths, URLs, or `-` for standard input. */
  readonly requirementsFiles: readonly string[];
  readonly constraintsFiles: readonly string[];
  readonly host: Pick<Host, "cwd" | "env">;
  /** The text of an `http:` or `https:` URL. */
  fetchText(url: SafeUrl): Promise<string>;
}

/**
 * Reads all files. A name is opened once and never resolved further, so that pipes such as `-r <(pip freeze)` work.
 *
 * @throws FileError for a file that is not there; RequirementsFileError with all faults of all files; what
 *   `fetchText` throws.
 * @see pip's documentation, "Requirements File Format"
 */
export async function readRequirements(sources: RequirementsSources): Promise<RequirementsDocument> {
  const reader = new RequirementsReader(sources);
  for (const name of sources.constraintsFiles) await reader.readNamed(name, true);
  for (const name of sources.requirementsFiles) await reader.readNamed(name, false);
  throwFaults(reader.builder.faults);
  return reader.builder.build();
}

/** A file that can be opened. */
interface Place {
  /** Equal for equal files. */
  readonly key: string;
  readonly shown: string;
  readonly base: Base;
  open(): Promise<string>;
}

class RequirementsReader {
  readonly builder = new DocumentBuilder();
  readonly #sources: RequirementsSources;
  /** Files that were read, by purpose and key. */
  readonly #seen = new Set<string>();
  /** Contents by key: what is both a requirements and a constraints file is still opened once. */
  readonly #contents = new Map<string, string>();

  constructor(sources: RequirementsSources) {
    this.#sources = sources;
  }

  /** Reads a file of the command line. */
  async readNamed(name: string, isConstraints: boolean): Promise<void> {
    const place = this.#locate(name, { kind: "directory", path: this.#sources.host.cwd });
    await this.#read(place, { isConstraints, stack: [] });
  }

  async #readNested(nested: NestedFile, stack: readonly Place[]): Promise<void> {
    const parent = stack.at(-1);
    if (parent === undefined) return;
    const place = this.#locate(nested.name, parent.base);
    const start = stack.findIndex(({ key }) => key === place.key);
    if (start !== -1) {
      const cycle = [...stack.slice(start), place].map(({ shown }) => shown);
      nested.blame(`The file includes itself: ${cycle.join(" → ")}`);
      return;
    }
    try {
      await this.#read(place, { isConstraints: nested.isConstraints, stack });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      nested.blame(error.message, error.hint);
    }
  }

  async #read(
    place: Place,
    { isConstraints, stack }: { readonly isConstraints: boolean; readonly stack: readonly Place[] },
  ): Promise<void> {
    const purpose = `${isConstraints ? "c" : "r"} ${place.key}`;
    if (this.#seen.has(purpose)) return;
    this.#seen.add(purpose);
    const content = this.#contents.get(place.key) ?? (await place.open());
    this.#contents.set(place.key, content);
    const { builder } = this;
    const context = { shown: place.shown, base: place.base, isConstraints, host: this.#sources.host, builder };
    for (const line of logicalLines(content)) {
      for (const nested of readRequirementsLine(line, context)) await this.#readNested(nested, [...stack, place]);
    }
  }

  #locate(name: string, base: Base): Place {
    if (name === "-") return this.#localPlace("/dev/stdin", "standard input");
    const url = /^(?:https?|file):/i.test(name) ? SafeUrl.parse(name) : undefined;
    if (url?.protocol === "file:") return this.#localPlace(pathOf(url), name);
    if (url) return this.#remotePlace(url);
    if (base.kind === "directory") return this.#localPlace(resolve(base.path, name), name);
    const joined = SafeUrl.parse(name, base.url);
    if (joined === undefined) throw new FileError(`Not a URL: ${name}`);
    return this.#remotePlace(joined);
  }

  #remotePlace(url: SafeUrl): Place {
    return {
      key: url.identity,
      shown: url.toString(),
      base: { kind: "url", url },
      open: () => this.#sources.fetchText(url),
    };
  }

  #localPlace(path: string, shown: string): Place {
    // Names in what comes through a pipe start from the working directory.
    const isStream = /^\/(?:dev|proc)\//.test(path) || factsQuietly(path) === "other";
    return {
      key: path,
      shown,
      base: { kind: "directory", path: isStream ? this.#sources.host.cwd : dirname(path) },
      open: async () => decodeRequirements(readWithHint(path, shown), shown),
    };
  }
}

function pathOf(url: SafeUrl): string {
  try {
    return fileURLToPath(url.reveal());
  } catch (error) {
    throw new FileError(`Not a path on this machine: ${url.toString()}`, { cause: error });
  }
}

function factsQuietly(path: string): string | undefined {
  try {
    return factsOf(path)?.kind;
  } catch {
    return undefined;
  }
}

/** Bytes of a requirements file that are too many, as at a URL; 100,000 pins with hashes have 10 MB. */
const LARGEST = 16 * 1024 * 1024;

function readWithHint(path: string, shown: string): Uint8Array {
  try {
    return readBytesUpTo(path, LARGEST);
  } catch (error) {
    if (!(error instanceof PexError) || factsQuietly(path) !== undefined) throw error;
    const neighbour = closest(basename(path), neighbours(path));
    throw new FileError(`No such file: ${shown}`, {
      hint:
        neighbour === undefined
          ? "check the path; relative paths start from the working directory or from the file that names them"
          : `did you mean ${shown.slice(0, shown.length - basename(path).length)}${neighbour}?`,
    });
  }
}

function neighbours(path: string): readonly string[] {
  try {
    return listDirectory(dirname(path));
  } catch {
    return [];
  }
}
