/** A wheel as it lies in its file: names of its members and the text of its metadata (binary distribution format, PEP 427). */

import { withFileSource, type ByteSource } from "../archive/byte-source.ts";
import { ZipError } from "../archive/zip-error.ts";
import { locateZipContent, readZipDirectory, readZipEntry, zipContent, type ZipEntry } from "../archive/zip-reader.ts";
import { normalizeName } from "../standards/project-name.ts";
import { parseWheelFilename, type WheelFilename } from "../standards/wheel-filename.ts";

import { corruptWheel, unreadableWheel } from "../archive/corrupt-wheel.ts";

/** An open wheel; it closes when the task it was handed to ends. */
export interface WheelSource {
  readonly name: WheelFilename;
  readonly entries: readonly ZipEntry[];
  /** Name of the directory `{name}-{version}.dist-info`. */
  readonly distInfo: string;
  /** Name of the directory `{name}-{version}.data`, whether it exists or not. */
  readonly dataDirectory: string;
  /** The UTF-8 text of a file below `distInfo`, or `undefined` when there is none. */
  readDistInfo(name: string): Promise<string | undefined>;
  /** The content of an entry in pieces, checked by the time it ends. */
  content(entry: ZipEntry): AsyncIterable<Uint8Array>;
  /** The entry as it lies in the file, still deflated. */
  locate(entry: ZipEntry): Promise<{ readonly path: string; readonly offset: number }>;
}

/**
 * Opens a wheel file for the task.
 *
 * @throws CorruptWheel when it is no zip, a hostile one, or not laid out as a wheel; FileError; InvalidWheelFilename
 */
export function withWheel<Value>(
  wheel: { readonly path: string; readonly filename: string },
  task: (source: WheelSource) => Promise<Value>,
): Promise<Value> {
  return withFileSource(wheel.path, async (bytes) => {
    try {
      return await task(await openWheel(bytes, wheel));
    } catch (error) {
      if (error instanceof ZipError) throw unreadableWheel(wheel.filename, error);
      throw error;
    }
  });
}

async function openWheel(
  bytes: ByteSource,
  { path, filename }: { readonly path: string; readonly filename: string },
): Promise<WheelSource> {
  const name = parseWheelFilename(filename);
  const entries = await readZipDirectory(bytes);
  const distInfo = findDistInfo(entries, name);
  return {
    name,
    entries,
    distInfo,
    dataDirectory: distInfo.replace(/\.dist-info$/, ".data"),
    async readDistInfo(file) {
      const entry = entries.find((each) => each.name === `${distInfo}/${file}`);
      return entry && Buffer.from(await readZipEntry(bytes, entry)).toString("utf8");
    },
    content: (entry) => zipContent(bytes, entry),
    locate: async (entry) => ({ path, offset: await locateZipContent(bytes, entry) }),
  };
}

/** The one `.dist-info` directory; as pip does, it must begin with the name of the project, however spelled. */
function findDistInfo(entries: readonly ZipEntry[], wheel: WheelFilename): string {
  const found = new Set<string>();
  for (const { name } of entries) {
    const directory = name.slice(0, Math.max(0, name.indexOf("/")));
    if (directory.endsWith(".dist-info")) found.add(directory);
  }
  const [only, second] = found;
  if (only === undefined) throw corruptWheel(wheel.text, "it has no .dist-info directory");
  if (second !== undefined) throw corruptWheel(wheel.text, `it has two .dist-info directories, ${only} and ${second}`);
  if (!normalizeName(only).startsWith(wheel.project)) {
    throw corruptWheel(wheel.text, `its metadata is that of another distribution, ${only}`);
  }
  return only;
}

/** Where an entry lands in site-packages, or `undefined` if it goes elsewhere or is the wheel's own metadata. */
export function installedPath(name: string, source: WheelSource): string | undefined {
  if (name.startsWith(`${source.distInfo}/`)) return undefined;
  if (!name.startsWith(`${source.dataDirectory}/`)) return name;
  const [, scheme, ...rest] = name.split("/");
  return scheme === "purelib" || scheme === "platlib" ? rest.join("/") : undefined;
}
