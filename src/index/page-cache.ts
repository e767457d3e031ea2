/**
 * Project pages on disk. Each page has up to three files:
 *
 * - `<key>.index`: its versions and where their files stand, see `page-index.ts`;
 * - `<key>.<digest>.content`: what the index refers to, if the page may be used again without fetching it;
 * - `<key>.fresh`: until when the server lets us use it without asking.
 */

import { basename, dirname, join } from "node:path";

import { sha256, type Sha256 } from "../base/digest.ts";
import {
  FileError,
  isFile,
  listDirectory,
  readBytesIfExists,
  readTextIfExists,
  remove,
  writeFileAtomically,
} from "../base/fs.ts";

import { openPageIndex, type PageIndex } from "./page-index.ts";

/** A directory of pages; losing any of them costs time only. */
export class PageCache {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The index of the page of that URL as it was last seen. */
  readIndex(url: string): PageIndex | undefined {
    const bytes = quietly(() => readBytesIfExists(this.#path(url, "index")));
    return bytes && openPageIndex(bytes);
  }

  hasContent(url: string, page: Sha256): boolean {
    return isFile(this.#contentPath(url, page));
  }

  /** The content that the index of the page with that digest refers to. */
  readContent(url: string, page: Sha256): Buffer | undefined {
    return quietly(() => readBytesIfExists(this.#contentPath(url, page)));
  }

  /** @param encoded What `encodePageIndex` or `PageIndex.withFacts` returned. */
  writeIndex(url: string, encoded: Buffer): void {
    quietly(() => writeFileAtomically(this.#path(url, "index"), encoded));
  }

  /** Takes the place of the content of other pages of that URL. Write it before the index that refers to it. */
  writeContent(url: string, page: Sha256, content: Buffer): void {
    const path = this.#contentPath(url, page);
    const key = basename(this.#path(url, ""));
    quietly(() => {
      const others = listDirectory(dirname(path)).filter((name) => name.startsWith(key) && name.endsWith(".content"));
      writeFileAtomically(path, content);
      for (const other of others) if (other !== basename(path)) remove(join(dirname(path), other));
    });
  }

  /** Milliseconds since 1970 until which the page may be used without asking; 0 if it may not. */
  freshUntil(url: string): number {
    return Number(quietly(() => readTextIfExists(this.#path(url, "fresh"))) ?? 0);
  }

  /** Kept apart from the page, because it changes whenever the server is asked and the page does not. */
  setFreshUntil(url: string, time: number): void {
    quietly(() => writeFileAtomically(this.#path(url, "fresh"), String(time)));
  }

  #contentPath(url: string, page: Sha256): string {
    return this.#path(url, `${page.slice(0, 32)}.content`);
  }

  #path(url: string, extension: string): string {
    return join(this.#directory, `${sha256(url).slice(0, 40)}.${extension}`);
  }
}

function quietly<Value>(task: () => Value): Value | undefined {
  try {
    return task();
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}
