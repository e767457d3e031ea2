/** Projects in repositories of Mercurial, Subversion and Bazaar, by the commands of this machine. */

import { ask, RepositoryFailed, type Repository, type VersionControlOptions } from "./version-control.ts";

/** The systems that are asked here. */
export type OtherVersionControl = "hg" | "svn" | "bzr";

interface Commands {
  readonly names: readonly [string, ...string[]];
  /** Prints what the revision stands for now, without fetching it. */
  find(repository: string, revision: string | undefined): readonly string[];
  /** Puts the files of the revision into a directory that is not there yet, one command after the other. */
  checkOut(repository: string, revision: string | undefined, directory: string): readonly (readonly string[])[];
}

/** Values are joined to their options, so that none can be taken for another option. */
const COMMANDS: Readonly<Record<OtherVersionControl, Commands>> = {
  hg: {
    names: ["hg"],
    // Without a revision it would be the newest commit of any branch.
    find: (repository, revision = "default") => ["identify", "--id", "--debug", `--rev=${revision}`, "--", repository],
    checkOut: (repository, revision = "default", directory) => [
      ["clone", "--quiet", "--noupdate", "--", repository, directory],
      ["--cwd", directory, "update", "--quiet", `--rev=${revision}`],
    ],
  },
  svn: {
    names: ["svn"],
    // An `@` at the end: those before belong to the path.
    find: (repository, revision = "HEAD") => [
      "info",
      "--non-interactive",
      "--show-item=last-changed-revision",
      `--revision=${revision}`,
      `${repository}@`,
    ],
    checkOut: (repository, revision = "HEAD", directory) => [
      ["checkout", "--quiet", "--non-interactive", `--revision=${revision}`, `${repository}@`, directory],
    ],
  },
  bzr: {
    names: ["bzr", "brz"],
    find: (repository, revision = "-1") => ["revision-info", `--revision=${revision}`, `--directory=${repository}`],
    checkOut: (repository, revision = "-1", directory) => [
      ["branch", "--quiet", `--revision=${revision}`, "--", repository, directory],
    ],
  },
};

/** Name of what a revision stands for now. @throws VersionControlMissing, RepositoryFailed */
export async function findOtherRevision(
  system: OtherVersionControl,
  source: Repository,
  options: VersionControlOptions,
): Promise<string | undefined> {
  refusePassword(source, system);
  const commands = COMMANDS[system];
  const args = commands.find(source.repository, source.revision);
  const printed = await ask(commands.names, args, { source, options: quiet(options) });
  return printed.trim().split("\n").at(-1) || undefined;
}

/** Gets the files of a revision. @throws VersionControlMissing, RepositoryFailed */
export async function checkOutOther(
  system: OtherVersionControl,
  source: Repository,
  { directory, ...options }: VersionControlOptions & { readonly directory: string },
): Promise<void> {
  const commands = COMMANDS[system];
  for (const args of commands.checkOut(source.repository, source.revision, directory)) {
    await ask(commands.names, args, { source, options: quiet(options) });
  }
}

/** Without the user's habits, and without questions. */
function quiet(options: VersionControlOptions): VersionControlOptions {
  return { ...options, env: { ...options.env, HGPLAIN: "1" } };
}

/** Who asks for processes sees their arguments. */
function refusePassword({ repository, shown }: Repository, system: OtherVersionControl): void {
  if ((URL.parse(repository)?.password ?? "") === "") return;
  throw new RepositoryFailed(`Everybody here could read the password of this repository: ${shown}`, {
    hint: `leave it out of the URL, and tell it to ${system} in its own configuration`,
  });
}
