/** The PEX as one file with a small archive at its end and everything that may be big in front of that. */

import { fileChanged, type OutputFile } from "../archive/output-file.ts";
import { ZipWriter, type ZipLimits } from "../archive/zip-writer.ts";
import type { ContentsCache } from "../wheel/wheel-contents.ts";

import type { PlaceBefore } from "./before-archive.ts";
import { bootFiles } from "./boot-files.ts";
import type { ImageWheel, PexImage } from "./image.ts";
import { sealPexInfo } from "./pex-info.ts";
import { addBootFiles, addRuntime, sourceMember } from "./zip-parts.ts";

interface Options {
  readonly limits: ZipLimits;
  readonly digests?: ContentsCache | undefined;
}

/** A piece of the file, counted from its beginning. */
interface Piece {
  readonly start: number;
  readonly size: number;
}

/**
 * Writes the wheels, the sources in as many archives as they need, and the archive that Python starts.
 *
 * @throws CorruptWheel, FileError, FileChanged, Cancelled; ZipTooBig for a wheel whose installed tree alone has no room.
 */
export async function writeBeforeArchive(image: PexImage, output: OutputFile, options: Options): Promise<void> {
  await output.append(Buffer.from(bootFiles(image, "zipapp").head));
  const wheels: [string, Piece][] = [];
  for (const wheel of image.wheels) {
    wheels.push([wheel.stored.filename, await piece(output, () => appendWheel(wheel, image, { output, ...options }))]);
  }
  const sources = await appendSources(image, output, options.limits);
  const start = output.position;
  const placed = (each: Piece): PlaceBefore => ({ distance: start - each.start, size: each.size });
  const beforeArchive = {
    wheels: Object.fromEntries(wheels.map(([name, each]) => [name, placed(each)])),
    sources: sources.map(placed),
  };
  const zip = new ZipWriter(output, { limits: options.limits, modified: image.modified });
  await addRuntime(zip, image);
  await addBootFiles(zip, image, sealPexInfo({ ...image.info, beforeArchive }));
  await zip.finish();
}

async function appendWheel(
  { stored }: ImageWheel,
  image: PexImage,
  { output, limits, digests }: Options & { readonly output: OutputFile },
): Promise<void> {
  if (image.info.depsAreWheelFiles) {
    const crc32 = await output.appendRange({ path: stored.path, offset: 0, length: stored.size });
    if (crc32 !== stored.crc32) throw fileChanged(stored.path);
    return;
  }
  const { installIntoZip } = await import("./installed-wheels.ts");
  const zip = new ZipWriter(output, { limits, modified: image.modified });
  await installIntoZip(stored, zip, { prefix: "", compress: image.compress, digests });
  await zip.finish();
}

/** In as few archives as have room for them. */
async function appendSources(image: PexImage, output: OutputFile, limits: ZipLimits): Promise<Piece[]> {
  const pieces: Piece[] = [];
  let start = output.position;
  let zip = new ZipWriter(output, { limits, modified: image.modified });
  for (const source of image.sources) {
    const member = await sourceMember(source, image.compress);
    if (!zip.hasRoomFor(member)) {
      await finish();
      start = output.position;
      zip = new ZipWriter(output, { limits, modified: image.modified });
    }
    await zip.add(member);
  }
  if (image.sources.length > 0) await finish();
  return pieces;

  async function finish(): Promise<void> {
    await zip.finish();
    pieces.push({ start, size: output.position - start });
  }
}

async function piece(output: OutputFile, write: () => Promise<void>): Promise<Piece> {
  const start = output.position;
  await write();
  return { start, size: output.position - start };
}
