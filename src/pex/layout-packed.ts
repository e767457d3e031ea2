/** The PEX as a directory of a few big files, which `rsync` and image layers can tell apart when only one changes. */

import type { OutputDirectory } from "../archive/output-directory.ts";
import type { WrittenFile } from "../archive/output-file.ts";
import { storedMember } from "../archive/zip-member.ts";
import { writeZip, type ZipWriter } from "../archive/zip-writer.ts";

import type { PexImage } from "./image.ts";
import { installIntoZip } from "./installed-wheels.ts";
import { takeWheel, writePexDirectory, type DirectoryLayoutOptions } from "./pex-directory.ts";

/**
 * Writes the runtime as one zip file, and each wheel as it is or as a zip file of its installed tree, as the image says.
 *
 * @throws CorruptWheel, ZipTooBig, FileError, Cancelled. Nothing is left behind then.
 */
export function writePacked(image: PexImage, path: string, options: DirectoryLayoutOptions = {}): Promise<WrittenFile> {
  const { signal, digests } = options;
  const { modified } = image;
  return writePexDirectory({ path, layout: "packed", signal }, image, async (output) => {
    await writeZipInto(output, ".bootstrap", async (zip) => {
      for (const file of image.runtime.bootstrap) await zip.add(storedMember(file.path, file.read()));
      for (const each of image.runtime.compiled) await zip.add(each.modulesMember(each.modules.path));
    });
    for (const { stored } of image.wheels) {
      if (image.info.depsAreWheelFiles) await takeWheel(stored, output);
      else {
        await writeZipInto(output, `.deps/${stored.filename}`, (zip) =>
          installIntoZip(stored, zip, { prefix: "", compress: image.compress, digests }),
        );
      }
    }
  });

  async function writeZipInto(directory: OutputDirectory, place: string, fill: (zip: ZipWriter) => Promise<void>) {
    const { size } = await writeZip(directory.pathOf(place), { mode: 0o644, modified, digest: false, signal }, fill);
    directory.count(size);
  }
}
