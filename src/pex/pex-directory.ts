/** What packed and loose PEX directories have in common: everything but the runtime and the distributions. */

import { basename, dirname } from "node:path";

import { writeDirectoryAtomically, type OutputDirectory } from "../archive/output-directory.ts";
import type { WrittenFile } from "../archive/output-file.ts";
import type { StoredWheel } from "../cache/wheel-store.ts";
import type { ContentsCache } from "../wheel/wheel-contents.ts";

import { bootFiles } from "./boot-files.ts";
import type { PexImage } from "./image.ts";
import { checkReplaceable, checkReplaceableByDirectory } from "./output-place.ts";

export interface DirectoryLayoutOptions {
  readonly signal?: AbortSignal | undefined;
  /** Keeps digests of files in wheels that are installed into zip files. */
  readonly digests?: ContentsCache | undefined;
}

/**
 * Writes a PEX directory, which then replaces an older PEX of any layout at the path.
 *
 * @param fill Puts in the runtime and the distributions.
 * @throws FileError, Cancelled, or what `fill` throws. Nothing is left behind then.
 */
export async function writePexDirectory(
  place: { readonly path: string; readonly layout: "packed" | "loose"; readonly signal?: AbortSignal | undefined },
  image: PexImage,
  fill: (output: OutputDirectory) => Promise<void>,
): Promise<WrittenFile> {
  const { path, layout, signal } = place;
  await checkReplaceableByDirectory(path);
  const beforePublish = (): void => checkReplaceable(path);
  const size = await writeDirectoryAtomically(path, { signal, beforePublish }, async (output) => {
    await fill(output);
    for (const source of image.sources) output.write(source.path, source.read(), source.mode);
    writeBootFiles(image, layout, output);
  });
  return { sha256: undefined, size };
}

function writeBootFiles(image: PexImage, layout: "packed" | "loose", output: OutputDirectory): void {
  const { info, program, importable } = bootFiles(image, layout);
  output.write("PEX-INFO", Buffer.from(info), 0o644);
  output.write("__main__.py", Buffer.from(program), 0o755);
  output.write("__pex__/__init__.py", Buffer.from(importable), 0o644);
  // A short name to start it by; no link, which older releases of upstream's pex take for a source file and fail to follow.
  // The user's own files come first, and `pex` is a package that people have.
  const isTaken = image.sources.some(({ path }) => path.split("/", 1)[0] === "pex");
  if (!isTaken) output.write("pex", Buffer.from(program), 0o755);
}

/** Puts a wheel file below `.deps/`. */
export function takeWheel(wheel: StoredWheel, output: OutputDirectory): Promise<void> {
  // Files in the store never change. A user's own wheel may be written over, and then a second name would change too.
  const mayLink = basename(dirname(wheel.path)) === wheel.sha256;
  return output.take(`.deps/${wheel.filename}`, { path: wheel.path, mayLink });
}
