/** Wheels as installed trees: in a directory, or in a zip file to which their entries are copied still deflated. */

import type { OutputDirectory } from "../archive/output-directory.ts";
import { deflatedMember, inflatedMember, rawMember, storedMember } from "../archive/zip-member.ts";
import type { ZipWriter } from "../archive/zip-writer.ts";
import type { StoredWheel } from "../cache/wheel-store.ts";
import { fileDigests, RecordDigest } from "../wheel/file-digests.ts";
import { installedFingerprint } from "../wheel/fingerprint.ts";
import { installWheel } from "../wheel/install.ts";
import type { ContentsCache } from "../wheel/wheel-contents.ts";
import type { WheelDestination } from "../wheel/wheel-destination.ts";
import { withWheel } from "../wheel/wheel-source.ts";

/**
 * Installs a wheel as plain files below `place`.
 *
 * @throws CorruptWheel, FileError, Cancelled
 */
export function installIntoDirectory(wheel: StoredWheel, output: OutputDirectory, place: string): Promise<void> {
  return withWheel(wheel, (source) => {
    const destination: WheelDestination = {
      write: (path, content, mode) => output.write(`${place}/${path}`, content, mode),
      async copy(path, entry, mode) {
        const digest = new RecordDigest();
        await output.writeChunks(`${place}/${path}`, digest.over(source.content(entry)), mode);
        return digest.finish();
      },
    };
    return installWheel(source, destination, installedFingerprint(wheel.sha256));
  });
}

export interface InstalledMembers {
  /** What the names in the archive begin with; ends with a slash if it is not empty. */
  readonly prefix: string;
  /** Whether entries stay as small as they are in the wheel; otherwise they are inflated. */
  readonly compress: boolean;
  /** Keeps the digests of the wheel's files, so that only its first build inflates it. */
  readonly digests: ContentsCache | undefined;
}

/**
 * Installs a wheel into an archive.
 *
 * @throws CorruptWheel, ZipTooBig, FileError, Cancelled
 */
export function installIntoZip(wheel: StoredWheel, zip: ZipWriter, options: InstalledMembers): Promise<void> {
  const { prefix, compress } = options;
  return withWheel(wheel, async (source) => {
    const digests = await fileDigests(source, wheel.sha256, options.digests);
    const destination: WheelDestination = {
      async write(path, content, mode) {
        const make = compress ? deflatedMember : storedMember;
        await zip.add(await make(prefix + path, content, mode));
      },
      async copy(path, entry, mode) {
        const name = prefix + path;
        await zip.add(
          compress
            ? rawMember(name, entry, await source.locate(entry), mode)
            : inflatedMember(name, entry, source.content(entry), mode),
        );
        return digests.get(entry.name) ?? "";
      },
    };
    await installWheel(source, destination, installedFingerprint(wheel.sha256));
  });
}
