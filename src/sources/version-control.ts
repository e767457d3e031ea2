/** Commands of version control systems: how they are called, and what is said when they fail. */

import { PexError, systemCode } from "../base/errors.ts";
import { run, SubprocessError, type Finished } from "../base/subprocess.ts";
import { escapeControl } from "../base/text.ts";
import { hideCredentials } from "../inputs/direct-source.ts";

/** A repository cannot be read, or has no such revision. */
export class RepositoryFailed extends PexError {
  readonly code = "REPOSITORY";
}

/** The command of a version control system is not here. */
export class VersionControlMissing extends PexError {
  readonly code = "VERSION_CONTROL_MISSING";
}

/** A repository and what is wanted of it. */
export interface Repository {
  /** URL with credentials. */
  readonly repository: string;
  /** What its system calls a branch, tag or commit; `undefined` is what it takes when nothing is said. */
  readonly revision: string | undefined;
  /** What messages call it. */
  readonly shown: string;
}

export interface VersionControlOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

/** Lines of a failed command that tell why: its own, and those of the ssh that it started. */
const TELLING =
  /^(?:fatal|error|abort|ssh|svn: [EW]\d+|(?:bzr|brz): ERROR):|^Host key verification failed|Permission denied \(/;

/**
 * Runs a command for a repository and gives what it prints.
 *
 * @param names Of the command, the usual one first.
 * @throws VersionControlMissing, RepositoryFailed, Cancelled
 */
export async function ask(
  names: readonly [string, ...string[]],
  args: readonly string[],
  { source, options }: { readonly source: Repository; readonly options: VersionControlOptions },
): Promise<string> {
  const [usual] = names;
  const ended = await runFirst(names, args, options);
  if (ended === undefined) {
    throw new VersionControlMissing(
      `The command \`${usual}\` is needed for this requirement, but it is not here: ${source.shown}`,
      {
        hint: `install ${usual}, or give the URL of an archive`,
      },
    );
  }
  if (ended.status === 0) return ended.stdout;
  const said = ended.stderr
    .replaceAll(source.repository, hideCredentials(source.repository))
    // ssh ends its lines as terminals do.
    .split(/\r?\n/)
    .filter((line) => TELLING.test(line));
  // Git tries submodules twice.
  const lines = [...new Set(said)].map(
    (line) => `\n    ${escapeControl(line.replaceAll(/:\/\/[^\s/@]*@/g, "://****@"))}`,
  );
  const wish = source.revision === undefined ? "the default branch" : `\`${source.revision}\``;
  throw new RepositoryFailed(`Cannot get ${wish} of the repository: ${source.shown}${lines.join("")}`, {
    hint: `check the URL and the revision, and whether ${usual} may read it without asking`,
  });
}

/** How the first of these commands that is here ended. */
async function runFirst(
  names: readonly string[],
  args: readonly string[],
  { env, signal }: VersionControlOptions,
): Promise<Finished | undefined> {
  for (const name of names) {
    try {
      return await run(name, args, { env: { ...env, LC_ALL: "C" }, signal });
    } catch (error) {
      if (!(error instanceof SubprocessError) || systemCode(error.cause) !== "ENOENT") throw error;
    }
  }
  return undefined;
}
