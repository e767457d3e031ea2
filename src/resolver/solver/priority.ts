/** Which package is decided next (docs/internals/solver.md, "Decision making"). */

import type { Package } from "./package.ts";

/** So many conflicts lost, a package is decided before all that have not. */
const CONFLICT_THRESHOLD = 5;

const PINNED = Number.MAX_SAFE_INTEGER - 1;
const ORDINARY = Number.MAX_SAFE_INTEGER;

/** Orders packages; learns from conflicts. */
export class Priority {
  readonly #isPinned: (subject: Package) => boolean;
  readonly #losses = new Map<Package, number>();
  /** Packages that lost often, with their rank. */
  readonly #early = new Map<Package, number>();

  constructor(isPinned: (subject: Package) => boolean) {
    this.#isPinned = isPinned;
  }

  /** The package to decide first. */
  highest(packages: Iterable<Package>): Package | undefined {
    let best: Package | undefined;
    let bestRank = Infinity;
    for (const candidate of packages) {
      const project = projectOf(candidate);
      const rank = this.#rank(project);
      if (rank > bestRank) continue;
      if (rank < bestRank || best === undefined || isFoundEarlier(candidate, best)) best = candidate;
      bestRank = rank;
    }
    return best;
  }

  /** Counts that a package had to give way; tells whether this made it early. */
  recordLoss(subject: Package): boolean {
    const loser = projectOf(subject);
    const losses = (this.#losses.get(loser) ?? 0) + 1;
    this.#losses.set(loser, losses);
    if (losses !== CONFLICT_THRESHOLD) return false;
    this.#early.set(loser, this.#early.size);
    return true;
  }

  /** Smaller is earlier: packages that lost often in the order they became so, then pinned ones, then all others. */
  #rank(project: Package): number {
    const early = this.#early.size === 0 ? undefined : this.#early.get(project);
    return early ?? (this.#isPinned(project) ? PINNED : ORDINARY);
  }
}

/** Whether a package, or the project that it is an extra of, was met first; a project is met before its extras. */
function isFoundEarlier(left: Package, right: Package): boolean {
  return (projectOf(left).id - projectOf(right).id || left.id - right.id) < 0;
}

function projectOf(subject: Package): Package {
  return subject.kind === "extra" ? subject.base : subject;
}
