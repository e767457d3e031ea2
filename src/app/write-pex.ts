/** The image to the disk, in the form that was asked for. */

import type { WrittenFile } from "../archive/output-file.ts";
import { assertNever, NotImplemented } from "../base/errors.ts";
import type { PexImage } from "../pex/image.ts";
import { writeZipapp, type ZipappOptions } from "../pex/layout-zipapp.ts";
import type { PexLayout } from "../pex/main-module.ts";
import type { BuildRequest } from "./build-request.ts";

/** @throws NotImplemented for a form that is not built yet. */
export function checkLayout(request: BuildRequest): void {
  const layout = request.layout ?? "zipapp";
  if (!request.preInstallWheels || layout === "loose") return;
  throw new NotImplemented(`Not available yet: --pre-install-wheels with --layout ${layout}`, {
    hint: "Leave out --pre-install-wheels, or use --layout loose.",
  });
}

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
