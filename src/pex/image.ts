/** A PEX before it has a form: everything that is in it and everything that it knows about itself. */

import type { ArchiveFile } from "../archive/archive-file.ts";
import { checkSafePath } from "../archive/safe-path.ts";
import { PexError } from "../base/errors.ts";
import { compareOrdinal, escapeControl } from "../base/text.ts";
import type { StoredWheel } from "../cache/wheel-store.ts";
import type { ProjectName } from "../standards/project-name.ts";
import { installedFingerprint } from "../wheel/fingerprint.ts";

import type { ActivationPlan } from "./activation-plan.ts";
import { contentsKey, treeHash } from "./hashes.ts";
import { DEFAULT_PEX_INFO, sealPexInfo, type PexInfo } from "./pex-info.ts";
import { bootstrapFiles, withoutTools, type RuntimeFiles } from "./runtime-files.ts";
import type { ShellBoot } from "./shell-boot.ts";

/** A wheel and what its metadata says. */
export interface ImageWheel {
  readonly stored: StoredWheel;
  readonly project: ProjectName;
  readonly version: string;
  /** Specifier text. */
  readonly requiresPython: string | undefined;
  /** PEP 508 texts. */
  readonly requires: readonly string[];
}

/** The fields of PEX-INFO that a user chooses. */
export type PexSettings = Partial<
  Omit<
    PexInfo,
    | "activationPlan"
    | "beforeArchive"
    | "bootstrapHash"
    | "codeHash"
    | "depsAreWheelFiles"
    | "distributions"
    | "pexHash"
    | "requirements"
  >
>;

export interface ImageParts {
  /** Root requirements, PEP 508 texts without URLs. */
  readonly requirements: readonly string[];
  /** The same as PEX-INFO names them, which may be by URL. */
  readonly recorded?: readonly string[] | undefined;
  /** In activation order; the same file twice counts once. */
  readonly wheels: readonly ImageWheel[];
  readonly sources: readonly ArchiveFile[];
  readonly settings: PexSettings;
  readonly runtime: RuntimeFiles;
  /** First line, beginning with `#!`. */
  readonly shebang: string;
  /** Makes a shell start the PEX, whatever the first line would be otherwise. */
  readonly shell?: ShellBoot | undefined;
  /** The version of pexjs. */
  readonly version: string;
  /** Whether user sources and installed wheels are deflated; default true. */
  readonly compress?: boolean | undefined;
  readonly ephemeral?: boolean | undefined;
  /** Python code that runs before the PEX does anything. */
  readonly preamble?: string | undefined;
  /** The date of what is inside; default 1980-01-01, which makes equal PEX files equal in bytes. */
  readonly modified?: Date | undefined;
  /** Whether wheels lie in the PEX as installed trees instead of as the files they are; default false. */
  readonly preInstall?: boolean | undefined;
}

/** A complete PEX, ready to be written in any layout. */
export interface PexImage {
  readonly info: PexInfo;
  readonly shebang: string;
  readonly shell: ShellBoot | undefined;
  readonly wheels: readonly ImageWheel[];
  /** Sorted by path. */
  readonly sources: readonly ArchiveFile[];
  /** What the runtime keeps them by. */
  readonly codeKey: string;
  readonly runtime: RuntimeFiles;
  readonly version: string;
  readonly compress: boolean;
  readonly ephemeral: boolean;
  readonly preamble: string | undefined;
  readonly modified: Date | undefined;
}

/** A user's file wants a place that the PEX itself needs. */
export class ReservedName extends PexError {
  readonly code = "RESERVED_NAME";
}

/** Two inputs want the same place in the PEX. */
export class FileConflict extends PexError {
  readonly code = "FILE_CONFLICT";
}

/**
 * Puts the parts together and seals them with their hashes.
 *
 * @throws ReservedName, FileConflict, ZipError for a source path that leaves the PEX, or what reading a source throws.
 */
