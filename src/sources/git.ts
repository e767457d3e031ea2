/** Projects in git repositories, by the git command of this machine. */

import { PexError, systemCode } from "../base/errors.ts";
import { run, SubprocessError, type Finished } from "../base/subprocess.ts";
import { escapeControl } from "../base/text.ts";

/** A repository cannot be read, or has no such revision. */
export class GitFailed extends PexError {
  readonly code = "GIT";
}

/** There is no git command here. */
export class GitMissing extends PexError {
  readonly code = "GIT_MISSING";
}

/** A repository and what is wanted of it. */
export interface GitSource {
  /** URL with credentials. */
  readonly repository: string;
  /** Branch, tag or commit; `undefined` is the default branch. */
  readonly revision: string | undefined;
  /** What messages call it. */
  readonly shown: string;
}

export interface GitOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

const COMMIT = /^[0-9a-f]{40}$/;

/**
 * The commit that a revision stands for now, asked of the repository without fetching it; `undefined` when it does not
 * tell, as for the beginning of a commit's name.
 *
 * @throws GitMissing, GitFailed
 */
export async function findCommit(source: GitSource, options: GitOptions): Promise<string | undefined> {
  const { repository, revision } = source;
  if (revision !== undefined && COMMIT.test(revision)) return revision;
  const patterns = revision === undefined ? ["HEAD"] : [revision, `${revision}^{}`];
  const listed = await git(["ls-remote", "--", repository, ...patterns], source, options);
  const commits = new Map<string, string>();
  for (const line of listed.split("\n")) {
    const [commit = "", name] = line.split("\t");
    if (name !== undefined && COMMIT.test(commit)) commits.set(name, commit);
  }
  if (revision === undefined) return commits.get("HEAD");
  // As git itself ranks them; the commit behind an annotated tag stands under `^{}`.
  const names = [`refs/tags/${revision}^{}`, `refs/tags/${revision}`, `refs/heads/${revision}`, revision];
  return names.map((name) => commits.get(name)).find((commit) => commit !== undefined);
}

/**
 * Clones a repository into an empty directory, with its history, which versions may be made from, but only the files
 * of one revision; submodules come along.
 *
 * @throws GitMissing, GitFailed
 */
export async function checkOut(source: GitSource, directory: string, options: GitOptions): Promise<void> {
  const { repository, revision } = source;
  const clone = ["clone", "--quiet", "--no-checkout", "--filter=blob:none", "--", repository, directory];
  await git(clone, source, options);
  const inside = (...args: readonly string[]): Promise<string> => git(["-C", directory, ...args], source, options);
  const wanted = revision ?? "HEAD";
  const commit = await inside("rev-parse", "--quiet", "--verify", `${wanted}^{commit}`)
    .catch(() => inside("rev-parse", "--quiet", "--verify", `origin/${wanted}^{commit}`))
    .catch(async () => {
      // Such as the head of a pull request, which a clone leaves out.
      await inside("fetch", "--quiet", "origin", wanted);
      return inside("rev-parse", "FETCH_HEAD");
    });
  await inside("checkout", "--quiet", "--detach", commit.trim());
  await inside("submodule", "--quiet", "update", "--init", "--recursive");
}

async function git(args: readonly string[], source: GitSource, options: GitOptions): Promise<string> {
  const env = { ...options.env, GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };
  let ended: Finished;
  try {
    ended = await run("git", args, { env, signal: options.signal });
  } catch (error) {
    if (!(error instanceof SubprocessError) || systemCode(error.cause) !== "ENOENT") throw error;
    throw new GitMissing(`Git is needed for this requirement, but there is none: ${source.shown}`, {
      cause: error,
      hint: "install git, or give the URL of an archive",
    });
  }
  if (ended.status === 0) return ended.stdout;
  const said = ended.stderr
    .replaceAll(source.repository, source.shown)
    .split("\n")
    .filter((line) => /^(?:fatal|error):/.test(line));
  const lines = said.map((line) => `\n    ${escapeControl(line.replaceAll(/:\/\/[^\s/@]*@/g, "://****@"))}`);
  const wish = source.revision === undefined ? "the default branch" : `\`${source.revision}\``;
  throw new GitFailed(`Cannot get ${wish} of the repository: ${source.shown}${lines.join("")}`, {
    hint: "check the URL and the revision, and whether `git ls-remote` may read it without asking",
  });
}
