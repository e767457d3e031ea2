/** The image to the disk, in the form that was asked for. */

import type { WrittenFile } from "../archive/output-file.ts";
import { assertNever } from "../base/errors.ts";
import type { PexImage } from "../pex/image.ts";
import { writeZipapp, type ZipappOptions } from "../pex/layout-zipapp.ts";
import type { PexLayout } from "../pex/main-module.ts";

/** Writes the PEX, which then replaces an older one at the path. @throws PexError, and nothing half-written stays */
export async function writePex(
  image: PexImage,
  path: string,
  options: ZipappOptions & { readonly layout: PexLayout },
): Promise<WrittenFile> {
  const { layout } = options;
  switch (layout) {
    case "zipapp":
      return writeZipapp(image, path, options);
    case "packed":
      return (await import("../pex/layout-packed.ts")).writePacked(image, path, options);
    case "loose":
      return (await import("../pex/layout-loose.ts")).writeLoose(image, path, options);
    default:
      return assertNever(layout);
  }
}
