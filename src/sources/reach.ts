/**
 * How far a project reaches: what its wheel depends on besides its own files. Only a build knows for certain; the files
 * that tell backends what to do are searched for the ways in which projects say it. Finding too much costs a build.
 */

import { dirname, join } from "node:path";

import { readTextIfExists } from "../base/fs.ts";
import { escapeControl } from "../base/text.ts";

export interface Reach {
  /**
   * - `files`: its files decide alone;
   * - `surroundings`: what lies around it, the environment or other programs count too;
   * - `place`: and where it lies, because a repository gives its version, or its metadata tells paths.
   */
  readonly kind: "files" | "surroundings" | "place";
  /** What says so. */
  readonly reason: string | undefined;
  /** Whether the files that tell backends what to do mention a name. */
  readonly mentions: (name: string) => boolean;
}

interface Sign {
  readonly kind: "surroundings" | "place";
  readonly pattern: RegExp;
}

/** In what is declared and in code. */
const ANYWHERE: readonly Sign[] = [
  // Plugins that ask git or Mercurial, which must see all of the repository to tell whether something in it was changed.
  {
    kind: "place",
    pattern: /scm|hatch[-_]vcs|dunamai|versioningit|dynamic[-_]versioning|versioneer|miniver|\bpbr\b|\bgit[-_]?ver/i,
  },
  // A part of a path that leads up.
  { kind: "surroundings", pattern: /(?<![^\s"'`=:;,()[\]{}/\\])\.\.(?![^\s"'`,;()[\]{}/\\])/ },
  { kind: "surroundings", pattern: /\benviron|\bgetenv\b|\{env:|\bsource\s*=\s*["'](?:env|code|call)["']/ },
];

const IN_DECLARATIONS: readonly Sign[] = [
  // Dependencies by path: Poetry, Hatch and PDM write them into the metadata as absolute ones.
  { kind: "place", pattern: /\{\s*root\b|PROJECT_ROOT|\[tool\.poetry\b[^]*\bpath\s*=\s*["']/ },
  // Files from anywhere, which Hatch takes into the wheel.
  { kind: "surroundings", pattern: /^\s*["'][~/][^"'\n]*["']\s*=/m },
];

const IN_CODE: readonly Sign[] = [
  { kind: "place", pattern: /["'`]git["'` ]|\b(?:import|from) git\b|["'`]hg["'` ]/ },
  // The directory of anything but of the file itself.
  { kind: "surroundings", pattern: /\bdirname\(\s*(?!(?:(?:os\.)?(?:path\.)?(?:abs|real)path\(\s*)?__file__)/ },
  { kind: "surroundings", pattern: /(?<!\(__file__\)(?:\.\w+\(\))?)\.parent\b|\.parents\b|\bpardir\b/ },
  { kind: "surroundings", pattern: /\bsubprocess\b|\bpopen|\bos\.system\b|\burlopen\b|\bdatetime\b|\btime\(/ },
];

/** Files that tell backends, and the tools below them, what to do. */
const DECLARATION =
  /^(?:pyproject\.toml|setup\.cfg|hatch\.toml|MANIFEST\.in)$|(?:^|\/)(?:Cargo\.toml|CMakeLists\.txt|meson\.build)$/;
/** Programs that take part in a build for their names. */
const PROGRAM = /^(?:setup|build|hatch_build|pdm_build)\.py$|(?:^|\/)build\.rs$/;

/**
 * How far a project reaches.
 *
 * @param project Its directory, without symbolic links.
 * @param paths All of its files, relative, with `/`.
 * @throws FileError
 */
export function reachOf(project: string, paths: readonly string[]): Reach {
  const textOf = (path: string): string => readTextIfExists(join(project, path)) ?? "";
  const declarations = paths
    .filter((path) => DECLARATION.test(path))
    .map((path) => ({ path, text: withoutComments(textOf(path)), signs: [...ANYWHERE, ...IN_DECLARATIONS] }));
  const isNamed = namedIn(declarations.map(({ text }) => text).join("\n"));
  const programs = paths
    .filter((path) => PROGRAM.test(path) || isNamed(path))
    .map((path) => ({ path, text: textOf(path), signs: [...ANYWHERE, ...IN_CODE] }));
  const texts = [...declarations, ...programs];
  const mentions = (name: string): boolean => texts.some(({ text }) => text.includes(name));
  let found: Reach = { kind: "files", reason: undefined, mentions };
  for (const { path, text, signs } of texts) {
    for (const { kind, pattern } of signs) {
      const match = pattern.exec(text);
      if (match === null) continue;
      const reason = `${path} says \`${lineAt(text, match)}\``;
      if (found.kind === "files" || kind === "place") found = { kind, reason, mentions };
      if (kind === "place") return found;
    }
  }
  const isCargo = paths.some((path) => path.endsWith("Cargo.toml"));
  const workspace = found.kind === "files" && isCargo ? cargoWorkspaceAround(project) : undefined;
  return workspace === undefined ? found : { kind: "surroundings", reason: `it is part of ${workspace}`, mentions };
}

/** What a comment mentions is not meant. */
function withoutComments(text: string): string {
  return text.replaceAll(/(^|\s)#.*$/gm, "$1");
}

/** Modules of the project's own backend, and programs that a declaration names, such as Poetry's build scripts. */
function namedIn(text: string): (path: string) => boolean {
  const words = new Set(text.match(/\w+/g));
  const listed = /\bbackend-path\s*=\s*\[([^\]]*)\]/.exec(text)?.[1] ?? "";
  const folders = new Set([...listed.matchAll(/["']([^"']*)["']/g)].map(([, folder = ""]) => join(folder)));
  return (path) => {
    if (!path.endsWith(".py")) return false;
    if (text.includes(`"${path}"`) || text.includes(`'${path}'`)) return true;
    return folders.has(dirname(path)) && words.has(path.slice(path.lastIndexOf("/") + 1, -".py".length));
  };
}

function cargoWorkspaceAround(project: string): string | undefined {
  for (let place = dirname(project); ; place = dirname(place)) {
    const path = join(place, "Cargo.toml");
    if (/^\s*\[workspace\b/m.test(readTextIfExists(path) ?? "")) return path;
    if (dirname(place) === place) return undefined;
  }
}

function lineAt(text: string, { index, 0: found }: RegExpExecArray): string {
  const start = text.lastIndexOf("\n", index + found.search(/\S/)) + 1;
  const line = text.slice(start).split("\n", 1)[0]?.trim().slice(0, 80) ?? "";
  return escapeControl(line.replaceAll(/:\/\/[^\s/@]*@/g, "://****@"));
}
