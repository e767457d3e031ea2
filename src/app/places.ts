/** Where distributions are looked for: the command line, requirements files and pip's configuration, put together. */

import { isAbsolute, resolve } from "node:path";

import { expandUser, type Host } from "../base/host.ts";
import type { RequirementsDocument } from "../inputs/requirements-document.ts";
import { defaultIndexUrl } from "../index/default-index.ts";
import type { PipConfig } from "../net/pip-config.ts";
import type { BuildRequest } from "./build-request.ts";

/** All places, in the order in which equal files win. */
export interface Places {
  /** URLs of simple indexes. */
  readonly indexes: readonly string[];
  /** URLs and absolute paths. */
  readonly findLinks: readonly string[];
}

/** What requirements files say about places. */
type FileOptions = Pick<RequirementsDocument, "indexUrl" | "extraIndexUrls" | "findLinks" | "noIndex">;

/**
 * The places for a request.
 *
 * `-i` adds to the default index, as in upstream's pex; an `--index-url` of a requirements file or of pip's
 * configuration replaces it; `--no-index` drops it together with pip's indexes.
 */
export function placesToSearch(
  request: BuildRequest,
  said: { readonly files: FileOptions; readonly pip: PipConfig | undefined },
  host: Host,
): Places {
  const { files, pip } = said;
  const isOpen = (request.defaultIndex ?? true) && !files.noIndex && !(pip?.noIndex ?? false);
  const indexes = [
    ...(isOpen ? [files.indexUrl ?? pip?.indexUrl ?? defaultIndexUrl()] : []),
    ...(request.indexes ?? []),
    ...(files.noIndex ? [] : files.extraIndexUrls),
    ...(isOpen ? (pip?.extraIndexUrls ?? []) : []),
  ];
  const findLinks = [...(request.findLinks ?? []), ...files.findLinks, ...(pip?.findLinks ?? [])];
  return { indexes: [...new Set(indexes)], findLinks: [...new Set(findLinks.map((place) => located(place, host)))] };
}

/** URLs stay as they are, paths become absolute. */
function located(place: string, host: Host): string {
  if (/^[a-z][a-z0-9+.-]+:/i.test(place) || isAbsolute(place)) return place;
  return resolve(host.cwd, expandUser(place, host));
}
