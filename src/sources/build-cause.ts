/** The lines in the output of a failed build that say why it failed. */

/** What compilers, linkers, configuration tools and setuptools begin their complaints with. */
const COMPLAINT = /(?:^|[\s:])(?:(?:fatal )?error|ERROR)(?:\[\w+\])?: \S|^CMake Error\b/;
/** The last line of a traceback. */
const EXCEPTION = /^(?:[A-Za-z_][\w.]*(?:Error|Exception|Exit|Failure|Failed)|[a-z_]\w*(?:\.\w+)+\.[A-Z]\w*)(?:: |$)/;
/** Complaints that only say that somebody else has complained. */
const FOLLOWS =
  /error: (?:command '.*' failed|could not compile|metadata-generation-failed|subprocess-exited)|CalledProcessError/;
/** Lines that belong to a complaint and stand below it. */
const MOST_DETAILS = 2;
const LAST_LINES = 5;

/** The first cause, with the lines that explain it; without any the end of the output. */
export function causeIn(output: string): string[] {
  const lines = output.split("\n").map((line) => line.trimEnd());
  const isCause = (line: string): boolean => COMPLAINT.test(line) && !FOLLOWS.test(line);
  // A compiler's first complaint causes the others; of Python's tracebacks the last line counts.
  const complaint = lines.findIndex(isCause);
  if (complaint !== -1) return [lines[complaint] ?? "", ...detailsBelow(lines, complaint)];
  const exceptions = lines.filter((line) => EXCEPTION.test(line));
  const last = exceptions.findLast((line) => !FOLLOWS.test(line)) ?? exceptions.at(-1);
  if (last !== undefined) return [last];
  // Ninja tells which step it was; its command and what that said follow.
  const step = lines.findIndex((line) => line.startsWith("FAILED: "));
  const said = (step === -1 ? lines : lines.slice(step)).filter((line) => line !== "");
  return step === -1 ? said.slice(-LAST_LINES) : said.slice(0, LAST_LINES);
}

/** CMake and cargo say on the next lines what it is about. */
function detailsBelow(lines: readonly string[], at: number): string[] {
  const head = lines[at] ?? "";
  if (!/^CMake Error|^error(?:\[\w+\])?: /.test(head)) return [];
  const below = lines.slice(at + 1);
  const end = below.findIndex((line, index) => index > 0 && line !== "" && !/^\s/.test(line));
  const own = below.slice(0, end === -1 ? below.length : end).filter((line) => /^\s+\S/.test(line));
  return own.slice(0, MOST_DETAILS);
}
