/** Names that the command line gives to places, so that `--source` can limit them: `-i NAME=URL`, `-f NAME=PATH`. */

import { UsageError } from "../base/errors.ts";
import { closest, escapeControl } from "../base/text.ts";
import { parsePlaceScope, type PlaceScope } from "../index/place-scope.ts";
import type { BuildRequest } from "./build-request.ts";

/** An index or a find-links place of the command line. */
export interface NamedPlace {
  readonly name: string | undefined;
  /** URL or path, as typed. */
  readonly place: string;
  /** What it is limited to; empty without a `--source` of its name. */
  readonly scopes: readonly PlaceScope[];
}

/** A name has nothing that begins a path or belongs to a URL. */
const NAMED = /^([^=/:?#~.][^=/:?#]*)=(.+)$/s;

/**
 * Takes names and places apart and finds what each is limited to.
 *
 * @param isThere Whether a text is the path of something: that is no name with an `=` behind it.
 * @throws UsageError for a name that is used twice, or that no place has
 */
export function placeNames(
  request: Pick<BuildRequest, "indexes" | "findLinks" | "sources">,
  isThere: (path: string) => boolean,
): { readonly indexes: readonly NamedPlace[]; readonly findLinks: readonly NamedPlace[] } {
  const sources = parseSources(request.sources ?? []);
  const parse = (text: string): NamedPlace => {
    const [, name, place = ""] = NAMED.exec(text) ?? [];
    if (name === undefined || (!sources.has(name) && isThere(text)))
      return { name: undefined, place: text, scopes: [] };
    return { name, place, scopes: sources.get(name) ?? [] };
  };
  const indexes = (request.indexes ?? []).map(parse);
  const findLinks = (request.findLinks ?? []).map(parse);
  checkUnique("--index", indexes);
  checkUnique("--find-links", findLinks);
  checkKnown([...sources.keys()], [...indexes, ...findLinks]);
  return { indexes, findLinks };
}

/** Scopes by name. */
function parseSources(texts: readonly string[]): ReadonlyMap<string, readonly PlaceScope[]> {
  const scopes = new Map<string, PlaceScope[]>();
  for (const text of texts) {
    const [, name, scope = ""] = NAMED.exec(text) ?? [];
    if (name === undefined) {
      throw new UsageError(`Not a value of --source: \`${escapeControl(text)}\``, {
        hint: "write it as `NAME=SCOPE`, where -i or -f has given NAME to a place, such as `internal=torch`",
      });
    }
    scopes.set(name, [...(scopes.get(name) ?? []), parsePlaceScope(scope)]);
  }
  return scopes;
}

function checkUnique(option: string, places: readonly NamedPlace[]): void {
  const seen = new Set<string>();
  for (const { name } of places) {
    if (name === undefined) continue;
    if (seen.has(name)) throw new UsageError(`Two places of ${option} have the same name: ${escapeControl(name)}`);
    seen.add(name);
  }
}

/** A name that is misspelt would leave its projects to the other places. */
function checkKnown(names: readonly string[], places: readonly NamedPlace[]): void {
  const known = places.flatMap(({ name }) => name ?? []);
  for (const name of names) {
    if (known.includes(name)) continue;
    const meant = closest(name, known);
    throw new UsageError(`No place has the name that --source limits: ${escapeControl(name)}`, {
      hint: meant === undefined ? `name a place with \`-i ${name}=URL\` or \`-f ${name}=PATH\`` : `write \`${meant}\``,
    });
  }
}
