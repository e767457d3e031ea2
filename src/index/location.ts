/** Where packages may be found, from what users write to what we can ask. */

import { pathToFileURL, fileURLToPath } from "node:url";
import { isAbsolute, resolve } from "node:path";

import { isDirectory, isFile } from "../base/fs.ts";
import { SafeUrl } from "../base/safe-url.ts";
import { PexError } from "../base/errors.ts";
import { escapeControl } from "../base/text.ts";

/** An index or find-links place that cannot be one. */
export class InvalidLocation extends PexError {
  readonly code = "INVALID_LOCATION";
}

/** One place. */
export type Location =
  /** Has a page for each project. */
  | { readonly kind: "index"; readonly url: SafeUrl }
  /** The same on disk: a directory for each project. */
  | { readonly kind: "index-directory"; readonly path: string }
  /** Has files of all projects. */
  | { readonly kind: "directory"; readonly path: string }
  /** Is one file, or a page of links, in HTML, as its name tells. */
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "page"; readonly url: SafeUrl }
  /** Is not there. */
  | { readonly kind: "missing"; readonly path: string };

export interface LocationOptions {
  /** What relative paths are relative to. */
  readonly cwd: string;
  readonly home: string;
}

/** An index (`-i`): a URL, or a path on this machine. @throws InvalidLocation */
export function parseIndex(text: string, options: LocationOptions): Location {
  const url = webUrl(text);
  if (url) return { kind: "index", url };
  const path = localPath(text, options);
  if (path === undefined) throw invalid("index", text);
  return isDirectory(path) ? { kind: "index-directory", path } : { kind: "missing", path };
}

/** A find-links place (`-f`): a directory, a file, or the URL of either or of a page. @throws InvalidLocation */
export function parseFindLinks(text: string, options: LocationOptions): Location {
  const url = webUrl(text);
  if (url) return { kind: "page", url };
  const path = localPath(text, options);
  if (path === undefined) throw invalid("find-links place", text);
  if (isDirectory(path)) return { kind: "directory", path };
  return isFile(path) ? { kind: "file", path } : { kind: "missing", path };
}

/** The `file:` URL of a path. */
export function fileUrl(path: string): string {
  return pathToFileURL(path).href;
}

/** The path of a `file:` URL, or `undefined` for any other. */
export function pathOfUrl(url: string): string | undefined {
  if (!url.startsWith("file:")) return undefined;
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}

function webUrl(text: string): SafeUrl | undefined {
  return /^https?:/i.test(text) ? SafeUrl.parse(text) : undefined;
}

function localPath(text: string, { cwd, home }: LocationOptions): string | undefined {
  if (text.startsWith("file:")) return pathOfUrl(text);
  if (text === "" || /^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return undefined;
  if (text === "~" || text.startsWith("~/")) return resolve(home, text.slice(2));
  return isAbsolute(text) ? text : resolve(cwd, text);
}

function invalid(what: string, text: string): InvalidLocation {
  const shown = SafeUrl.parse(text)?.toString() ?? text;
  return new InvalidLocation(`Not an ${what}`.replace("an find", "a find") + `: \`${escapeControl(shown)}\``, {
    hint: "give a path, or a URL with the scheme `https:`, `http:` or `file:`",
  });
}
