/** Which kinds of files may be chosen for a project: wheels, source distributions, or both. */

import { UsageError } from "../base/errors.ts";
import type { ProjectName } from "../standards/project-name.ts";

/** The user's wishes about wheels and builds. What is said of one project goes before what is said of all. */
export interface FilePolicy {
  /** Whether wheels may be used. */
  readonly wheels: boolean;
  /** Whether source distributions may be built. */
  readonly builds: boolean;
  /** Projects of which only wheels may be used. */
  readonly onlyWheels: ReadonlySet<ProjectName>;
  /** Projects that must be built. */
  readonly onlyBuilds: ReadonlySet<ProjectName>;
  /** Whether an older wheel goes before a newer source distribution. */
  readonly preferWheels: boolean;
}

/** What may be chosen for one project. */
export interface FileKinds {
  readonly wheel: boolean;
  readonly sdist: boolean;
}

export const ANY_KIND: FileKinds = { wheel: true, sdist: true };

/** @throws UsageError for wishes that contradict each other. */
export function checkFilePolicy(policy: FilePolicy): FilePolicy {
  if (!policy.wheels && !policy.builds) {
    throw new UsageError("Nothing can be installed: neither wheels nor builds are allowed", {
      hint: "leave out --no-wheel or --no-build (in requirements files: `--no-binary :all:` or `--only-binary :all:`)",
    });
  }
  const both = [...policy.onlyWheels].filter((project) => policy.onlyBuilds.has(project));
  if (both.length === 0) return policy;
  throw new UsageError(`Only wheels and only builds cannot both be asked for: ${both.join(", ")}`, {
    hint: "choose one of --only-wheel and --only-build for each project",
  });
}

/** What the policy lets be chosen for a project. */
export function kindsFor(policy: FilePolicy | undefined, project: ProjectName): FileKinds {
  if (policy === undefined) return ANY_KIND;
  if (policy.onlyWheels.has(project)) return { wheel: true, sdist: false };
  if (policy.onlyBuilds.has(project)) return { wheel: false, sdist: true };
  return { wheel: policy.wheels, sdist: policy.builds };
}
