/**
 * Project pages on disk. Each page has up to three files:
 *
 * - `<key>.index`: its versions and where their files stand, see `page-index.ts`;
 * - `<key>.<digest>.content`: what the index refers to, of which a resolve reads a few lines;
 * - `<key>.fresh`: until when the server lets us use it without asking.
 */

import { join } from "node:path";

import { sha256, type Sha256 } from "../base/digest.ts";
import {
  openIfExists,
  type OpenFile,
  readBytesIfExists,
  readTextIfExists,
  remove,
  whenPossible,
  writeFileAtomically,
} from "../base/fs.ts";
import type { ProjectName } from "../standards/project-name.ts";
import type { ProjectReleases } from "../standards/simple-index.ts";

import { openPageIndex, type ContentBytes, type PageFacts, type PageIndex } from "./page-index.ts";

/** Bytes of a content that is read whole; of a larger one only what is looked at. */
const SMALL = 64 * 1024;

/** Contents that are held open; further ones are read whole. */
const MOST_OPEN = 200;

/** A directory of pages; losing any of them costs time only. Close it at the end. */
export class PageCache {
  readonly #directory: string;
  readonly #open = new Set<OpenFile>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The page of a project. @param url Without credentials. */
  page(url: string, project: ProjectName): CachedPage {
    const stem = join(this.#directory, sha256(url).slice(0, 40));
    return new CachedPage({ project, stem, openContent: (path) => this.#openContent(path) });
  }

  /** After it, releases that were not looked at yet cannot be any more. */
  close(): void {
    for (const file of this.#open) file.close();
    this.#open.clear();
  }

  /** @throws FileError */
  #openContent(path: string): ContentBytes | undefined {
    const file = openIfExists(path);
    if (file === undefined) return undefined;
    if (file.length > SMALL && this.#open.size < MOST_OPEN) {
      // Open, it stays readable when another process puts a newer page in its place.
      this.#open.add(file);
      return file;
    }
    try {
      return file.subarray(0, file.length);
    } finally {
      file.close();
    }
  }
}

interface CachedPageOptions {
  readonly project: ProjectName;
  /** How the paths of its files begin. */
  readonly stem: string;
  readonly openContent: (path: string) => ContentBytes | undefined;
}

/** A page as it was last seen, read from the disk at most once. */
export class CachedPage {
  readonly #options: CachedPageOptions;
  #index: { readonly read: PageIndex | undefined } | undefined;
  #releases: { readonly read: ProjectReleases | undefined } | undefined;

  constructor(options: CachedPageOptions) {
    this.#options = options;
  }

  /** Its facts, and what it listed; `undefined` when nothing is kept. */
  get index(): PageIndex | undefined {
    this.#index ??= { read: this.#readIndex() };
    return this.#index.read;
  }

  /** What it listed, the same object each time; `undefined` when nothing is kept, or not all of it. */
  get releases(): ProjectReleases | undefined {
    this.#releases ??= { read: this.#openReleases() };
    return this.#releases.read;
  }

  /** Takes the place of what was kept. @param encoded What `encodePageIndex` returned. */
  keep({ encoded, content }: { readonly encoded: Buffer; readonly content: Buffer }): void {
    const former = this.index?.facts.sha256;
    const index = openPageIndex(encoded);
    if (index === undefined) throw new TypeError("A page index cannot be read back");
    const { sha256: page } = index.facts;
    // An index refers to a content that is there already.
    whenPossible(() => {
      writeFileAtomically(this.#contentPath(page), content);
      writeFileAtomically(this.#path("index"), encoded);
      if (former !== undefined && former !== page) remove(this.#contentPath(former));
    });
    this.#index = { read: index };
    this.#releases = undefined;
  }

  /** Learns other facts about the same content. */
  keepFacts(facts: PageFacts): void {
    const encoded = this.index?.withFacts(facts);
    if (encoded !== undefined) whenPossible(() => writeFileAtomically(this.#path("index"), encoded));
  }

  /** Milliseconds since 1970 until which the page may be used without asking; 0 if it may not. */
  get freshUntil(): number {
    return Number(whenPossible(() => readTextIfExists(this.#path("fresh"))) ?? 0);
  }

  /** Kept apart from the page, because it changes whenever the server is asked and the page does not. */
  set freshUntil(time: number) {
    whenPossible(() => writeFileAtomically(this.#path("fresh"), String(time)));
  }

  #readIndex(): PageIndex | undefined {
    const bytes = whenPossible(() => readBytesIfExists(this.#path("index")));
    return bytes && openPageIndex(bytes);
  }

  #openReleases(): ProjectReleases | undefined {
    const { index } = this;
    if (index === undefined) return undefined;
    const content = whenPossible(() => this.#options.openContent(this.#contentPath(index.facts.sha256)));
    return content?.length === index.contentLength ? index.releases(this.#options.project, content) : undefined;
  }

  #contentPath(page: Sha256): string {
    return this.#path(`${page.slice(0, 32)}.content`);
  }

  #path(extension: string): string {
    return `${this.#options.stem}.${extension}`;
  }
}
