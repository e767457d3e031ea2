/** Requirements that say where a project lies instead of which one it is: directories, archives, URLs, repositories. */

import { PexError } from "../base/errors.ts";
import { SafeUrl } from "../base/safe-url.ts";
import { escapeControl } from "../base/text.ts";
import { parseMarker, type Marker } from "../standards/marker.ts";
import { parseProjectName, type ProjectName } from "../standards/project-name.ts";
import { parseRequirement } from "../standards/requirement.ts";

/** Systems of version control, by the names of their commands. */
export type VersionControl = "git" | "hg" | "svn" | "bzr";

/** Where a project lies. */
export type SourcePlace =
  | { readonly kind: "directory"; readonly path: string }
  /** A source distribution on this disk. */
  | {
      readonly kind: "archive";
      readonly path: string;
      readonly hashes: Readonly<Record<string, string>>;
      readonly subdirectory: string | undefined;
    }
  /** A wheel or a source archive on a server. */
  | {
      readonly kind: "url";
      /** With credentials, without fragment. */
      readonly url: string;
      /** Decoded, the last part of the path. */
      readonly filename: string;
      readonly hashes: Readonly<Record<string, string>>;
      readonly subdirectory: string | undefined;
    }
  | {
      readonly kind: "repository";
      readonly system: VersionControl;
      /** What that system calls the repository, with credentials. */
      readonly repository: string;
      readonly revision: string | undefined;
      readonly subdirectory: string | undefined;
    };

/** One such requirement. */
export interface DirectSource {
  readonly place: SourcePlace;
  /** What messages call it; without credentials. */
  readonly shown: string;
  /** The name that was given with it, as in `name @ url` and `#egg=name`. */
  readonly project: ProjectName | undefined;
  readonly extras: readonly ProjectName[];
  readonly marker: Marker | undefined;
}

/** What stands around the place. */
export interface SourceDetails {
  readonly shown?: string;
  readonly project?: ProjectName | undefined;
  readonly extras?: readonly ProjectName[];
  readonly marker?: Marker | undefined;
}

/** A URL cannot be a requirement. */
export class InvalidSourceUrl extends PexError {
  readonly code = "INVALID_SOURCE_URL";
}

/** What is taken for the URL of a project, with or without its scheme for version control. */
export const URL_SCHEME: RegExp = /^(?:https?|ftp|file|(?:git|hg|svn|bzr)(?:\+[a-z]+)?):/i;
/** File names that wheels and source archives have. */
export const ARCHIVE: RegExp = /\.(?:whl|zip|tar|tgz|tbz|txz|tlz|tar\.(?:gz|bz2|xz|lz|lzma|zst))$/i;

/** How the URLs of each system begin. */
const REPOSITORY: Readonly<Record<VersionControl, RegExp>> = {
  git: /^(?:git\+(?:https?|ssh|file|git)|git):\/\//i,
  hg: /^hg\+(?:https?|ssh|file|static-http):\/\//i,
  svn: /^(?:svn\+(?:https?|ssh|file|svn)|svn):\/\//i,
  bzr: /^(?:bzr\+(?:https?|ssh|sftp|ftp|file|bzr)|bzr):\/\//i,
};

/** The form of ssh and scp, `user@host.name:path`, which git takes as well, and what comes close to it. */
const SCP_FORM = /^(?:git\+)?(?:ssh:\/\/)?([\w.-]+@[\w-]+(?:\.[\w-]+)+):\/?([^\s/].*)$/i;

/** @throws InvalidSourceUrl for a repository that is written as for ssh. */
export function refuseScpForm(text: string): void {
  const [, host, path] = SCP_FORM.exec(text) ?? [];
  if (host === undefined || path === undefined || URL.canParse(text)) return;
  throw new InvalidSourceUrl(`Not a URL: ${hideCredentials(text)}`, {
    hint: `write it as \`git+ssh://${host}/${path}\``,
  });
}

/** A source on this disk. */
export function localSource(
  place: Extract<SourcePlace, { kind: "directory" | "archive" }>,
  details: SourceDetails & { shown: string },
): DirectSource {
  const { shown, project, extras = [], marker } = details;
  return { place, shown, project, extras, marker };
}

/**
 * A source behind a URL that is no `file:` URL.
 *
 * @throws InvalidSourceUrl
 */
export function parseSourceUrl(text: string, details: SourceDetails = {}): DirectSource {
  refuseScpForm(text);
  const shown = details.shown ?? hideCredentials(text);
  const hash = text.indexOf("#");
  const base = hash === -1 ? text : text.slice(0, hash);
  const facts = fragmentOf(hash === -1 ? "" : text.slice(hash + 1), shown);
  const project = details.project ?? facts.project;
  const extras = [...new Set([...(details.extras ?? []), ...facts.extras])];
  const system = /^(git|hg|svn|bzr)[+:]/i.exec(base)?.[1]?.toLowerCase() as VersionControl | undefined;
  const place =
    system === undefined
      ? urlPlace(base, shown, facts)
      : { ...repositoryPlace(base, { system, shown }), subdirectory: facts.subdirectory };
  return { place, shown, project, extras, marker: details.marker };
}

