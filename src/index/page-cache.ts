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
  factsOf,
  listDirectory,
  readBytesIfExists,
  readTextIfExists,
  remove,
  whenPossible,
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
    const bytes = whenPossible(() => readBytesIfExists(this.#path(url, "index")));
    return bytes && openPageIndex(bytes);
  }

  /** Bytes of that content, `undefined` when there is none. */
  contentLength(url: string, page: Sha256): number | undefined {
    return whenPossible(() => factsOf(this.#contentPath(url, page)))?.size;
  }

  /** The content that the index of the page with that digest refers to. */
  readContent(url: string, page: Sha256): Buffer | undefined {
    return whenPossible(() => readBytesIfExists(this.#contentPath(url, page)));
  }

  /** @param encoded What `encodePageIndex` or `PageIndex.withFacts` returned. */
  writeIndex(url: string, encoded: Buffer): void {
    whenPossible(() => writeFileAtomically(this.#path(url, "index"), encoded));
  }

  /** Takes the place of the content of other pages of that URL. Write it before the index that refers to it. */
  writeContent(url: string, page: Sha256, content: Buffer): void {
    const path = this.#contentPath(url, page);
    const key = basename(this.#path(url, ""));
    whenPossible(() => {
      const others = listDirectory(dirname(path)).filter((name) => name.startsWith(key) && name.endsWith(".content"));
      writeFileAtomically(path, content);
      for (const other of others) if (other !== basename(path)) remove(join(dirname(path), other));
    });
  }

  /** Milliseconds since 1970 until which the page may be used without asking; 0 if it may not. */
  freshUntil(url: string): number {
    return Number(whenPossible(() => readTextIfExists(this.#path(url, "fresh"))) ?? 0);
  }

  /** Kept apart from the page, because it changes whenever the server is asked and the page does not. */
  setFreshUntil(url: string, time: number): void {
    whenPossible(() => writeFileAtomically(this.#path(url, "fresh"), String(time)));
  }

  #contentPath(url: string, page: Sha256): string {
    return this.#path(url, `${page.slice(0, 32)}.content`);
  }

  #path(url: string, extension: string): string {
    return join(this.#directory, `${sha256(url).slice(0, 40)}.${extension}`);
  }
}
