/** Scripts as wheels bring them: installing wrote the path of an interpreter into their first line. */

/** What a wheel's script begins with, so that installers put their interpreter there (PEP 427). */
const GENERIC = "#!python";

const DIRECT = /^#![^\n]*\/(?:python|pypy)(?<window>w?)[\d.]*[^\n/]*\n/;
/** For paths that are too long, or have blanks: a start that `sh` and Python both understand. */
const THROUGH_SHELL = /^#!\/bin\/sh\n'''exec' [^\n]*\/(?:python|pypy)(?<window>w?)[\d.]*"? "\$0" "\$@"\n' '''\n/;

/** The script with a first line that fits any environment; what starts in another way stays as it is. */
export function portableScript(content: Buffer): Buffer {
  if (content[0] !== 0x23 || content[1] !== 0x21) return content;
  // One byte is one character, so that lengths are those of the file.
  const head = content.toString("latin1", 0, 4096);
  const match = THROUGH_SHELL.exec(head) ?? DIRECT.exec(head);
  if (match === null) return content;
  const first = `${GENERIC}${match.groups?.["window"] ?? ""}\n`;
  return Buffer.concat([Buffer.from(first), content.subarray(match[0].length)]);
}
