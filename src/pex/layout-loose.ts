/** The PEX as a directory of plain files, which runs in place: nothing is unpacked when it starts. */

import type { WrittenFile } from "../archive/output-file.ts";

import type { PexImage } from "./image.ts";
import { installIntoDirectory } from "./installed-wheels.ts";
import { bootstrapFiles } from "./runtime-files.ts";
import { takeWheel, writePexDirectory, type DirectoryLayoutOptions } from "./pex-directory.ts";

/**
 * Writes the runtime as plain files, and each wheel as an installed tree or as it is, as the image says.
 *
 * @throws CorruptWheel, FileError, Cancelled. Nothing is left behind then.
 */
export function writeLoose(image: PexImage, path: string, options: DirectoryLayoutOptions = {}): Promise<WrittenFile> {
  return writePexDirectory({ path, layout: "loose", ...options }, image, async (output) => {
    for (const file of bootstrapFiles(image.runtime)) output.write(`.bootstrap/${file.path}`, file.read(), 0o644);
    for (const { stored } of image.wheels) {
      if (image.info.depsAreWheelFiles) await takeWheel(stored, output);
      else await installIntoDirectory(stored, output, `.deps/${stored.filename}`);
    }
  });
}
