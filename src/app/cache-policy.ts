/** What the user said about the cache: only what is in it, or some of it anew. */

import { UsageError } from "../base/errors.ts";
import { parseProjectName, type ProjectName } from "../standards/project-name.ts";
import type { BuildRequest } from "./build-request.ts";

/** How far the cache counts. */
export interface CachePolicy {
  /** Whether nobody may be asked for anything. */
  readonly offline: boolean;
  /** Whether what is cached of a project, or of a source without a name, is looked at anew. */
  isRefreshed(project: ProjectName | undefined): boolean;
}

/** Stands for every project. */
const ALL = ":all:";

/** @throws UsageError for wishes that contradict each other; InvalidProjectName */
export function cachePolicy({ offline = false, refresh = [] }: BuildRequest): CachePolicy {
  if (offline && refresh.length > 0) {
    throw new UsageError("Nothing can be refreshed offline: --offline and --refresh", {
      hint: "leave out one of them",
    });
  }
  const isAll = refresh.includes(ALL);
  const projects = new Set(refresh.filter((text) => text !== ALL).map(parseProjectName));
  return { offline, isRefreshed: (project) => isAll || (project !== undefined && projects.has(project)) };
}
