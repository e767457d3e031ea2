/** What one requirement, typed on the command line or on a line of a file, asks for. */

import { isAbsolute, normalize, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { assertNever, NotImplemented, PexError } from "../base/errors.ts";
import { factsOf, FileError, isFile } from "../base/fs.ts";
import type { Span } from "../base/text.ts";
import { parseRequirement } from "../standards/requirement.ts";
import type { Requirement } from "../standards/requirement.ts";
import { formatVersion } from "../standards/version.ts";
import { parseWheelFilename } from "../standards/wheel-filename.ts";

/** A requirement by the form it is written in. */
export type RequirementArgument =
  | { readonly kind: "named"; readonly requirement: Requirement }
  /** A wheel on this disk; `requirement` pins its version and carries extras and marker. */
  | { readonly kind: "wheel-file"; readonly path: string; readonly requirement: Requirement }
  /** A project directory or a source distribution on this disk. */
  | { readonly kind: "path"; readonly path: string; readonly text: string }
  | { readonly kind: "url"; readonly text: string }
  | { readonly kind: "vcs"; readonly text: string };

/** A path was given as a requirement, but nothing can be installed from there. */
export class NotInstallable extends PexError {
  readonly code = "NOT_INSTALLABLE";
}

const URL_SCHEME = /^(?:https?|ftp|file|(?:git|hg|svn|bzr)(?:\+[a-z]+)?):/i;
const VCS_SCHEME = /^(?:git|hg|svn|bzr)(?:\+[a-z]+)?:/i;
const ARCHIVE = /\.(?:whl|zip|tar|tgz|tbz|txz|tlz|tar\.(?:gz|bz2|xz|lz|lzma|zst))$/i;

/**
 * Reads one requirement: PEP 508, a path, a URL or a VCS URL. Like in pip, only text with a slash, a leading dot or an
 * archive's suffix is a path; a bare word is always the name of a project.
 *
 * @param cwd What relative paths start from.
 * @throws InvalidRequirement for text that is nothing of this; FileError or NotInstallable for a path without a project.
 */
export function parseRequirementArgument(text: string, cwd: string): RequirementArgument {
  const { body, marker } = splitMarker(text.trim());
  if (URL_SCHEME.test(body)) return urlArgument({ url: body, marker, text });
  const { base, extras } = splitExtras(body);
  if (!looksLikePath(base) && !(ARCHIVE.test(base) && !base.includes("@")))
    return namedArgument(parseRequirement(text));
  return pathArgument({ path: resolve(cwd, base), shown: base, extras, marker });
}

/**
 * The requirement, where one can be resolved today.
 *
 * @throws NotImplemented that names a URL, a VCS URL, a project directory or a source distribution.
 */
export function supportedRequirement(
  argument: RequirementArgument,
): Extract<RequirementArgument, { readonly requirement: Requirement }> {
  switch (argument.kind) {
    case "named":
    case "wheel-file":
      return argument;
    case "path":
      throw unsupported(`Building local projects is not implemented yet: ${argument.text}`);
    case "url":
      throw unsupported(`Requirements by URL are not implemented yet: ${hideUser(argument.text)}`);
    case "vcs":
      throw unsupported(`Requirements from version control are not implemented yet: ${hideUser(argument.text)}`);
    default:
      return assertNever(argument);
  }
}

/** The span of a text within another, or all of it. */
export function spanOf(part: string, whole: string): Span {
  const start = Math.max(0, whole.indexOf(part));
  return { start, end: start + Math.max(1, part.length) };
}

function unsupported(message: string): NotImplemented {
  return new NotImplemented(message, { hint: "build a wheel of it with `pip wheel` and give the path of that wheel" });
}

function hideUser(text: string): string {
  return text.replace(/(?<=:\/\/)[^\s/]*(?=@)/, "****");
}

/** In URLs, which may hold a semicolon, a marker begins behind `; `. */
function splitMarker(text: string): { readonly body: string; readonly marker: string } {
  const at = URL_SCHEME.test(text) ? text.search(/\s*;\s|\s;/) : text.indexOf(";");
  if (at === -1) return { body: text, marker: "" };
  return { body: text.slice(0, at).trim(), marker: text.slice(text.indexOf(";", at) + 1).trim() };
}

function splitExtras(text: string): { readonly base: string; readonly extras: string } {
  const match = /^(.+?)\s*(\[[^\]]*\])$/.exec(text);
  return match ? { base: match[1] ?? "", extras: match[2] ?? "" } : { base: text, extras: "" };
}

