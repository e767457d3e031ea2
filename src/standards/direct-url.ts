/** `direct_url.json`: where a distribution came from when no index named it (direct URL data structure, PEP 610). */

import { PexError } from "../base/errors.ts";

/** Where a distribution came from. */
export type DirectUrl =
  | {
      readonly kind: "archive";
      readonly url: string;
      readonly subdirectory: string | undefined;
      readonly hashes: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: "directory";
      readonly url: string;
      readonly subdirectory: string | undefined;
      readonly editable: boolean;
    }
  | {
      readonly kind: "vcs";
      readonly url: string;
      readonly subdirectory: string | undefined;
      readonly vcs: string;
      readonly commitId: string;
      readonly requestedRevision: string | undefined;
    };

/** Text that is no `direct_url.json`. */
export class InvalidDirectUrl extends PexError {
  readonly code = "INVALID_DIRECT_URL";
}

type Json = Readonly<Record<string, unknown>>;

/** @throws InvalidDirectUrl */
export function parseDirectUrl(text: string): DirectUrl {
  const document = asObject(parseJson(text), "the document");
  const url = required(document, "url");
  const subdirectory = optional(document, "subdirectory");
  const kinds = ["archive_info", "dir_info", "vcs_info"].filter(
    (key) => document[key] !== undefined && document[key] !== null,
  );
  if (kinds.length !== 1)
    throw new InvalidDirectUrl("Exactly one of `archive_info`, `dir_info` and `vcs_info` must be in direct_url.json");
  const kind = kinds[0] ?? "";
  const info = asObject(document[kind], kind);
  if (kind === "archive_info") return { kind: "archive", url, subdirectory, hashes: archiveHashes(info) };
  if (kind === "dir_info") return { kind: "directory", url, subdirectory, editable: info["editable"] === true };
  return {
    kind: "vcs",
    url,
    subdirectory,
    vcs: required(info, "vcs"),
    commitId: required(info, "commit_id"),
    requestedRevision: optional(info, "requested_revision"),
  };
}

/** Compact JSON with sorted keys. */
export function formatDirectUrl(direct: DirectUrl): string {
  const common = { ...(direct.subdirectory !== undefined && { subdirectory: direct.subdirectory }), url: direct.url };
  if (direct.kind === "archive") return JSON.stringify({ archive_info: archiveInfo(direct.hashes), ...common });
  if (direct.kind === "directory")
    return JSON.stringify({ dir_info: direct.editable ? { editable: true } : {}, ...common });
  const revision = direct.requestedRevision;
  const info = {
    commit_id: direct.commitId,
    ...(revision !== undefined && { requested_revision: revision }),
    vcs: direct.vcs,
  };
  return JSON.stringify({ ...common, vcs_info: info });
}

/** Old readers look only at `hash`. */
function archiveInfo(hashes: Readonly<Record<string, string>>): Json {
  const [first] = Object.entries(hashes);
  return first ? { hash: `${first[0]}=${first[1]}`, hashes } : {};
}

function archiveHashes(info: Json): Record<string, string> {
  const hashes: Record<string, string> = {};
  const legacy = optional(info, "hash");
  const equals = legacy?.indexOf("=") ?? -1;
  if (legacy !== undefined && equals > 0) hashes[legacy.slice(0, equals)] = legacy.slice(equals + 1);
  if (info["hashes"] === undefined || info["hashes"] === null) return hashes;
  const named = asObject(info["hashes"], "hashes");
  return Object.fromEntries(Object.keys(named).map((algorithm) => [algorithm, required(named, algorithm)]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidDirectUrl("The text of direct_url.json is no JSON", { cause: error });
  }
}

function asObject(value: unknown, what: string): Json {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Json;
  throw new InvalidDirectUrl(`Not an object in direct_url.json: ${what}`);
}

function required(object: Json, key: string): string {
  const value = optional(object, key);
  if (value === undefined) throw new InvalidDirectUrl(`A value is missing in direct_url.json: \`${key}\``);
  return value;
}

function optional(object: Json, key: string): string | undefined {
  const value = object[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw new InvalidDirectUrl(`Not a text in direct_url.json: \`${key}\``);
  return value;
}
