/** File names of wheels: `{name}-{version}(-{build})?-{python}-{abi}-{platform}.whl` (binary distribution format, PEP 427). */

import { PexError } from "../base/errors.ts";
import { escapeControl } from "../base/text.ts";

import { normalizeName } from "./project-name.ts";
import type { ProjectName } from "./project-name.ts";
import { expandTags, InvalidTag } from "./tag.ts";
import { TextCache } from "./text-cache.ts";
import { tryParseVersion } from "./version.ts";
import type { Version } from "./version.ts";

/** What the name of a wheel tells. */
export interface WheelFilename {
  /** The whole file name as given. */
  readonly text: string;
  /** The project's name as it is spelled there. */
  readonly name: string;
  readonly project: ProjectName;
  readonly version: Version;
  /** Number and suffix of the build tag; sorts after having none. */
  readonly build: readonly [number, string] | undefined;
  /** Expanded tags in lower case. */
  readonly tags: readonly string[];
}

/** A file name that a wheel cannot have. */
export class InvalidWheelFilename extends PexError {
  readonly code = "INVALID_WHEEL_FILENAME";
}

const PROJECT = /^[\p{L}\p{N}._]+$/u;
const BUILD = /^([0-9]+)([^\n]*)/;
const PATH_CHARACTERS = /[/\\\0]/;

/**
 * Reads the file name of a wheel exactly as `packaging.utils.parse_wheel_filename` does, except that path separators
 * are refused: the name is used on disk.
 *
 * @throws InvalidWheelFilename
 */
export function parseWheelFilename(text: string): WheelFilename {
  const wheel = read(text);
  if (typeof wheel !== "string") return wheel;
  throw new InvalidWheelFilename(`Not the file name of a wheel, ${wheel}: ${escapeControl(text)}`);
}

/** The same, or `undefined` when no wheel can be called so. Index pages hold thousands of names, so this one throws nothing. */
export function tryParseWheelFilename(text: string): WheelFilename | undefined {
  const wheel = read(text);
  return typeof wheel === "string" ? undefined : wheel;
}

/** The parts of the name, or what is wrong with it. */
function read(text: string): WheelFilename | string {
  if (!text.endsWith(".whl")) return "it must end in `.whl`";
  if (PATH_CHARACTERS.test(text)) return "it contains a path separator";
  const parts = text.slice(0, -".whl".length).split("-");
  if (parts.length !== 5 && parts.length !== 6) return "it must have five or six parts between dashes";
  const name = parts[0] ?? "";
  if (name.includes("__") || !PROJECT.test(name)) return "the project name is invalid";
  const version = versionOf(parts[1] ?? "");
  if (!version) return "the version is invalid";
  const build = parts.length === 6 ? BUILD.exec(parts[2] ?? "") : undefined;
  if (build === null) return "the build tag must begin with a digit";
  const tags = tagsOf(parts.slice(-3).join("-"));
  if (!tags) return "the tags are invalid";
  return {
    text,
    name,
    project: normalizeName(name),
    version,
    build: build && [Number(build[1]), build[2] ?? ""],
    tags,
  };
}

// A project has hundreds of wheels with few versions and tags in many combinations; reading those is most of the work.
const keptVersions = new TextCache<Version>(2048);
const keptTags = new TextCache<readonly string[]>(2048);

function versionOf(text: string): Version | undefined {
  const known = keptVersions.get(text);
  if (known) return known;
  const version = tryParseVersion(text);
  return version && keptVersions.keep(text, version);
}

function tagsOf(compressed: string): readonly string[] | undefined {
  const known = keptTags.get(compressed);
  if (known) return known;
  try {
    return keptTags.keep(compressed, expandTags(compressed));
  } catch (error) {
    if (error instanceof InvalidTag) return undefined;
    throw error;
  }
}
