/** Projects in git repositories, by the git command of this machine. */

import { ask, type Repository, type VersionControlOptions } from "./version-control.ts";

const COMMIT = /^[0-9a-f]{40}$/;

/**
 * The commit that a revision stands for now, asked of the repository without fetching it; `undefined` when it does not
 * tell, as for the beginning of a commit's name.
 *
 * @throws VersionControlMissing, RepositoryFailed
 */
export async function findCommit(source: Repository, options: VersionControlOptions): Promise<string | undefined> {
  const { repository, revision } = source;
  if (revision !== undefined && COMMIT.test(revision)) return revision;
  const patterns = revision === undefined ? ["HEAD"] : [revision, `${revision}^{}`];
  const listed = await git(["ls-remote", "--", plainUrl(repository), ...patterns], source, options);
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
 * @throws VersionControlMissing, RepositoryFailed
 */
export async function checkOut(source: Repository, directory: string, options: VersionControlOptions): Promise<void> {
  const { revision } = source;
  await clone(source, directory, options);
  const inside = (...args: readonly string[]): Promise<string> => git(["-C", directory, ...args], source, options);
  const wanted = revision ?? "HEAD";
  const commit = await inside("rev-parse", "--quiet", "--verify", `${wanted}^{commit}`)
    .catch(() => inside("rev-parse", "--quiet", "--verify", `origin/${wanted}^{commit}`))
    .catch(async () => {
      // Such as the head of a pull request, which a clone leaves out.
      await inside("fetch", "--quiet", "--", "origin", wanted);
      return inside("rev-parse", "FETCH_HEAD");
    });
  await inside("checkout", "--quiet", "--detach", commit.trim());
  await inside("submodule", "--quiet", "update", "--init", "--recursive");
}

/** The first of each minor version that can be told not to fetch what it misses, and of all that follow. */
const ASKED_ONLY = ["2.39.4", "2.40.2", "2.41.1", "2.42.2", "2.43.4", "2.44.1", "2.45.0"].map(numbersOf);

/**
 * Leaves contents of files for later, if the server sends them when they are asked for. Git must not ask while it clones:
 * of a repository that is shallow itself, as in CI, it would ask for the missing history, and for that again, without end.
 */
async function clone(source: Repository, directory: string, options: VersionControlOptions): Promise<void> {
  const { repository } = source;
  // One on this disk ignores the filter.
  const isFar = !/^file:/i.test(repository);
  const filter = isFar && canWait(await git(["version"], source, options)) ? ["--filter=blob:none"] : [];
  await git(["clone", "--quiet", "--no-checkout", ...filter, "--", plainUrl(repository), directory], source, {
    ...options,
    env: { ...options.env, GIT_NO_LAZY_FETCH: "1" },
  });
}

function canWait(printed: string): boolean {
  const [major = 0, minor = 0, patch = 0] = numbersOf(printed);
  const isLater = (numbers: readonly number[]): boolean => numbers[1] === minor && patch >= (numbers[2] ?? 0);
  return major > 2 || (major === 2 && (minor > 45 || ASKED_ONLY.some(isLater)));
}

function numbersOf(version: string): readonly number[] {
  return (/\d+(?:\.\d+)+/.exec(version)?.[0] ?? "").split(".").map(Number);
}

/** Bytes a second, and seconds for which a server may send less; git would wait for ever. */
const PATIENCE = { GIT_HTTP_LOW_SPEED_LIMIT: "1", GIT_HTTP_LOW_SPEED_TIME: "60" };

function git(args: readonly string[], source: Repository, options: VersionControlOptions): Promise<string> {
  const { helper, env } = credentials(source.repository);
  const ofGit = { ...PATIENCE, ...options.env, GIT_TERMINAL_PROMPT: "0", ...env };
  return ask(["git"], [...helper, ...args], { source, options: { ...options, env: ofGit } });
}

/** The URL without user and password, where git asks a helper for them. */
function plainUrl(repository: string): string {
  const url = URL.parse(repository);
  if (url === null || !isHeld(url)) return repository;
  url.username = "";
  url.password = "";
  return url.href;
}

/**
 * Who asks for processes sees their arguments, so the password goes by way of the environment, to a helper that git
 * asks for this server only.
 */
function credentials(repository: string): { readonly helper: readonly string[]; readonly env: Record<string, string> } {
  const url = URL.parse(repository);
  if (url === null || !isHeld(url)) return { helper: [], env: {} };
  const answer = `!f() { test "$1" = get && printf 'username=%s\\npassword=%s\\n' "$PEXJS_GIT_USER" "$PEXJS_GIT_PASSWORD"; }; f`;
  return {
    // The empty one forgets those of the user, whose answers are for other users.
    helper: ["-c", `credential.${url.origin}.helper=`, "-c", `credential.${url.origin}.helper=${answer}`],
    env: {
      PEXJS_GIT_USER: decodeURIComponent(url.username),
      PEXJS_GIT_PASSWORD: decodeURIComponent(url.password),
    },
  };
}

function isHeld({ protocol, username, password }: URL): boolean {
  return /^https?:$/.test(protocol) && username + password !== "";
}
