/** What an offline build lacks, as completely as the cache allows to tell. */

import type { ProjectIndex } from "../index/project-index.ts";
import { NotCached } from "../net/errors.ts";
import type { Resolution } from "../resolver/resolution.ts";
import type { ProjectName } from "../standards/project-name.ts";
import type { Target } from "../targets/target.ts";

/** The error for one page that is not there, with those of the other projects that the user requires. */
export async function missingPages(
  first: NotCached,
  projects: readonly ProjectName[],
  { index, target }: { readonly index: ProjectIndex; readonly target: Target },
): Promise<NotCached> {
  const answers = await Promise.allSettled(projects.map(async (project) => index.releases(project, target.markers)));
  const errors = answers.flatMap((answer) =>
    answer.status === "rejected" && answer.reason instanceof NotCached ? [answer.reason] : [],
  );
  return new NotCached([...new Set([first, ...errors].flatMap(({ things }) => things))]);
}

/**
 * The error for a resolve that failed with the files that are here: the files that it would take if it could have them,
 * if that is the reason.
 */
export async function missingFiles(
  error: unknown,
  resolveAnyway: () => Promise<Resolution>,
  index: ProjectIndex,
): Promise<unknown> {
  try {
    const { distributions } = await resolveAnyway();
    const missing = distributions.filter(({ file }) => !index.isHere(file));
    return missing.length === 0 ? error : new NotCached(missing.map(({ file }) => file.filename));
  } catch (other) {
    return other instanceof NotCached ? other : error;
  }
}
