/** The distributions inside a PEX of any maker, layout and age, as the wheels they were. */

import { join } from "node:path";

import { partOf, withFileSource, type ByteSource } from "../archive/byte-source.ts";
import { fileStreams, readChunks, type FileRange } from "../archive/file-streams.ts";
import { ZipError } from "../archive/zip-error.ts";
import {
  findArchiveStart,
  locateZipContent,
  readZipDirectory,
  readZipEntry,
  type ZipEntry,
} from "../archive/zip-reader.ts";
import { rawMember } from "../archive/zip-member.ts";
import { asSha256 } from "../base/digest.ts";
import { PexError } from "../base/errors.ts";
import { factsOf, isDirectory, listDirectory, readBytes } from "../base/fs.ts";
import { compareOrdinal, escapeControl } from "../base/text.ts";
import type { StoredWheel } from "../cache/wheel-store.ts";
import { tryParseWheelFilename } from "../standards/wheel-filename.ts";
import type { InstalledFile, InstalledTree } from "../wheel/installed-tree.ts";

import type { ExistingPex } from "./inspect.ts";
import { storeRebuilt, type ExtractTools } from "./rebuilt-wheel.ts";

/** A PEX that is not what it says, or not all there. */
export class DamagedPex extends PexError {
  readonly code = "DAMAGED_PEX";
}

/** One distribution inside a PEX. */
export interface PexDistribution {
  /** File name of its wheel. */
  readonly filename: string;
  /** Digest of the wheel, where the PEX has it as a file. */
  readonly sha256: string | undefined;
  /** Copies the wheel out, or puts it together again. @throws DamagedPex, HashMismatch, CorruptWheel, FileError */
  extract(): Promise<StoredWheel>;
}

/** All distributions of a PEX, sorted by file name. @throws DamagedPex, FileError */
export async function readDistributions(pex: ExistingPex, tools: ExtractTools): Promise<PexDistribution[]> {
  const { distributions, depsAreWheelFiles } = pex.info;
  const names = Object.keys(distributions).toSorted(compareOrdinal);
  for (const name of names) {
    if (tryParseWheelFilename(name) === undefined) throw damaged(pex, `it names no wheel, \`${name}\``);
  }
  const entries =
    pex.layout === "zipapp" && names.length > 0 ? await zippedEntries(pex) : new Map<string, ZipEntry[]>();
  return names.map((filename): PexDistribution => {
    const place: Place = { pex, filename, entries: entries.get(filename) ?? [] };
    if (!depsAreWheelFiles) return { filename, sha256: undefined, extract: () => rebuilt(place, tools) };
    const sha256 = asSha256(distributions[filename] ?? "");
    return { filename, sha256, extract: () => copied(place, { ...tools, sha256 }) };
  });
}

/** Where one distribution lies. */
interface Place {
  readonly pex: ExistingPex;
  readonly filename: string;
  /** In a zipapp: those below `.deps/<file name>`. */
  readonly entries: readonly ZipEntry[];
}

/** The members of `.deps/` by the distribution that they belong to. */
async function zippedEntries(pex: ExistingPex): Promise<Map<string, ZipEntry[]>> {
  const found = new Map<string, ZipEntry[]>();
  for (const entry of await readFiles(pex)) {
    const [top, name] = entry.name.split("/", 2);
    if (top !== ".deps" || !name || entry.isDirectory) continue;
    const known = found.get(name);
    if (known) known.push(entry);
    else found.set(name, [entry]);
  }
  return found;
}

/** The files in an archive; pex 2.1.90 lists a directory called `../` in its packed wheels. */
function readFiles(archive: Archive): Promise<readonly ZipEntry[]> {
  return inArchive(archive, (source) => readZipDirectory(source, { filesOnly: true }));
}

/** A wheel that lies in the PEX as the file it is; one that the store has by the same digest need not be copied. */
async function copied(
  place: Place,
  tools: ExtractTools & { readonly sha256: string | undefined },
): Promise<StoredWheel> {
  const { pex, filename, entries } = place;
  const { store, sha256, signal } = tools;
  const digest = asSha256(sha256 ?? "");
  const known = digest && store.find(digest, filename);
  if (known) return known;
  const expected = { ...(digest && { hashes: { sha256: digest } }), signal };
  if (pex.layout !== "zipapp") {
    const path = depPath(place);
    if (factsOf(path)?.kind !== "file") throw damaged(pex, `it lacks \`.deps/${filename}\``);
    return store.add(fileStreams.chunks(path), filename, expected);
  }
  const before = await placeBefore(place);
  if (before) return store.add(readChunks(pex.path, before), filename, expected);
  const entry = entries.find(({ name }) => name === `.deps/${filename}`);
  if (entry === undefined) throw damaged(pex, `it lacks \`.deps/${filename}\``);
  return orDamaged(pex, () =>
    withFileSource(pex.path, async (source) => {
      if (entry.method !== 0)
        return store.add([await readZipEntry(source, entry, { limit: LARGEST })], filename, expected);
      const offset = await locateZipContent(source, entry);
      return store.add(readChunks(pex.path, { offset, length: entry.size }), filename, expected);
    }),
  );
}

