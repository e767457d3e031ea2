/**
 * The versions of a project page and where the files of each stand in it: all that has to be kept of a page.
 *
 * ```text
 * {"format":2,"url":…,"sha256":…,"form":"anchors","length":812,"versions":2,"files":3}   one line of facts
 * [[2,31,0],[[2,31,0],0,["rc",1],null,null,[]]]      versions, newest first: a release, or the parts of a version
 * u32 × versions                                     how many files stand up to and including each version
 * u32 × 2 × files                                    start and end of each file in the content, by version
 * ```
 *
 * Numbers are little-endian. Of 91 pages with 40,000 files, a resolve looks at some hundred; parsing the pages takes
 * 200 ms, this 5 ms.
 */

import { asSha256, type Sha256 } from "../base/digest.ts";
import type { ProjectName } from "../standards/project-name.ts";
import type { ProjectFile, ProjectReleases } from "../standards/simple-index.ts";
import { makeVersion, type Version } from "../standards/version.ts";

import { fileReader, type Form, type PageContent } from "./page-content.ts";
import { groupByVersion } from "./release-files.ts";

/** Raise it whenever the form or the reading of pages changes: older pages are then read anew. */
const FORMAT = 2;

/** What we know of a page besides its content. */
export interface PageFacts {
  /** Where it came from, after redirects, without credentials. */
  readonly url: string;
  /** The digest of the page's bytes as the server sent them, content encoding undone. */
  readonly sha256: Sha256;
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
}

/** The content of a page, in memory or on the disk. */
export interface ContentBytes {
  readonly length: number;
  subarray(start: number, end: number): Buffer;
}

