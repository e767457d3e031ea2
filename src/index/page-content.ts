/** What a project page lists, found without parsing what nobody looks at. */

import { isAscii } from "node:buffer";

import { readRegularLinks } from "../standards/simple-index-links.ts";
import { urlResolver } from "../standards/simple-index-url.ts";
import {
  fileOfLink,
  parseIndexHtml,
  parseIndexJson,
  parsePageJson,
  type ProjectFile,
} from "../standards/simple-index.ts";

import { scanAnchors } from "./anchor-scan.ts";

/**
 * The two forms in which files are kept until somebody looks at them: `anchors` are the start tags in the page as it
 * came, `entries` are JSON objects like those in PEP 691, one a line.
 */
export type Form = "anchors" | "entries";

/** One listed file: its name and where the rest about it stands in the content, in bytes. */
export interface ListedFile {
  readonly filename: string;
  readonly start: number;
  readonly end: number;
}

/** A page taken apart. */
export interface PageContent {
  readonly form: Form;
  /** What the offsets of the files refer to: the page itself for anchors. */
  readonly content: Buffer;
  readonly files: readonly ListedFile[];
}

/** Takes a page apart. @param options.url Where it came from. @throws InvalidIndexPage */
export async function readPageContent(
  body: Buffer,
  options: { readonly contentType: string | undefined; readonly url: string },
): Promise<PageContent> {
  if (isJsonType(options.contentType)) return listEntries(jsonEntries(body.toString("utf8"), options.url));
  // One character a byte, so that offsets into the text are offsets into the page.
  const text = body.toString("latin1");
  const anchors = scanAnchors(text);
  if (!anchors) return listEntries((await parseIndexHtml(body.toString("utf8"), options.url)).map(entryOf));
  // A page's bytes are UTF-8, whatever they look like one by one.
  const isPlain = isAscii(body);
  const files = anchors.names.map((name, index) => ({
    filename: decodeName(isPlain ? name : Buffer.from(name, "latin1").toString("utf8")),
    start: anchors.tags[2 * index] ?? 0,
    end: anchors.tags[2 * index + 1] ?? 0,
  }));
  return { form: "anchors", content: body, files };
}

/** Whether a content type announces a JSON page (PEP 691). */
export function isJsonType(contentType: string | undefined): boolean {
  return /^application\/(?:vnd\.pypi\.simple\.\w+\+)?json\b/i.test(contentType ?? "");
}

/**
 * Makes the reader of a page's files.
 *
 * @param options.url Where the page came from; its files' URLs may be relative to it.
 */
export function fileReader(options: {
  readonly form: Form;
  readonly url: string;
}): (parts: readonly Buffer[]) => ProjectFile[] {
  const { form, url } = options;
  if (form === "entries") return (parts) => parseIndexJson(`{"files":[${parts.join(",")}]}`, url);
  const resolve = urlResolver(url);
  return (parts) => {
    const links = parts.flatMap((part) => readRegularLinks(part.toString("utf8"))?.links ?? []);
    return links.map((link) => fileOfLink(link, resolve)).filter((file) => file !== undefined);
  };
}

/** A file in the words of PEP 691. */
type Entry = Readonly<Record<string, unknown>>;

function jsonEntries(text: string, url: string): Entry[] {
  const page = parsePageJson(text, url) as { readonly files?: unknown };
  // Without its files, the page is checked for what it is in next to no time.
  parseIndexJson(JSON.stringify(Array.isArray(page?.files) ? { ...page, files: [], versions: [] } : page), url);
  return (page.files as Entry[]).map(slimmed);
}

/** Servers tell much more than we ever ask. */
function slimmed(entry: Entry): Entry {
  const metadata = entry?.["core-metadata"] ?? entry?.["dist-info-metadata"] ?? entry?.["data-dist-info-metadata"];
  const { filename, url, hashes, yanked, size } = entry ?? {};
  const requiresPython = entry?.["requires-python"];
  const uploadTime = entry?.["upload-time"];
  return {
    filename,
    url,
    hashes,
    "requires-python": requiresPython ?? undefined,
    yanked: yanked === false ? undefined : yanked,
    size,
    "core-metadata": metadata === false ? undefined : metadata,
    "upload-time": uploadTime ?? undefined,
  };
}

function listEntries(entries: readonly Entry[]): PageContent {
  const parts: Buffer[] = [];
  const files: ListedFile[] = [];
  let start = 0;
  for (const entry of entries) {
    const filename = entry?.["filename"];
    if (typeof filename !== "string") continue;
    const part = Buffer.from(`${JSON.stringify(entry)}\n`);
    files.push({ filename, start, end: start + part.length });
    parts.push(part);
    start += part.length;
  }
  return { form: "entries", content: Buffer.concat(parts, start), files };
}

function entryOf(file: ProjectFile): Entry {
  const { filename, url, hashes, requiresPython, yanked, metadata } = file;
  return {
    filename,
    url,
    hashes,
    "requires-python": requiresPython,
    yanked: yanked === "" ? true : yanked,
    "core-metadata": typeof metadata === "string" ? { sha256: metadata } : metadata,
  };
}

function decodeName(name: string): string {
  if (!name.includes("%")) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
