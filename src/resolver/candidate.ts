/** The file that stands for a version of a project on one target (docs/internals/solver.md §3.3). */

import { PexError } from "../base/errors.ts";
import { tryParseWheelFilename, type WheelFilename } from "../standards/wheel-filename.ts";
import type { ProjectName } from "../standards/project-name.ts";
import type { ProjectFile } from "../standards/simple-index.ts";
import { parseSpecifierSet, specifierContains } from "../standards/specifier.ts";
import type { Version } from "../standards/version.ts";
import type { Target } from "../targets/target.ts";
import type { FileKinds } from "./file-policy.ts";
import { foreignText } from "./requirement-text.ts";

/** One version of a project with the file chosen for it. */
export interface Candidate {
  readonly project: ProjectName;
  readonly version: Version;
  readonly file: ProjectFile;
  readonly kind: "wheel" | "sdist";
  /** Why the file will not do; only in a resolve that goes on over gaps. */
  readonly gap?: PassedOver;
}

/** Only files uploaded before some time are wanted, and of one nobody knows when that was. */
export class UnknownUploadTime extends PexError {
  readonly code = "UNKNOWN_UPLOAD_TIME";
}

/** Why no file of a version can be used. */
export type PassedOver =
  /** Files exist that would fit, but for other Pythons; the text of one `Requires-Python`. */
  | { readonly kind: "python"; readonly requiresPython: string }
  /** There are wheels for other targets only, and no sdist. */
  | { readonly kind: "tags"; readonly wheels: readonly string[] }
  /** No file has one of the hashes that the user allows. */
  | { readonly kind: "hash" }
  /** Files exist that would do, but they are newer than the user wants. */
  | { readonly kind: "upload" }
  /** A file would do, but it is not on this machine. */
  | { readonly kind: "offline"; readonly filename: string }
  /** A file would do, but the user wants none of its kind. */
  | { readonly kind: "policy"; readonly refused: Candidate["kind"] };

/** What became of a version. */
export type Judgement =
  | {
      readonly kind: "usable";
      readonly candidate: Candidate;
      /** The reason, possibly empty, when every usable file is yanked (PEP 592). */
      readonly yanked: string | undefined;
    }
  | { readonly kind: "unusable"; readonly reason: PassedOver };

/** What files are held against. */
export interface FileFilter {
  readonly target: Target;
  /** Allowed sha256 digests; `undefined` allows all. A file of unknown digest is checked when it is fetched. */
  readonly allowedHashes: ReadonlySet<string> | undefined;
  /** Milliseconds since 1970: files uploaded then or later do not count; those of this machine always do. */
  readonly uploadedPriorTo?: number | undefined;
  /** Whether wheels and sdists may be used; both unless said otherwise. */
  readonly kinds?: FileKinds | undefined;
  /** Whether a file can be had; every one can unless said otherwise. */
  readonly isHere?: ((file: ProjectFile) => boolean) | undefined;
  /** Whether a file stands in where the target lacks one, so that everything that it lacks can be found out. */
  readonly overGaps?: boolean | undefined;
}

/** Chooses the file for a version: the wheel that fits the target best, else an sdist; not yanked rather than yanked. */
export function judgeFiles(
  release: Pick<Candidate, "project" | "version">,
  files: readonly ProjectFile[],
  filter: FileFilter,
): Judgement {
  let best: Ranked | undefined;
  let reason: PassedOver | undefined;
  for (const file of files) {
    const ranked = rank(file, filter.target);
    if (ranked === undefined) continue;
    const obstacle = obstacleOf(ranked, filter);
    if (obstacle !== undefined) reason = reason === undefined ? obstacle : nearer(reason, obstacle);
    else if (best === undefined || isBetter(ranked, best)) best = ranked;
  }
  if (best === undefined) {
    const gap = reason ?? noneFits(files);
    const standIn = filter.overGaps === true && isGap(gap) ? standInOf(files, filter.target) : undefined;
    if (standIn === undefined) return { kind: "unusable", reason: gap };
    return { kind: "usable", candidate: { ...release, ...standIn, gap }, yanked: standIn.file.yanked };
  }
  const candidate = { ...release, file: best.file, kind: best.kind };
  return { kind: "usable", candidate, yanked: best.file.yanked };
}

/** Whether a `Requires-Python` lets the target in; one that cannot be read excludes nobody, as in pip. */
export function acceptsPython(requiresPython: string | undefined, target: Target): boolean {
  if (requiresPython === undefined || requiresPython === "") return true;
  try {
    return specifierContains(parseSpecifierSet(requiresPython), target.pythonVersion);
  } catch {
    return true;
  }
}

/** A `Requires-Python` that excludes the target, in words that go with one version or with many. */
export function describePython(requiresPython: string): string {
  return `only for Python ${foreignText(requiresPython)}`;
}

