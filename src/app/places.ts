/** Where distributions are looked for: the command line, requirements files and pip's configuration, put together. */

import { isAbsolute, resolve } from "node:path";

import { isDirectory, isFile } from "../base/fs.ts";
import { expandUser, type Host } from "../base/host.ts";
import type { RequirementsDocument } from "../inputs/requirements-document.ts";
import { defaultIndexUrl } from "../index/default-index.ts";
import type { PlaceScope } from "../index/place-scope.ts";
import type { PipConfig } from "../net/pip-config.ts";
import type { BuildRequest } from "./build-request.ts";
import { placeNames, type NamedPlace } from "./place-names.ts";

/** All places, in the order in which equal files win. */
export interface Places {
  /** URLs of simple indexes. */
  readonly indexes: readonly string[];
  /** URLs and absolute paths. */
  readonly findLinks: readonly string[];
  /** What some of them are limited to. */
  readonly scopes: ReadonlyMap<string, readonly PlaceScope[]>;
}

/** What requirements files say about places. */
type FileOptions = Pick<
  RequirementsDocument,
  "indexUrl" | "extraIndexUrls" | "findLinks" | "noIndex" | "places" | "requirements"
>;

/**
 * The places for a request.
 *
 * `-i` adds to the default index, as in upstream's pex; an `--index-url` of a requirements file or of pip's
 * configuration replaces it; `--no-index` drops it together with pip's indexes. With `deriveSources` the places of a
 * requirements file are for the requirements of that file alone.
 *
 * @throws UsageError for names of places that are used twice, or not at all
 */
export function placesToSearch(
  request: BuildRequest,
  said: { readonly files: FileOptions; readonly pip: PipConfig | undefined },
  host: Host,
): Places {
  const { files, pip } = said;
  const isOpen = (request.defaultIndex ?? true) && !files.noIndex && !(pip?.noIndex ?? false);
  const isThere = (path: string): boolean => isFile(located(path, host)) || isDirectory(located(path, host));
  const named = placeNames(request, isThere);
  const derived = request.deriveSources ? derivedScopes(files) : new Map<string, PlaceScope[]>();
  const general = files.indexUrl !== undefined && derived.has(files.indexUrl) ? undefined : files.indexUrl;
  const indexes = [
    ...(isOpen ? [general ?? pip?.indexUrl ?? defaultIndexUrl()] : []),
    ...named.indexes.map(({ place }) => place),
    ...(files.noIndex ? [] : files.extraIndexUrls),
    ...files.places.flatMap(({ kind, place }) => (kind === "index" && derived.has(place) ? [place] : [])),
    ...(isOpen ? (pip?.extraIndexUrls ?? []) : []),
  ];
  const findLinks = [...named.findLinks.map(({ place }) => place), ...files.findLinks, ...(pip?.findLinks ?? [])];
  const scopes = new Map([...limited(named.indexes), ...limited(named.findLinks), ...derived]);
  return {
    indexes: [...new Set(indexes)],
    findLinks: [...new Set(findLinks.map((place) => located(place, host)))],
    scopes: new Map(
      [...scopes].flatMap(([place, each]) => [[place, each] as const, [located(place, host), each] as const]),
    ),
  };
}

/** What the files' own requirements make of their places; those of a file without any stay as they are. */
function derivedScopes({ places, requirements }: FileOptions): Map<string, PlaceScope[]> {
  const scopes = new Map<string, PlaceScope[]>();
  for (const { place, file } of places) {
    const own = requirements.filter(({ origin }) => origin?.file === file).map(({ requirement }) => requirement);
    const found = own.map(({ project, marker }): PlaceScope => ({ projects: project, marker }));
    if (found.length > 0) scopes.set(place, [...(scopes.get(place) ?? []), ...found]);
  }
  return scopes;
}

function limited(places: readonly NamedPlace[]): (readonly [string, readonly PlaceScope[]])[] {
  return places.flatMap(({ place, scopes }) => (scopes.length > 0 ? [[place, scopes] as const] : []));
}

/** URLs stay as they are, paths become absolute. */
function located(place: string, host: Host): string {
  if (/^[a-z][a-z0-9+.-]+:/i.test(place) || isAbsolute(place)) return place;
  return resolve(host.cwd, expandUser(place, host));
}
