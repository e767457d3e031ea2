/** The PEX as one executable zip file. */

import type { WrittenFile } from "../archive/output-file.ts";
import { deflatedMember, storedFileMember, storedMember, type ZipMember } from "../archive/zip-member.ts";
import { checkFits, writeZip } from "../archive/zip-writer.ts";

import type { PexImage } from "./image.ts";
import { renderMainModule, renderTemplate, type BootFacts } from "./main-module.ts";
import { checkReplaceable, removeOldDirectory } from "./output-place.ts";
import { formatPexInfo } from "./pex-info.ts";

export interface ZipappOptions {
  readonly signal?: AbortSignal | undefined;
  /** Whether to compute the SHA-256 of the file, which takes as long as writing it; default true. */
  readonly digest?: boolean | undefined;
}

/** What a zip needs for one entry beside content and name, rounded up. */
const ENTRY_OVERHEAD = 128;

/**
 * Writes the PEX, which then replaces an older PEX at the path.
 *
 * @throws FileError, FileChanged, Cancelled; NotImplemented beyond 4 GiB. Nothing is left behind then.
 */
export async function writeZipapp(image: PexImage, path: string, options: ZipappOptions = {}): Promise<WrittenFile> {
  checkReplaceable(path);
  const wheelBytes = image.wheels.reduce((sum, { stored }) => sum + stored.size + ENTRY_OVERHEAD, 0);
  checkFits(image.wheels.length + image.sources.length, wheelBytes);
  return writeZip(path, members(image), {
    prefix: Buffer.from(`${image.shebang}\n`),
    mode: 0o755,
    modified: image.modified,
    digest: options.digest,
    signal: options.signal,
    beforePublish: () => removeOldDirectory(path),
  });
}

/** The runtime first and in one piece: a start reads it and little else. */
async function* members(image: PexImage): AsyncGenerator<ZipMember> {
  for (const file of image.runtime.bootstrap) yield storedMember(`.bootstrap/${file.path}`, file.read());
  for (const { stored } of image.wheels) yield storedFileMember(`.deps/${stored.filename}`, stored);
  for (const source of image.sources) {
    const { path, mode } = source;
    yield image.compress ? await deflatedMember(path, source.read(), mode) : storedMember(path, source.read(), mode);
  }
  const facts: BootFacts = {
    layout: "zipapp",
    hasCode: image.sources.length > 0,
    version: image.version,
    ephemeral: image.ephemeral,
    preamble: image.preamble,
  };
  const { runtime, info } = image;
  yield storedMember("PEX-INFO", Buffer.from(formatPexInfo(info)));
  yield storedMember("__main__.py", Buffer.from(renderMainModule(runtime.main, info, facts)), 0o755);
  yield storedMember("__pex__/__init__.py", Buffer.from(renderTemplate(runtime.importable, info, facts)));
}
