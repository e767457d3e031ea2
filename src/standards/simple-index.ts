/** What a package index tells about a project: the simple repository API (PEP 503, 592, 629, 658, 691, 700). */

import { asSha256 } from "../base/digest.ts";
import type { Sha256 } from "../base/digest.ts";
import { PexError } from "../base/errors.ts";
import { SafeUrl } from "../base/safe-url.ts";

import type { ProjectName } from "./project-name.ts";
import { readIndexLinks } from "./simple-index-links.ts";
import type { IndexLink } from "./simple-index-links.ts";
import { excerpt } from "./source-error.ts";
import { urlResolver } from "./simple-index-url.ts";
import type { Version } from "./version.ts";

/** One downloadable file of a project, as an index or a find-links page lists it. */
export interface ProjectFile {
  readonly filename: string;
  /** Absolute `https:`, `http:` or `file:` URL without fragment. */
  readonly url: string;
  /** Digests by algorithm name in lower case, such as `sha256`; values in lower-case hexadecimal. */
  readonly hashes: Readonly<Record<string, string>>;
  /** The `Requires-Python` specifier text. */
  readonly requiresPython: string | undefined;
  /** The reason, possibly empty, when the file is yanked. */
  readonly yanked: string | undefined;
  /** Bytes, where the index tells. */
  readonly size: number | undefined;
  /** PEP 658: the digest of the separate metadata file, or `true` when there is one of unknown digest. */
  readonly metadata: Sha256 | true | undefined;
  /** PEP 700 upload time, ISO 8601. */
  readonly uploadTime: string | undefined;
}

/** All releases of one project that the configured places offer. */
export interface ProjectReleases {
  readonly project: ProjectName;
  /** Newest first, no two equal. */
  readonly versions: readonly Version[];
  /** The files of `versions[index]`, wheels and sdists; decoded on demand. */
  files(index: number): readonly ProjectFile[];
}

/** A page that is not what its content type says. */
export class InvalidIndexPage extends PexError {
  readonly code = "INVALID_INDEX_PAGE";

  /** @param url Where the page came from. */
  constructor(what: string, url: string, cause?: unknown) {
    super(`${what}: ${String(SafeUrl.parse(url))}`, {
      hint: "check that the URL is that of a package index, and not of its website",
      cause,
    });
  }
}

type Json = Readonly<Record<string, unknown>>;

/** Whatever could leave a directory, confuse a terminal, or not be a name on disk at all. */
// oxlint-disable-next-line no-control-regex
const UNSAFE_FILENAME = /[/\\\u0000-\u001f\u007f]|^\.{0,2}$/;
const LONGEST_FILENAME = 255;
const SHA256_FRAGMENT = /^sha256=[0-9a-f]{64}$/;
const HEXADECIMAL = /^[0-9a-fA-F]+$/;
const HASH_ALGORITHMS: ReadonlySet<string> = new Set([
  "sha256",
  "sha512",
  "sha384",
  "sha224",
  "sha1",
  "md5",
  "blake2b",
]);

/**
 * Reads a project page in JSON (PEP 691, PEP 700). Entries that lack a usable name or URL are passed over.
 *
 * @param baseUrl Absolute URL of the page, after redirects; its credentials are inherited by relative URLs.
 * @throws InvalidIndexPage when the text is no such page or of a newer major version.
 */
export function parseIndexJson(text: string, baseUrl: string): ProjectFile[] {
  const page = asObject(parsePageJson(text, baseUrl));
  const version = asObject(page?.["meta"])?.["api-version"];
  if (typeof version === "string" && !/^1(?:\.|$)/.test(version)) {
    throw new InvalidIndexPage(
      `The page is in version ${excerpt(version)} of the simple API, which is unknown`,
      baseUrl,
    );
  }
  if (!page || !Array.isArray(page["files"]))
    throw new InvalidIndexPage("The page of the index has no list of files", baseUrl);
  const resolve = urlResolver(baseUrl);
  const files: ProjectFile[] = [];
  for (const item of page["files"]) {
    const file = asObject(item);
    const filename = asText(file?.["filename"]);
    const url = asText(file?.["url"]);
    const resolved = url === undefined ? undefined : resolve(url);
    if (!file || filename === undefined || !resolved || !isUsable(filename)) continue;
    files.push({
      filename,
      url: resolved.url,
      hashes: hashesOf(asObject(file["hashes"]) ?? {}),
      requiresPython: asText(file["requires-python"]),
      yanked: file["yanked"] === true ? "" : asText(file["yanked"]),
      size: asSize(file["size"]),
      metadata: metadataOf(file["core-metadata"] ?? file["dist-info-metadata"] ?? file["data-dist-info-metadata"]),
      uploadTime: asText(file["upload-time"]),
    });
  }
  return files;
}

