/** Chooses one version of each project that is needed (docs/internals/solver.md). */

import { type Listener, silent } from "../base/log.ts";
import { plural } from "../base/text.ts";
import { buildResolution } from "./build-resolution.ts";
import { CountingSource } from "./counting-source.ts";
import { refuseDirectReferences } from "./direct-reference.ts";
import { Effort } from "./effort.ts";
import { PackageCatalogue, type ResolveOptions } from "./package-catalogue.ts";
import type { PackageSource } from "./package-source.ts";
import type { Resolution } from "./resolution.ts";
import type { ResolveRequest } from "./resolve-request.ts";
import { type SearchOutcome, Solver } from "./solver/solver.ts";

export type { ResolveOptions, ResolveRequest };

/**
 * Resolves requirements for one target.
 *
 * Equal inputs give equal answers after equal searches, in whatever order the source delivers.
 *
 * @throws UnknownProject, NoMatchingVersion or Unsatisfiable when there is no solution; TooHard when none is found in
 *   bounded time; DirectReference; Cancelled; and what the source throws.
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
