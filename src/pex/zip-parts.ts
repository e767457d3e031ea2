/** What every PEX that is one file holds in its archive. */

import type { ArchiveFile } from "../archive/archive-file.ts";
import { deflatedMember, directoryMember, storedMember, type ZipMember } from "../archive/zip-member.ts";
import type { ZipWriter } from "../archive/zip-writer.ts";
import { compareOrdinal } from "../base/text.ts";

import { bootFiles } from "./boot-files.ts";
import type { PexImage } from "./image.ts";
import type { PexInfo } from "./pex-info.ts";

/** The runtime, in one piece at the beginning: a start reads it and little else. */
export async function addRuntime(zip: ZipWriter, image: PexImage): Promise<void> {
  for (const file of image.runtime.bootstrap) await zip.add(storedMember(`.bootstrap/${file.path}`, file.read()));
  for (const each of image.runtime.compiled) await zip.add(each.modulesMember(`.bootstrap/${each.modules.path}`));
}

/**
 * The user's packages without `__init__.py`: with the PEX itself on `sys.path`, `zipimport` knows them only as members of
 * their own.
 */
export function namespacePackages(sources: readonly ArchiveFile[]): ZipMember[] {
  const paths = new Set(sources.map(({ path }) => path));
  const packages = new Set<string>();
  for (const path of paths) {
    if (!/\.pyc?$/.test(path)) continue;
    for (let end = path.lastIndexOf("/"); end !== -1; end = path.lastIndexOf("/", end - 1)) {
      packages.add(path.slice(0, end));
    }
  }
  return [...packages]
    .filter((path) => !paths.has(`${path}/__init__.py`) && !path.endsWith("__pycache__"))
    .toSorted(compareOrdinal)
    .map(directoryMember);
}

/** A file of the user's. */
export async function sourceMember(source: ArchiveFile, compress: boolean): Promise<ZipMember> {
  const { path, mode } = source;
  return compress ? deflatedMember(path, source.read(), mode) : storedMember(path, source.read(), mode);
}

/** What starts the PEX. @param info The image's, or with more facts in it. */
export async function addBootFiles(zip: ZipWriter, image: PexImage, info: PexInfo): Promise<void> {
  const boot = bootFiles(image, "zipapp", info);
  await zip.add(storedMember("PEX-INFO", Buffer.from(boot.info)));
  await zip.add(storedMember("__main__.py", Buffer.from(boot.main), 0o755));
  if (boot.compiledMain) await zip.add(storedMember("__main__.pyc", boot.compiledMain));
  await zip.add(storedMember("__pex__/__init__.py", Buffer.from(boot.importable)));
}
