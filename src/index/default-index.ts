/** The index that pip itself uses by default. */

/** Put in by whoever bundles or tests this module: no registry's host stands in the source. */
declare const PEXJS_DEFAULT_INDEX: string;

/** The URL of the default package index. */
export function defaultIndexUrl(): string {
  return PEXJS_DEFAULT_INDEX;
}