/** A file that the target can use, with all that decides between such files. */
interface Ranked {
  readonly file: ProjectFile;
  readonly kind: Candidate["kind"];
  /** Rank of the best tag, 0 is best; sdists come after all wheels. */
  readonly tagRank: number;
  readonly build: WheelFilename["build"];
}

function rank(file: ProjectFile, target: Target): Ranked | undefined {
  if (!isWheelName(file.filename)) {
    // PEP 625 wants `.tar.gz`; older formats stand back.
    const tagRank = target.tagRanks.size + (file.filename.endsWith(".tar.gz") ? 0 : 1);
    return { file, kind: "sdist", tagRank, build: undefined };
  }
  const wheel = tryParseWheelFilename(file.filename);
  let tagRank = Infinity;
  for (const tag of wheel?.tags ?? []) tagRank = Math.min(tagRank, target.tagRanks.get(tag) ?? Infinity);
  return wheel === undefined || tagRank === Infinity ? undefined : { file, kind: "wheel", tagRank, build: wheel.build };
}

/** Of equal files, the one listed first stays. */
function isBetter(left: Ranked, right: Ranked): boolean {
  const leftYanked = left.file.yanked !== undefined;
  if (leftYanked !== (right.file.yanked !== undefined)) return !leftYanked;
  if (left.tagRank !== right.tagRank) return left.tagRank < right.tagRank;
  return compareBuilds(left.build, right.build) > 0;
}

/** No build tag sorts below all (binary distribution format, "File name convention"). */
function compareBuilds(left: WheelFilename["build"], right: WheelFilename["build"]): number {
  if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined);
  if (left[0] !== right[0]) return left[0] - right[0];
  return left[1] < right[1] ? -1 : Number(left[1] > right[1]);
}

/** What keeps a file of the right kind from being used. */
function obstacleOf({ file, kind }: Ranked, filter: FileFilter): PassedOver | undefined {
  const { target, allowedHashes, kinds, uploadedPriorTo, isHere } = filter;
  if (!acceptsPython(file.requiresPython, target)) return { kind: "python", requiresPython: file.requiresPython ?? "" };
  const sha256 = file.hashes["sha256"];
  if (allowedHashes !== undefined && sha256 !== undefined && !allowedHashes.has(sha256)) return { kind: "hash" };
  if (uploadedPriorTo !== undefined && !isUploadedBefore(file, uploadedPriorTo)) return { kind: "upload" };
  if (kinds !== undefined && !kinds[kind]) return { kind: "policy", refused: kind };
  return isHere === undefined || isHere(file) ? undefined : { kind: "offline", filename: file.filename };
}

/** @throws UnknownUploadTime */
function isUploadedBefore({ filename, url, uploadTime }: ProjectFile, moment: number): boolean {
  if (url.startsWith("file:")) return true;
  const uploaded = Date.parse(uploadTime ?? "");
  if (!Number.isNaN(uploaded)) return uploaded < moment;
  throw new UnknownUploadTime(`The index does not tell when this file was uploaded: ${foreignText(filename)}`, {
    hint: "leave out --uploaded-prior-to, or use an index with upload times in its JSON pages (PEP 700)",
  });
}

/** The reason that tells most: what only the user refuses came nearer than a file for another Python. */
function nearer(left: PassedOver, right: PassedOver): PassedOver {
  return NEARNESS[right.kind] > NEARNESS[left.kind] ? right : left;
}

function noneFits(files: readonly ProjectFile[]): PassedOver {
  return { kind: "tags", wheels: files.map((file) => file.filename).filter(isWheelName) };
}

/** Whether a wheel made for the target would change it. */
function isGap(reason: PassedOver): boolean {
  return reason.kind === "tags" ? reason.wheels.length > 0 : reason.kind === "policy" && reason.refused === "sdist";
}

/** A wheel for another target rather than an sdist: it tells what it requires without being built. */
function standInOf(files: readonly ProjectFile[], target: Target): Pick<Candidate, "file" | "kind"> | undefined {
  const accepted = files.filter(({ requiresPython }) => acceptsPython(requiresPython, target));
  const wheel = accepted.find(({ filename }) => tryParseWheelFilename(filename) !== undefined);
  if (wheel !== undefined) return { file: wheel, kind: "wheel" };
  const sdist = accepted.find(({ filename }) => !isWheelName(filename));
  return sdist && { file: sdist, kind: "sdist" };
}

const NEARNESS: Readonly<Record<PassedOver["kind"], number>> = {
  tags: 0,
  python: 1,
  hash: 2,
  upload: 3,
  policy: 4,
  offline: 5,
};

function isWheelName(filename: string): boolean {
  return filename.endsWith(".whl");
}