/**
 * Reads a project page or any page of links in HTML (PEP 503, 592, 658). Links to anything but named files are passed over.
 *
 * @param baseUrl Absolute URL of the page, after redirects; its credentials are inherited by relative URLs.
 */
export async function parseIndexHtml(html: string, baseUrl: string): Promise<ProjectFile[]> {
  const { base, links } = await readIndexLinks(html);
  const resolve = urlResolver((base !== undefined && URL.parse(base, baseUrl)?.href) || baseUrl);
  const files: ProjectFile[] = [];
  for (const link of links) {
    const file = fileOfLink(link, resolve);
    if (file) files.push(file);
  }
  return files;
}

/** The file that a link leads to, or `undefined` when it leads to anything else. @param resolve From `urlResolver` of the page. */
export function fileOfLink(link: IndexLink, resolve: ReturnType<typeof urlResolver>): ProjectFile | undefined {
  const resolved = resolve(link.href.trim());
  if (!resolved) return undefined;
  const { url, fragment } = resolved;
  const query = url.indexOf("?");
  const path = query === -1 ? url : url.slice(0, query);
  const filename = decoded(path.slice(path.lastIndexOf("/") + 1));
  if (filename === undefined || !isUsable(filename)) return undefined;
  return {
    filename,
    url,
    hashes: fragment === "" ? {} : hashesOfFragment(fragment),
    requiresPython: link.requiresPython === "" ? undefined : link.requiresPython,
    yanked: link.yanked,
    size: undefined,
    metadata: metadataOfAttribute(link.metadata),
    uploadTime: undefined,
  };
}

function isUsable(filename: string): boolean {
  return filename.length <= LONGEST_FILENAME && !UNSAFE_FILENAME.test(filename);
}

function hashesOf(object: Json): Record<string, string> {
  const hashes: Record<string, string> = {};
  for (const [algorithm, value] of Object.entries(object)) {
    if (typeof value === "string" && HEXADECIMAL.test(value)) hashes[algorithm.toLowerCase()] = value.toLowerCase();
  }
  return hashes;
}

/** `#sha256=…`, perhaps among other `&`-separated facts. */
function hashesOfFragment(fragment: string): Record<string, string> {
  if (SHA256_FRAGMENT.test(fragment)) return { sha256: fragment.slice("sha256=".length) };
  const pairs = fragment.split("&").map((pair) => pair.split("="));
  return hashesOf(Object.fromEntries(pairs.filter(([name = ""]) => HASH_ALGORITHMS.has(name))));
}

function metadataOf(value: unknown): ProjectFile["metadata"] {
  if (value === true) return true;
  const hashes = asObject(value);
  return hashes ? (asSha256(asText(hashes["sha256"]) ?? "") ?? true) : undefined;
}

/** `true` or `algorithm=digest`. */
function metadataOfAttribute(value: string | undefined): ProjectFile["metadata"] {
  if (value === undefined) return undefined;
  const equals = value.indexOf("=");
  if (equals === -1) return value.toLowerCase() === "true" ? true : undefined;
  return value.startsWith("sha256=") ? (asSha256(value.slice(equals + 1)) ?? true) : true;
}

/** @throws InvalidIndexPage */
export function parsePageJson(text: string, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidIndexPage("The page of the index is not the JSON that it claims to be", url, error);
  }
}

function asObject(value: unknown): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

/** Text that says something. */
function asText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function asSize(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function decoded(segment: string): string | undefined {
  if (!segment.includes("%")) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