/** Where a distribution lies in front of the archive; `undefined` for one in it. @throws DamagedPex, FileError */
async function placeBefore({ pex, filename }: Place): Promise<FileRange | undefined> {
  const found = pex.info.beforeArchive?.wheels[filename];
  if (found === undefined) return undefined;
  const start = await orDamaged(pex, () => withFileSource(pex.path, findArchiveStart));
  const { distance, size } = found;
  if (!(0 <= size && size <= distance && distance <= start)) throw damaged(pex, `\`${filename}\` is not where it says`);
  return { path: pex.path, offset: start - distance, length: size };
}

/** Bytes of one file; a library of CUDA has 900 MB. */
const LARGEST = 2 ** 31 - 1;

function rebuilt(place: Place, tools: ExtractTools): Promise<StoredWheel> {
  const { pex, filename } = place;
  return orDamaged(pex, async () => {
    const tree = await installedTree(place);
    if (tree.files.size === 0) throw damaged(pex, `it lacks \`.deps/${filename}\``);
    return storeRebuilt(tree, tools);
  });
}

async function installedTree(place: Place): Promise<InstalledTree> {
  const { pex, filename, entries } = place;
  const path = depPath(place);
  switch (pex.layout) {
    case "zipapp": {
      const before = await placeBefore(place);
      if (before) return { filename, files: await treeIn(before) };
      return { filename, files: zippedFiles({ path: pex.path }, entries, `.deps/${filename}/`) };
    }
    case "packed":
      if (factsOf(path)?.kind !== "file") throw damaged(pex, `it lacks \`.deps/${filename}\``);
      return { filename, files: await treeIn({ path }) };
    case "loose":
      return { filename, files: new Map(isDirectory(path) ? plainFiles(path, "") : []) };
  }
}

/** A file, or the part of it that is an archive. */
type Archive = Pick<FileRange, "path"> & Partial<FileRange>;

async function treeIn(archive: Archive): Promise<Map<string, InstalledFile>> {
  return zippedFiles(archive, await readFiles(archive), "");
}

function zippedFiles(archive: Archive, entries: readonly ZipEntry[], top: string): Map<string, InstalledFile> {
  const { path, offset = 0 } = archive;
  const files = new Map<string, InstalledFile>();
  for (const entry of entries) {
    if (entry.isDirectory || !entry.name.startsWith(top)) continue;
    files.set(entry.name.slice(top.length), {
      mode: (entry.mode & 0o111) === 0 ? 0o644 : 0o755,
      read: () => inArchive(archive, (source) => readZipEntry(source, entry, { limit: LARGEST })),
      asMember: (name, mode) =>
        inArchive(archive, async (source) =>
          rawMember(name, entry, { path, offset: offset + (await locateZipContent(source, entry)) }, mode),
        ),
    });
  }
  return files;
}

function inArchive<Value>(archive: Archive, task: (source: ByteSource) => Promise<Value>): Promise<Value> {
  const { path, offset = 0, length } = archive;
  return withFileSource(path, (source) => task(partOf(source, { offset, length: length ?? source.size })));
}

function* plainFiles(directory: string, prefix: string): Generator<[string, InstalledFile]> {
  for (const name of listDirectory(directory)) {
    const path = join(directory, name);
    const facts = factsOf(path);
    if (facts?.kind === "directory") yield* plainFiles(path, `${prefix}${name}/`);
    else if (facts?.kind === "file") {
      yield [
        `${prefix}${name}`,
        { mode: (facts.mode & 0o111) === 0 ? 0o644 : 0o755, read: async () => readBytes(path) },
      ];
    }
  }
}

function depPath({ pex, filename }: Place): string {
  return join(pex.path, ".deps", filename);
}

async function orDamaged<Value>(pex: ExistingPex, task: () => Promise<Value>): Promise<Value> {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof ZipError)) throw error;
    throw damaged(pex, error.message.charAt(0).toLowerCase() + error.message.slice(1), error);
  }
}

/** @param reason A part of a sentence, such as `it lacks a file`. */
function damaged(pex: ExistingPex, reason: string, cause?: unknown): DamagedPex {
  return new DamagedPex(`The PEX is damaged, ${escapeControl(reason)}: ${escapeControl(pex.path)}`, {
    cause,
    hint: "copy or build it again",
  });
}
