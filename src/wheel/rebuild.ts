/**
 * Puts a wheel together again from what was installed of it: the files it had at the places it had them, and a RECORD
 * that is true. What installing added is left out.
 */

import { createHash } from "node:crypto";

import { corruptWheel } from "../archive/corrupt-wheel.ts";
import { deflatedMember, type ZipMember } from "../archive/zip-member.ts";
import { writeZip, type ZipWriterOptions } from "../archive/zip-writer.ts";
import { compareOrdinal } from "../base/text.ts";
import { parseEntryPoints } from "../standards/entry-points.ts";
import { normalizeName } from "../standards/project-name.ts";
import { formatRecord, parseRecord, type RecordEntry } from "../standards/record.ts";
import { parseWheelFilename } from "../standards/wheel-filename.ts";

import { PREFIX, type InstalledFile, type InstalledTree } from "./installed-tree.ts";
import { parseOriginal, type OriginalEntry } from "./original-wheel.ts";

/**
 * Writes the wheel. Equal trees give equal bytes; where pex noted the original's entries, their order, modes and dates
 * are those of the original.
 *
 * @throws CorruptWheel when files are missing; ZipError, FileError, or what reading a file throws
 */
export async function rebuildWheel(tree: InstalledTree, path: string, options: ZipWriterOptions = {}): Promise<void> {
  const distInfo = findDistInfo(tree);
  const original = await originalEntries(tree);
  const pieces = original ? originalPieces(tree, original, distInfo) : await installedPieces(tree, distInfo);
  await checkComplete(tree, distInfo);
  await writeZip(path, { digest: false, ...options }, async (zip) => {
    for await (const member of members(pieces, `${distInfo}/RECORD`)) await zip.add(member);
  });
}

/** A file of the wheel; without content it is RECORD. */
interface Piece {
  readonly name: string;
  readonly file: InstalledFile | undefined;
  readonly mode: number;
  readonly modified?: number | undefined;
}

async function* members(pieces: readonly Piece[], record: string): AsyncGenerator<ZipMember> {
  const rows: RecordEntry[] = [];
  let last: Piece = { name: record, file: undefined, mode: 0o644 };
  for (const piece of pieces) {
    const { name, file, mode, modified } = piece;
    if (file === undefined) {
      last = piece;
      continue;
    }
    const content = await file.read();
    const hash = `sha256=${createHash("sha256").update(content).digest("base64url")}`;
    rows.push({ path: name, hash, size: content.length });
    const member = (await file.asMember?.(name, mode)) ?? (await deflatedMember(name, content, mode));
    yield { ...member, modified };
  }
  rows.push({ path: record, hash: undefined, size: undefined });
  const text = await deflatedMember(record, Buffer.from(formatRecord(rows)), last.mode);
  yield { ...text, modified: last.modified };
}

/** The `.dist-info` of the distribution itself: some carry those of others along. */
function findDistInfo({ files, filename }: InstalledTree): string {
  const { project } = parseWheelFilename(filename);
  for (const path of files.keys()) {
    const match = /^([^/]+\.dist-info)\/METADATA$/.exec(path);
    if (match?.[1] !== undefined && normalizeName(match[1]).startsWith(project)) return match[1];
  }
  throw corruptWheel(filename, "it has no METADATA");
}

async function originalEntries({ files }: InstalledTree): Promise<readonly OriginalEntry[] | undefined> {
  for (const [path, file] of files) {
    if (/^[^/]+\.pex-info\/original-whl-info\.json$/.test(path)) {
      return parseOriginal(Buffer.from(await file.read()).toString("utf8"));
    }
  }
  return undefined;
}

/** What the original had, as far as it was installed: compiled code, for one, was not. */
function originalPieces({ files }: InstalledTree, entries: readonly OriginalEntry[], distInfo: string): Piece[] {
  const places = new Map([...files.keys()].map((path) => [wheelPath(path, distInfo), path]));
  return entries.flatMap(({ name, mode, modified }): Piece[] => {
    const [top, scheme, ...rest] = name.split("/");
    if (name === `${distInfo}/RECORD`) return [{ name, file: undefined, mode, modified }];
    if (isRecord(name, distInfo)) return [];
    // Some installers keep purelib and platlib apart, others put both at the root.
    const isCode = top === dataOf(distInfo) && (scheme === "purelib" || scheme === "platlib");
    const place = places.get(name) ?? (isCode ? rest.join("/") : name);
    const file = files.get(place);
    return file === undefined ? [] : [{ name, file, mode, modified }];
  });
}

