/** What one requirement, typed on the command line or on a line of a file, asks for. */

import { isAbsolute, join, normalize, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { PexError } from "../base/errors.ts";
import { factsOf, FileError, isFile } from "../base/fs.ts";
import type { Span } from "../base/text.ts";
import { formatMarker } from "../standards/marker.ts";
import { parseRequirement } from "../standards/requirement.ts";
import type { Requirement } from "../standards/requirement.ts";
import { formatVersion } from "../standards/version.ts";
import { parseWheelFilename } from "../standards/wheel-filename.ts";
import {
  ARCHIVE,
  fragmentOf,
  hideCredentials,
  localSource,
  parseExtras,
  parseOptionalMarker,
  parseSourceUrl,
  refuseScpForm,
  URL_SCHEME,
  type DirectSource,
  type Facts,
} from "./direct-source.ts";

/** A requirement by the form it is written in. */
export type RequirementArgument =
  | { readonly kind: "named"; readonly requirement: Requirement }
  /** A wheel on this disk; `requirement` pins its version and carries extras and marker. */
  | ({ readonly kind: "wheel-file"; readonly requirement: Requirement } & WheelFile)
  /** Anything else that lies somewhere: what it is called is known when it is built. */
  | { readonly kind: "source"; readonly source: DirectSource };

/** A wheel on this disk. */
export interface WheelFile {
  readonly path: string;
  /** Hexadecimal digests by algorithm, of the URL that named it. */
  readonly hashes: Readonly<Record<string, string>>;
}

/** A path was given as a requirement, but nothing can be installed from there. */
export class NotInstallable extends PexError {
  readonly code = "NOT_INSTALLABLE";
}

/**
 * Reads one requirement: PEP 508, a path, a URL or a VCS URL. Like in pip, only text with a slash, a leading dot or an
 * archive's suffix is a path; a bare word is always the name of a project.
 *
 * @param cwd What relative paths start from.
 * @throws InvalidRequirement for text that is nothing of this; FileError or NotInstallable for a path without a project.
 */
export function parseRequirementArgument(text: string, cwd: string): RequirementArgument {
  const { body, marker } = splitMarker(text.trim());
  refuseScpForm(body);
  if (URL_SCHEME.test(body)) return urlArgument({ url: body, marker });
  const { base, extras } = splitExtras(body);
  if (!looksLikePath(base) && !(ARCHIVE.test(base) && !base.includes("@"))) return argumentOf(parseRequirement(text));
  return pathArgument({ path: resolve(cwd, base), shown: base, extras, marker });
}

/**
 * Reads the value of `--project`: always a path, even without a slash.
 *
 * @throws FileError or NotInstallable
 */
export function parseProjectPath(text: string, cwd: string): RequirementArgument {
  if (URL_SCHEME.test(text)) return parseRequirementArgument(text, cwd);
  const { body, marker } = splitMarker(text.trim());
  const { base, extras } = splitExtras(body);
  return pathArgument({ path: resolve(cwd, base), shown: base, extras, marker });
}

/** The span of a text within another, or all of it. */
export function spanOf(part: string, whole: string): Span {
  const start = Math.max(0, whole.indexOf(part));
  return { start, end: start + Math.max(1, part.length) };
}

/** In URLs, which may hold a semicolon, a marker begins behind `; `. */
function splitMarker(text: string): { readonly body: string; readonly marker: string } {
  const at = URL_SCHEME.test(text) ? text.search(/;\s|\s;/) : text.indexOf(";");
  if (at === -1) return { body: text, marker: "" };
  return { body: text.slice(0, at).trim(), marker: text.slice(text.indexOf(";", at) + 1).trim() };
}

function splitExtras(text: string): { readonly base: string; readonly extras: string } {
  const at = text.endsWith("]") ? text.indexOf("[", text.lastIndexOf("]", text.length - 2) + 1) : 0;
  return at > 0 ? { base: text.slice(0, at).trimEnd(), extras: text.slice(at) } : { base: text, extras: "" };
}

/** `name @ file:///…` has a slash too, but an `@` before it. */
function looksLikePath(text: string): boolean {
  return text.startsWith(".") || (text.split("@", 1)[0] ?? "").includes("/");
}

/** What a PEP 508 requirement asks for. @throws FileError or NotInstallable for the path of a `file:` URL */
export function argumentOf(requirement: Requirement): RequirementArgument {
  const { url, project, marker } = requirement;
  if (url === undefined) return { kind: "named", requirement };
  const place = filePlace(url);
  if (place === undefined) {
    const shown = `${requirement.name} @ ${hideCredentials(url)}`;
    return { kind: "source", source: parseSourceUrl(url, { shown, project, extras: requirement.extras, marker }) };
  }
  const extras = requirement.extras.length > 0 ? `[${requirement.extras.join(",")}]` : "";
  const markerText = marker === undefined ? "" : formatMarker(marker);
  const found = pathArgument({ ...place, shown: place.path, extras, marker: markerText });
  if (found.kind === "source") return { kind: "source", source: { ...found.source, project } };
  if (found.requirement.project === project) return found;
  throw new NotInstallable(`Not a wheel of ${requirement.name}: ${place.path}`);
}

function urlArgument({ url, marker }: { readonly url: string; readonly marker: string }): RequirementArgument {
  const { base, extras } = splitExtras(url);
  const place = filePlace(base);
  if (place !== undefined) return pathArgument({ ...place, shown: place.path, extras, marker });
  // Brackets at the end of a fragment belong to `#egg=name[extras]`.
  const isEgg = url.includes("#");
  const details = { marker: parseOptionalMarker(marker), extras: isEgg ? [] : parseExtras(extras) };
  return { kind: "source", source: parseSourceUrl(isEgg ? url : base, details) };
}

/** What a `file:` URL leads to. */
function filePlace(url: string): Pick<PathParts, "path" | "fragment"> | undefined {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== "file:") return undefined;
  const fragment = fragmentOf(parsed.hash.slice(1), url);
  parsed.hash = "";
  try {
    return { path: fileURLToPath(parsed), fragment };
  } catch (error) {
    throw new NotInstallable(`Not a path on this machine: ${url}`, { cause: error });
  }
}