/** `name @ file:///…` has a slash too, but an `@` before it. */
function looksLikePath(text: string): boolean {
  return text.startsWith(".") || (text.split("@", 1)[0] ?? "").includes("/");
}

function namedArgument(requirement: Requirement): RequirementArgument {
  const { url } = requirement;
  if (url === undefined) return { kind: "named", requirement };
  if (VCS_SCHEME.test(url)) return { kind: "vcs", text: requirement.text };
  const path = filePath(url);
  if (path === undefined || !path.endsWith(".whl")) return { kind: "url", text: requirement.text };
  const extras = requirement.extras.length > 0 ? `[${requirement.extras.join(",")}]` : "";
  const marker =
    requirement.marker === undefined ? "" : requirement.text.slice(requirement.text.indexOf(";") + 1).trim();
  const wheel = pathArgument({ path, shown: path, extras, marker });
  if (wheel.kind === "wheel-file" && wheel.requirement.project !== requirement.project) {
    throw new NotInstallable(`Not a wheel of ${requirement.name}: ${path}`);
  }
  return wheel;
}

function urlArgument(parts: {
  readonly url: string;
  readonly marker: string;
  readonly text: string;
}): RequirementArgument {
  if (VCS_SCHEME.test(parts.url)) return { kind: "vcs", text: parts.text };
  const { base, extras } = splitExtras(parts.url);
  const path = filePath(base);
  if (path === undefined) return { kind: "url", text: parts.text };
  return pathArgument({ path, shown: path, extras, marker: parts.marker });
}

/** The path of a `file:` URL without its fragment. */
function filePath(url: string): string | undefined {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== "file:") return undefined;
  parsed.hash = "";
  try {
    return fileURLToPath(parsed);
  } catch (error) {
    throw new NotInstallable(`Not a path on this machine: ${url}`, { cause: error });
  }
}

interface PathParts {
  readonly path: string;
  readonly shown: string;
  /** With brackets, or empty. */
  readonly extras: string;
  readonly marker: string;
}

function pathArgument({ path, shown, extras, marker }: PathParts): RequirementArgument {
  const facts = factsOf(path);
  if (facts === undefined) {
    throw new FileError(`No such file or directory: ${shown}`, {
      hint: isAbsolute(shown) ? undefined : "projects of an index are named without `/` and leading `.`",
    });
  }
  const text = `${shown}${extras}`;
  if (facts.kind === "directory") {
    if (isFile(`${path}/pyproject.toml`) || isFile(`${path}/setup.py`))
      return { kind: "path", path: normalize(path), text };
    throw new NotInstallable(`Neither \`pyproject.toml\` nor \`setup.py\` in the directory: ${shown}`, {
      hint: "add plain source files with -D, -P or -M",
    });
  }
  if (!ARCHIVE.test(path)) {
    throw new NotInstallable(`Neither a wheel nor a source distribution: ${shown}`, {
      hint: path.endsWith(".txt") ? `read requirements from a file with \`-r ${shown}\`` : undefined,
    });
  }
  if (!path.endsWith(".whl")) return { kind: "path", path, text };
  const wheel = parseWheelFilename(path.slice(path.lastIndexOf("/") + 1));
  const pin = `${wheel.name}${extras}==${formatVersion(wheel.version)}${marker === "" ? "" : ` ; ${marker}`}`;
  return { kind: "wheel-file", path, requirement: parseRequirement(pin) };
}
