/** The PEX as a directory of a few big files, which `rsync` and image layers can tell apart when only one changes. */

import type { WrittenFile } from "../archive/output-file.ts";
import { storedMember } from "../archive/zip-member.ts";
import { writeZip } from "../archive/zip-writer.ts";

import type { PexImage } from "./image.ts";
import { takeWheel, writePexDirectory, type DirectoryLayoutOptions } from "./pex-directory.ts";

/**
 * Writes the runtime as one zip file and each wheel as it is.
 *
 * @throws FileError, Cancelled. Nothing is left behind then.
 */
export function writePacked(image: PexImage, path: string, options: DirectoryLayoutOptions = {}): Promise<WrittenFile> {
  return writePexDirectory({ path, layout: "packed", ...options }, image, async (output) => {
    const members = image.runtime.bootstrap.map((file) => storedMember(file.path, file.read()));
    const { size } = await writeZip(output.pathOf(".bootstrap"), members, {
      mode: 0o644,
      modified: image.modified,
      digest: false,
    });
    output.count(size);
    for (const { stored } of image.wheels) await takeWheel(stored, output);
  });
}
