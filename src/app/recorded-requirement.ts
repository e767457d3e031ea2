/** How PEX-INFO names what was named by a path or URL. */

import { SafeUrl } from "../base/safe-url.ts";
import type { SourcePlace } from "../inputs/direct-source.ts";
import { formatRequirement } from "../standards/requirement.ts";
import { parseSpecifierSet } from "../standards/specifier.ts";
import type { DirectPin } from "./fetch-wheels.ts";

/**
 * The requirement with its URL; with the version that lay there instead if the place is one of this machine, or if its
 * URL cannot be told to everybody: it holds credentials, or a query, which may be a signature.
 */
export function recordedRequirement({ source, pin }: DirectPin): string {
  const url = publicUrl(source.place);
  return formatRequirement(url === undefined ? pin : { ...pin, specifier: parseSpecifierSet(""), url });
}

function publicUrl(place: SourcePlace): string | undefined {
  if (place.kind === "directory" || place.kind === "archive") return undefined;
  const address = place.kind === "url" ? place.url : place.repository;
  const url = SafeUrl.parse(address)?.reveal();
  if (url === undefined || url.protocol === "file:" || url.search !== "" || url.password !== "") return undefined;
  if (url.username !== "" && url.username !== "git") return undefined;
  const fragment = fragmentOf(place);
  if (place.kind === "url") return address + fragment;
  const revision = place.revision === undefined ? "" : `@${encodeURI(place.revision)}`;
  return `${place.system}+${address}${revision}${fragment}`;
}

function fragmentOf(place: Extract<SourcePlace, { kind: "url" | "repository" }>): string {
  const parts = Object.entries(place.kind === "url" ? place.hashes : {}).map(([name, digest]) => `${name}=${digest}`);
  if (place.subdirectory !== undefined) parts.push(`subdirectory=${place.subdirectory}`);
  return parts.length > 0 ? `#${parts.join("&")}` : "";
}