interface PathParts {
  readonly path: string;
  /** Of the URL that the path was in. */
  readonly fragment?: Pick<Facts, "hashes" | "subdirectory">;
  readonly shown: string;
  /** With brackets, or empty. */
  readonly extras: string;
  readonly marker: string;
}

function pathArgument({ path, fragment, shown, extras, marker }: PathParts): RequirementArgument {
  const { hashes = {}, subdirectory } = fragment ?? {};
  const facts = factsOf(path);
  if (facts === undefined) {
    throw new FileError(`No such file or directory: ${shown}`, {
      hint: isAbsolute(shown) ? undefined : "projects of an index are named without `/` and leading `.`",
    });
  }
  const details = { shown: `${shown}${extras}`, extras: parseExtras(extras), marker: parseOptionalMarker(marker) };
  if (facts.kind === "directory") {
    const project = normalize(join(path, subdirectory ?? ""));
    if (isFile(`${project}/pyproject.toml`) || isFile(`${project}/setup.py`))
      return { kind: "source", source: localSource({ kind: "directory", path: project }, details) };
    throw new NotInstallable(`Neither \`pyproject.toml\` nor \`setup.py\` in the directory: ${shown}`, {
      hint: "add plain source files with -D, -P or -M",
    });
  }
  if (!ARCHIVE.test(path)) {
    throw new NotInstallable(`Neither a wheel nor a source distribution: ${shown}`, {
      hint: path.endsWith(".txt") ? `read requirements from a file with \`-r ${shown}\`` : undefined,
    });
  }
  if (!path.endsWith(".whl"))
    return { kind: "source", source: localSource({ kind: "archive", path, hashes, subdirectory }, details) };
  const wheel = parseWheelFilename(path.slice(path.lastIndexOf("/") + 1));
  const pin = `${wheel.name}${extras}==${formatVersion(wheel.version)}${marker === "" ? "" : ` ; ${marker}`}`;
  return { kind: "wheel-file", path, hashes, requirement: parseRequirement(pin) };
}
