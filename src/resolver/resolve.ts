/** Chooses one version of each project that is needed (docs/internals/solver.md). */

import { type Listener, silent } from "../base/log.ts";
import { plural } from "../base/text.ts";
import { formatVersion } from "../standards/version.ts";
import { buildResolution } from "./build-resolution.ts";
import { CountingSource } from "./counting-source.ts";
import { refuseDirectReferences } from "./direct-reference.ts";
import { PackageCatalogue, type ResolveOptions } from "./package-catalogue.ts";
import type { PackageSource } from "./package-source.ts";
import type { Resolution } from "./resolution.ts";
import type { ResolveRequest } from "./resolve-request.ts";
import type { Decision } from "./solver/partial-solution.ts";
import { type SearchListener, type SearchOutcome, Solver } from "./solver/solver.ts";

export type { ResolveOptions, ResolveRequest };

/**
 * Resolves requirements for one target.
 *
 * Equal inputs give equal answers after equal searches, in whatever order the source delivers.
 *
 * @throws UnknownProject, NoMatchingVersion or Unsatisfiable when there is no solution; DirectReference;
 *   Cancelled; and what the source throws.
 */
export async function resolve(
  request: ResolveRequest,
  source: PackageSource,
  options: ResolveOptions = {},
): Promise<Resolution> {
  const onEvent = options.onEvent ?? silent;
  const counting = new CountingSource(source);
  const catalogue = new PackageCatalogue(request, counting, options);
  refuseDirectReferences(catalogue.roots);
  const effort = new Effort(onEvent);
  const outcome = await search(catalogue, effort, onEvent);
  onEvent({ kind: "step", level: 2, text: `Asked for the metadata of ${plural(counting.asked.size, "version")}` });
  if (outcome.kind === "failed") {
    // Rarely needed, so loaded when it is.
    const { failureOf } = await import("./failure.ts");
    throw failureOf(outcome.proof, request, catalogue);
  }
  return buildResolution({ request, source, catalogue, decisions: outcome.decisions, tries: effort.tries }, onEvent);
}

/** Searches, and again from the start whenever more has become allowed than the search had reckoned with. */
async function search(
  catalogue: PackageCatalogue,
  effort: Effort,
  onEvent: Listener,
): Promise<Exclude<SearchOutcome, { kind: "restart" }>> {
  for (;;) {
    const outcome = await new Solver(catalogue, effort).solve(catalogue.packages.root);
    if (outcome.kind !== "restart") return outcome;
    catalogue.projects.beginAgain();
    onEvent({ kind: "step", level: 3, text: "Begin again: more pre-releases or yanked releases are candidates now" });
  }
}

/** Counts and reports what the solver does. */
class Effort implements SearchListener {
  readonly #onEvent: Listener;
  #tries = 0;

  constructor(onEvent: Listener) {
    this.#onEvent = onEvent;
  }

  /** Versions of projects that were decided or turned down. */
  get tries(): number {
    return this.#tries;
  }

  tried({ package: subject, version }: Decision, level: number, decided: boolean): void {
    if (subject.kind === "root") return;
    if (subject.kind === "project") this.#tries++;
    const text = `${"  ".repeat(level)}${decided ? "Take" : "Turn down"} ${subject.label} ${formatVersion(version)}`;
    this.#onEvent({ kind: "step", level: 3, text });
  }

  jumpedBack(level: number): void {
    this.#onEvent({ kind: "step", level: 3, text: `${"  ".repeat(level)}Conflict, back to level ${level}` });
  }
}