export function makeImage(parts: ImageParts): PexImage {
  const wheels = uniqueWheels(parts.wheels);
  const sources = checkedSources(parts.sources);
  const plan = activationPlan(parts.requirements, wheels);
  const preInstall = parts.preInstall ?? false;
  const includesTools = parts.settings.includesTools ?? parts.settings.venv ?? false;
  const runtime = includesTools ? parts.runtime : withoutTools(parts.runtime);
  const info = sealPexInfo({
    ...DEFAULT_PEX_INFO,
    ...parts.settings,
    includesTools,
    buildProperties: { ...parts.settings.buildProperties, builder: "pexjs", pex_version: parts.version },
    bootstrapHash: treeHash(bootstrapFiles(runtime)),
    codeHash: treeHash(sources),
    depsAreWheelFiles: !preInstall,
    distributions: Object.fromEntries(
      wheels.map(({ stored: { filename, sha256 } }) => [filename, preInstall ? installedFingerprint(sha256) : sha256]),
    ),
    requirements: sortedUnique(parts.recorded ?? parts.requirements),
    activationPlan: plan,
  });
  const { shebang, shell, version, preamble, modified } = parts;
  return {
    info,
    shebang,
    shell,
    wheels,
    sources,
    codeKey: contentsKey(sources),
    runtime,
    version,
    compress: parts.compress ?? true,
    ephemeral: parts.ephemeral ?? false,
    preamble,
    modified,
  };
}

function activationPlan(requirements: readonly string[], wheels: readonly ImageWheel[]): ActivationPlan {
  return {
    roots: sortedUnique(requirements),
    distributions: wheels.map(({ stored, project, version, requiresPython, requires }) => ({
      file: stored.filename,
      project,
      version,
      sha256: stored.sha256,
      requiresPython,
      requires,
    })),
  };
}

function sortedUnique(texts: readonly string[]): string[] {
  return [...new Set(texts)].toSorted(compareOrdinal);
}

/** Several targets often share wheels. */
function uniqueWheels(wheels: readonly ImageWheel[]): ImageWheel[] {
  const known = new Map<string, ImageWheel>();
  for (const wheel of wheels) {
    const { filename, sha256 } = wheel.stored;
    const twin = known.get(filename);
    if (twin && twin.stored.sha256 !== sha256) {
      throw new FileConflict(`Two different wheels have the same name: ${escapeControl(filename)}`, {
        hint: "let all targets use the same index, or pin the project to one source",
      });
    }
    if (!twin) known.set(filename, wheel);
  }
  return [...known.values()];
}

const RESERVED = /^(?:__main__\.pyc?|PEX-INFO|\.bootstrap|\.deps|__pex__)(?:\/|$)/;

function checkedSources(sources: readonly ArchiveFile[]): ArchiveFile[] {
  const sorted = sources.toSorted((left, right) => compareOrdinal(left.path, right.path));
  const files = new Set<string>();
  for (const { path } of sorted) {
    checkSafePath(path);
    checkNotReserved(path);
    if (files.has(path)) {
      throw new FileConflict(`Two sources have the same path in the PEX: ${escapeControl(path)}`, {
        hint: "remove one of them, or one of the directories that contain them",
      });
    }
    files.add(path);
  }
  for (const path of files) checkNoFileAbove(path, files);
  return sorted;
}

function checkNotReserved(path: string): void {
  const name = RESERVED.exec(path)?.[0];
  if (name === undefined) return;
  throw new ReservedName(`The PEX needs this path for itself: ${escapeControl(path)}`, {
    hint:
      name === "__main__.py"
        ? "name the file otherwise, put it into a package and run that with -m PACKAGE, or run a file with --exe FILE"
        : "rename it, or leave it out of the sources",
  });
}

function checkNoFileAbove(path: string, files: ReadonlySet<string>): void {
  for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
    const parent = path.slice(0, slash);
    if (!files.has(parent)) continue;
    throw new FileConflict(`A source is a file and a directory at once: ${escapeControl(parent)}`, {
      hint: "remove one of them, or one of the directories that contain them",
    });
  }
}