/** Without notes of the original: each file at the place that installs it where it is; metadata last, as wheels should. */
async function installedPieces({ files }: InstalledTree, distInfo: string): Promise<Piece[]> {
  const commands = await generatedScripts(files.get(`${distInfo}/entry_points.txt`));
  const pieces: Piece[] = [];
  for (const [path, file] of files) {
    const name = isAdded(path, distInfo, commands) ? undefined : wheelPath(path, distInfo);
    if (name !== undefined) pieces.push({ name, file, mode: file.mode });
  }
  const rank = ({ name }: Piece): number => (name.startsWith(`${distInfo}/`) ? 1 : 0);
  return pieces.toSorted((left, right) => rank(left) - rank(right) || compareOrdinal(left.name, right.name));
}

/** Names of the scripts that installers make, not wheels bring. */
async function generatedScripts(entryPoints: InstalledFile | undefined): Promise<ReadonlySet<string>> {
  if (entryPoints === undefined) return new Set();
  const found = parseEntryPoints(Buffer.from(await entryPoints.read()).toString("utf8"));
  const isScript = ({ group }: { group: string }): boolean => group === "console_scripts" || group === "gui_scripts";
  return new Set(found.filter(isScript).map(({ name }) => `${PREFIX}/bin/${name}`));
}

/** What installers leave in `.dist-info`; uv has files of its own. Where something came from is no part of it. */
const ADDED = ["INSTALLER", "REQUESTED", "direct_url.json", "uv_build.json", "uv_cache.json"];

function isAdded(path: string, distInfo: string, commands: ReadonlySet<string>): boolean {
  if (path === ".layout.json" || commands.has(path) || /\.py[co]$/.test(path)) return true;
  if (/^[^/]+\.pex-info\//.test(path)) return true;
  if (!path.startsWith(`${distInfo}/`)) return false;
  const name = path.slice(distInfo.length + 1);
  return ADDED.includes(name) || isRecord(path, distInfo);
}

/** RECORD, or a signature, which would be that of another RECORD. */
function isRecord(path: string, distInfo: string): boolean {
  return path === `${distInfo}/RECORD` || path.startsWith(`${distInfo}/RECORD.`);
}

function dataOf(distInfo: string): string {
  return distInfo.replace(/\.dist-info$/, ".data");
}

function wheelPath(path: string, distInfo: string): string {
  const data = dataOf(distInfo);
  const [top, scheme, ...rest] = path.split("/");
  if (top !== PREFIX) return path;
  switch (scheme) {
    case "bin":
      return `${data}/scripts/${rest.join("/")}`;
    case "include":
      // Four steps lead to the headers of one project: include/site/pythonX.Y/<project>.
      return rest[0] === "site"
        ? `${data}/headers/${rest.slice(3).join("/")}`
        : `${data}/data/include/${rest.join("/")}`;
    case "purelib":
    case "platlib":
    case "data":
      return `${data}/${scheme}/${rest.join("/")}`;
    default:
      return `${data}/data/${[scheme, ...rest].join("/")}`;
  }
}

/** What RECORD lists must be there. @throws CorruptWheel */
async function checkComplete({ files, filename }: InstalledTree, distInfo: string): Promise<void> {
  const record = files.get(`${distInfo}/RECORD`);
  if (record === undefined) return;
  for (const { path } of parseRecord(Buffer.from(await record.read()).toString("utf8"))) {
    // Upstream lists parts of `.data` under names that it does not install them under; notes of pex may be gone.
    const isExpected = !/\.py[co]$|\/$|^[^/]+\.(?:data|pex-info)\//.test(path);
    if (isExpected && !files.has(path)) throw corruptWheel(filename, `a file of it is missing, ${path}`);
  }
}
