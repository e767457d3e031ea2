/** Which indexes and find-links are asked, and in which order. */

import type { PipConfig } from "../net/pip-config.ts";

/** What a user may ask for, named as in `BuildRequest`. */
export interface LocationRequest {
  /** Whether the default index is used; default true. */
  readonly defaultIndex?: boolean | undefined;
  readonly indexes?: readonly string[] | undefined;
  readonly findLinks?: readonly string[] | undefined;
}

export interface PackageLocations {
  readonly indexes: readonly string[];
  readonly findLinks: readonly string[];
}

/**
 * pip's `index-url` stands in for the default index; the command line's places come before pip's further ones;
 * `--no-index` drops the default and all of pip's indexes, and so does pip's own `no-index`.
 *
 * @param options.pip `undefined` when pip's configuration is not to be used.
 */
export function packageLocations(
  request: LocationRequest,
  { pip, defaultIndex }: { readonly pip: PipConfig | undefined; readonly defaultIndex: string },
): PackageLocations {
  const isIndexUsed = request.defaultIndex !== false && !pip?.noIndex;
  const base = isIndexUsed ? [pip?.indexUrl ?? defaultIndex] : [];
  const extra = isIndexUsed ? (pip?.extraIndexUrls ?? []) : [];
  return {
    indexes: unique([...base, ...(request.indexes ?? []), ...extra]),
    findLinks: unique([...(request.findLinks ?? []), ...(pip?.findLinks ?? [])]),
  };
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