/** Works out the index of a page. */
export function encodePageIndex(facts: PageFacts, project: ProjectName, page: PageContent): Buffer {
  const releases = groupByVersion(project, page.files);
  const count = releases.reduce((sum, { files }) => sum + files.length, 0);
  const numbers = Buffer.alloc(4 * (releases.length + 2 * count));
  let listed = 0;
  for (const [index, { files }] of releases.entries()) {
    for (const { start, end } of files) {
      const at = 4 * (releases.length + 2 * listed++);
      numbers.writeUInt32LE(start, at);
      numbers.writeUInt32LE(end, at + 4);
    }
    numbers.writeUInt32LE(listed, 4 * index);
  }
  const head = {
    format: FORMAT,
    ...facts,
    form: page.form,
    length: page.content.length,
    versions: releases.length,
    files: count,
  };
  const versions = releases.map(({ version }) => encodeVersion(version));
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n${JSON.stringify(versions)}\n`), numbers]);
}

/** Opens an index; `undefined` when it is damaged or of another format. */
export function openPageIndex(bytes: Buffer): PageIndex | undefined {
  const first = bytes.indexOf(10);
  const second = bytes.indexOf(10, first + 1);
  const head = second === -1 ? undefined : parseHead(bytes.toString("utf8", 0, first));
  if (!head || bytes.length - second - 1 !== 4 * (head.versions + 2 * head.files)) return undefined;
  return new PageIndex(head, { bytes, versionsStart: first + 1, numbersStart: second + 1 });
}

/** The index of a page. */
export class PageIndex {
  readonly facts: PageFacts;
  readonly form: Form;
  /** Bytes of the content that it refers to. */
  readonly contentLength: number;
  readonly #head: Head;
  readonly #place: Place;

  constructor(head: Head, place: Place) {
    const { url, sha256, etag, lastModified, form } = head;
    this.facts = { url, sha256, etag, lastModified };
    this.form = form;
    this.contentLength = head.length;
    this.#head = head;
    this.#place = place;
  }

  /** The same index for the same content with other facts. */
  withFacts(facts: PageFacts): Buffer {
    const head = Buffer.from(`${JSON.stringify({ format: FORMAT, ...this.#head, ...facts })}\n`);
    return Buffer.concat([head, this.#place.bytes.subarray(this.#place.versionsStart)]);
  }

  /** @param content What the index refers to. */
  releases(project: ProjectName, content: ContentBytes): ProjectReleases {
    return new PageReleases({ project, content, index: this });
  }

  /** Newest first. */
  versions(): readonly Version[] {
    const { bytes, versionsStart, numbersStart } = this.#place;
    return (JSON.parse(bytes.toString("latin1", versionsStart, numbersStart)) as EncodedVersion[]).map(decodeVersion);
  }

  /** Start and end of each file of a version. */
  ranges(version: number): (readonly [number, number])[] {
    if (version < 0 || version >= this.#head.versions) return [];
    const { bytes, numbersStart } = this.#place;
    const number = (index: number) => bytes.readUInt32LE(numbersStart + 4 * index);
    const ranges: (readonly [number, number])[] = [];
    for (let file = version === 0 ? 0 : number(version - 1); file < number(version); file++) {
      const at = this.#head.versions + 2 * file;
      ranges.push([number(at), number(at + 1)]);
    }
    return ranges;
  }
}

interface Head extends PageFacts {
  readonly form: Form;
  /** Bytes of the content. */
  readonly length: number;
  readonly versions: number;
  readonly files: number;
}

interface Place {
  readonly bytes: Buffer;
  readonly versionsStart: number;
  readonly numbersStart: number;
}

interface PageParts {
  readonly project: ProjectName;
  readonly content: ContentBytes;
  readonly index: PageIndex;
}

class PageReleases implements ProjectReleases {
  readonly project: ProjectName;
  readonly #parts: PageParts;
  readonly #files: (readonly ProjectFile[] | undefined)[] = [];
  #versions: readonly Version[] | undefined;
  #read: ((parts: readonly Buffer[]) => ProjectFile[]) | undefined;

  constructor(parts: PageParts) {
    this.project = parts.project;
    this.#parts = parts;
  }

  get versions(): readonly Version[] {
    return (this.#versions ??= this.#parts.index.versions());
  }

  files(version: number): readonly ProjectFile[] {
    return (this.#files[version] ??= this.#decode(version));
  }

  #decode(version: number): ProjectFile[] {
    const { index, content } = this.#parts;
    this.#read ??= fileReader({ form: index.form, url: index.facts.url });
    return this.#read(partsOf(content, index.ranges(version)));
  }
}

/** The files of a version mostly stand side by side: one reading instead of one for each. */
function partsOf(content: ContentBytes, ranges: readonly (readonly [number, number])[]): Buffer[] {
  const from = Math.min(...ranges.map(([start]) => start));
  const to = Math.max(...ranges.map(([, end]) => end));
  const wanted = ranges.reduce((sum, [start, end]) => sum + end - start, 0);
  if (ranges.length < 2 || to - from > 2 * wanted) return ranges.map(([start, end]) => content.subarray(start, end));
  const bytes = content.subarray(from, to);
  return ranges.map(([start, end]) => bytes.subarray(start - from, end - from));
}

/** A plain release as its numbers; otherwise release, epoch, pre, post, dev, local. */
type EncodedVersion =
  | readonly number[]
  | readonly [
      readonly number[],
      number,
      readonly ["a" | "b" | "rc", number] | null,
      number | null,
      number | null,
      readonly (string | number)[],
    ];

function encodeVersion(version: Version): EncodedVersion {
  const { release, epoch, pre, post, dev, local } = version;
  const isPlain = epoch === 0 && !pre && post === undefined && dev === undefined && local.length === 0;
  return isPlain ? release : [release, epoch, pre ?? null, post ?? null, dev ?? null, local];
}

const NO_LABEL: readonly (string | number)[] = [];

function decodeVersion(encoded: EncodedVersion): Version {
  if (isPlainRelease(encoded)) {
    return makeVersion({
      epoch: 0,
      release: encoded,
      pre: undefined,
      post: undefined,
      dev: undefined,
      local: NO_LABEL,
    });
  }
  const [release, epoch, pre, post, dev, local] = encoded;
  return makeVersion({ epoch, release, pre: pre ?? undefined, post: post ?? undefined, dev: dev ?? undefined, local });
}

function isPlainRelease(encoded: EncodedVersion): encoded is readonly number[] {
  return typeof encoded[0] === "number";
}

function parseHead(text: string): Head | undefined {
  let head: Readonly<Record<string, unknown>>;
  try {
    head = JSON.parse(text) as typeof head;
  } catch {
    return undefined;
  }
  const { format, url, form, length, versions, files } = head;
  const sha256 = asSha256(String(head["sha256"]));
  if (format !== FORMAT || typeof url !== "string" || sha256 === undefined) return undefined;
  if ((form !== "anchors" && form !== "entries") || typeof versions !== "number" || typeof files !== "number")
    return undefined;
  if (typeof length !== "number") return undefined;
  const optional = (value: unknown) => (typeof value === "string" ? value : undefined);
  return {
    url,
    sha256,
    form,
    length,
    versions,
    files,
    etag: optional(head["etag"]),
    lastModified: optional(head["lastModified"]),
  };
}
