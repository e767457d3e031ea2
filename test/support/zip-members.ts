/** Archives of members that a test has at hand. */
import type { WrittenFile } from "../../src/archive/output-file.ts";
import type { ZipMember } from "../../src/archive/zip-member.ts";
import { writeZip, type ZipWriterOptions } from "../../src/archive/zip-writer.ts";

export function writeMembers(
  path: string,
  members: Iterable<ZipMember> | AsyncIterable<ZipMember>,
  options: ZipWriterOptions = {},
): Promise<WrittenFile> {
  return writeZip(path, options, async (zip) => {
    for await (const member of members) await zip.add(member);
  });
}
