/** The PEX as one executable zip file. */

import { writeAtomically, type WrittenFile } from "../archive/output-file.ts";
import { storedFileMember } from "../archive/zip-member.ts";
import { writeZip, ZIP32, ZipTooBig, type ZipLimits, type ZipWriter } from "../archive/zip-writer.ts";
import type { Listener } from "../base/log.ts";
import type { ContentsCache } from "../wheel/wheel-contents.ts";

import { bootFiles } from "./boot-files.ts";
import type { PexImage } from "./image.ts";
import { checkReplaceable, removeOldDirectory } from "./output-place.ts";
import { addBootFiles, addRuntime, namespacePackages, sourceMember } from "./zip-parts.ts";

export interface ZipappOptions {
  readonly signal?: AbortSignal | undefined;
  /** Whether to compute the SHA-256 of the file, which takes as long as writing it; default true. */
  readonly digest?: boolean | undefined;
  /** Keeps digests of files in wheels that are installed into the PEX. */
  readonly digests?: ContentsCache | undefined;
  /** Hears that the PEX is too big for a zip file that Python can start. */
  readonly listener?: Listener | undefined;
  /** How big that is; tests have less patience than users have wheels. */
  readonly limits?: ZipLimits | undefined;
}

/**
 * Writes the PEX, which then replaces an older PEX at the path.
 *
 * What an archive has no room for comes to lie in front of it.
 *
 * @throws CorruptWheel, FileError, FileChanged, Cancelled. Nothing is left behind then.
 */
export async function writeZipapp(image: PexImage, path: string, options: ZipappOptions = {}): Promise<WrittenFile> {
  checkReplaceable(path);
  const { signal, digest, limits = ZIP32 } = options;
  const output = { mode: 0o755, digest, signal, beforePublish: () => removeOldDirectory(path) };
  if (!isSurelyTooBig(image, limits)) {
    try {
      const prefix = Buffer.from(bootFiles(image, "zipapp").head);
      return await writeZip(path, { ...output, prefix, limits, modified: image.modified }, (zip) =>
        fill(zip, image, options),
      );
    } catch (error) {
      if (!(error instanceof ZipTooBig)) throw error;
    }
  }
  options.listener?.({
    kind: "warning",
    text: "The PEX is too big for a zip file that Python can start: its wheels and sources lie in front of the archive, where other tools do not see them",
    hint: "build it with --layout packed for a PEX of any size that every tool reads",
  });
  const { writeBeforeArchive } = await import("./layout-before-archive.ts");
  return writeAtomically(path, output, (file) => writeBeforeArchive(image, file, { ...options, limits }));
}

async function fill(zip: ZipWriter, image: PexImage, options: ZipappOptions): Promise<void> {
  await addRuntime(zip, image);
  await addWheels(zip, image, options);
  for (const each of namespacePackages(image.sources)) await zip.add(each);
  for (const source of image.sources) await zip.add(await sourceMember(source, image.compress));
  await addBootFiles(zip, image, image.info);
}

async function addWheels(zip: ZipWriter, image: PexImage, { digests }: ZipappOptions): Promise<void> {
  if (image.info.depsAreWheelFiles) {
    for (const { stored } of image.wheels) await zip.add(storedFileMember(`.deps/${stored.filename}`, stored));
    return;
  }
  const { installIntoZip } = await import("./installed-wheels.ts");
  for (const { stored } of image.wheels) {
    await installIntoZip(stored, zip, { prefix: `.deps/${stored.filename}/`, compress: image.compress, digests });
  }
}

/** Spares the attempt where it could only fail; installed wheels may become smaller or bigger than their files. */
function isSurelyTooBig({ info, wheels, sources }: PexImage, limits: ZipLimits): boolean {
  if (wheels.length + sources.length > limits.entries) return true;
  const bytes = wheels.reduce((sum, { stored }) => sum + stored.size, 0);
  return info.depsAreWheelFiles && bytes >= limits.bytes;
}