/** The extras in `[a,b]`, which may be empty text. @throws InvalidRequirement */
export function parseExtras(text: string): readonly ProjectName[] {
  return text === "" ? [] : parseRequirement(`x${text}`).extras;
}

/** The marker, which may be empty text. @throws InvalidMarker */
export function parseOptionalMarker(text: string): Marker | undefined {
  return text === "" ? undefined : parseMarker(text);
}

/** The text without user and password; control characters are escaped. */
export function hideCredentials(text: string): string {
  return escapeControl(text.replace(/(?<=:\/\/)(?!git@)[^\s/]*(?=@)/, "****"));
}

/** What the fragment of a URL tells. */
export interface Facts {
  readonly project: ProjectName | undefined;
  readonly extras: readonly ProjectName[];
  readonly hashes: Readonly<Record<string, string>>;
  readonly subdirectory: string | undefined;
}

/** `egg=name[extras]&subdirectory=path&sha256=…`, as pip reads it. @throws InvalidSourceUrl, InvalidRequirement */
export function fragmentOf(text: string, shown: string): Facts {
  const pairs = new Map<string, string>();
  for (const part of text.split("&")) {
    const equals = part.indexOf("=");
    if (equals > 0) pairs.set(part.slice(0, equals), decoded(part.slice(equals + 1)));
  }
  const egg = /^\s*([^[\s]+)\s*(\[[^\]]*\])?\s*$/.exec(pairs.get("egg") ?? "");
  const subdirectory = pairs.get("subdirectory")?.replace(/^\.?\/+|\/+$/g, "");
  if (subdirectory !== undefined && subdirectory.split("/").includes("..")) {
    throw new InvalidSourceUrl(`The subdirectory leads out of the project: ${shown}`, {
      hint: "name a directory inside of it",
    });
  }
  const hashes: Record<string, string> = {};
  for (const algorithm of ["sha256", "sha384", "sha512", "sha224", "sha1", "md5"]) {
    const digest = pairs.get(algorithm);
    if (digest !== undefined && /^[0-9a-f]+$/i.test(digest)) hashes[algorithm] = digest.toLowerCase();
  }
  return {
    project: egg?.[1] === undefined ? undefined : parseProjectName(egg[1]),
    extras: parseExtras(egg?.[2] ?? ""),
    hashes,
    subdirectory: subdirectory === "" ? undefined : subdirectory,
  };
}

function urlPlace(base: string, shown: string, { hashes, subdirectory }: Facts): SourcePlace {
  const url = SafeUrl.parse(base);
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    const hint = /^[./~]/.test(base) ? `write the path alone, without a name: \`${base}\`` : "use https:";
    throw new InvalidSourceUrl(`Not a URL that can be downloaded: ${shown}`, { hint });
  }
  const filename = decoded(url.pathname.slice(url.pathname.lastIndexOf("/") + 1));
  if (!ARCHIVE.test(filename) || filename.includes("/") || filename.startsWith(".")) {
    throw new InvalidSourceUrl(`Neither a wheel nor a source archive: ${shown}`, {
      hint: "the path of the URL must end like a file name: `.whl`, `.tar.gz` or `.zip`; repositories begin with `git+`",
    });
  }
  return { kind: "url", url: url.reveal().href, filename, hashes, subdirectory };
}

function repositoryPlace(
  base: string,
  { system, shown }: { readonly system: VersionControl; readonly shown: string },
): Omit<Extract<SourcePlace, { kind: "repository" }>, "subdirectory"> {
  const invalid = new InvalidSourceUrl(`Not the URL of a ${system} repository: ${shown}`, {
    hint: `write it like \`${system}+https://host/project@revision#subdirectory=path\``,
  });
  if (!REPOSITORY[system].test(base)) throw invalid;
  // Subversion and Bazaar know these two by the whole name.
  const url = /^(?:svn|bzr)\+ssh:/i.test(base) ? base : base.replace(/^(?:git|hg|svn|bzr)\+/i, "");
  const host = url.indexOf("://") + 3;
  const path = url.indexOf("/", host);
  const at = path === -1 ? -1 : url.lastIndexOf("@");
  const revision = at > path ? decoded(url.slice(at + 1)) : undefined;
  const repository = revision === undefined ? url : url.slice(0, at);
  // What begins with a dash could be taken for an option, by the command or by the ssh that it starts; with a colon git
  // would fetch the one as the other.
  const isOption = revision?.startsWith("-") === true || /^(?:[^/]*@)?-/.test(decoded(url.slice(host)));
  const isMapping = system === "git" && revision?.includes(":") === true;
  if (path === -1 || URL.parse(repository) === null || revision === "" || isOption || isMapping) throw invalid;
  return { kind: "repository", system, repository, revision };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
