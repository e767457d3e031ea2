/** Where the distributions of a build come from: indexes and find-links, or one of the closed sources that replace them. */

import { resolve } from "node:path";

import { UsageError } from "../base/errors.ts";
import { expandUser, type Host } from "../base/host.ts";
import type { HeldWheel } from "../index/held-wheels.ts";
import type { Requirement } from "../standards/requirement.ts";
import type { BuildRequest } from "./build-request.ts";
import type { AppContext } from "./context.ts";
import type { Places } from "./places.ts";
import { readPexSource } from "./pex-source.ts";
import type { Workshop } from "./workshop.ts";

/** What is looked through for distributions. */
export interface DistributionSource {
  readonly places: Places;
  /** Wheels whose projects are looked up nowhere else. */
  readonly held: readonly HeldWheel[];
  /** What is required when the user requires nothing. */
  readonly everything: readonly Requirement[];
  /** How messages call what was searched. */
  readonly shown: readonly string[];
  /** Present when nothing else is looked through: what helps when something is missing in it. */
  readonly closed: { readonly hint: string } | undefined;
}

/** What a request and its files say of places. @throws UsageError, NotAPex, InvalidPexInfo, DamagedPex, FileError */
export async function distributionSource(
  request: BuildRequest,
  open: Places,
  tools: { readonly context: AppContext; readonly workshop: Workshop },
): Promise<DistributionSource> {
  const option = closedSource(request);
  if (option === undefined) {
    const shown = [...open.findLinks, ...open.indexes];
    return { places: open, held: [], everything: [], shown, closed: undefined };
  }
  refuseOtherPlaces(option, request);
  const { host } = tools.context;
  const nothing = { places: { indexes: [], findLinks: [] }, held: [] };
  switch (option) {
    case "--pex-repository": {
      const path = request.pexRepository ?? "";
      const pex = await readPexSource(absolute(path, host), request, tools);
      const closed = { hint: "add it when that PEX is built, or take it from an index, without --pex-repository" };
      return { ...nothing, held: pex.wheels, everything: pex.requirements, shown: [path], closed };
    }
    case "--pre-resolved-dists": {
      const named = request.preResolvedDists ?? [];
      const { preResolvedRequirements } = await import("./pre-resolved.ts");
      const findLinks = named.map((path) => absolute(path, host));
      const closed = {
        hint: "add its wheel to those of --pre-resolved-dists: they must hold everything that is needed",
      };
      const everything = preResolvedRequirements(findLinks);
      return { ...nothing, places: { indexes: [], findLinks }, everything, shown: named, closed };
    }
  }
}

type ClosedSource = "--pex-repository" | "--pre-resolved-dists";

function closedSource(request: BuildRequest): ClosedSource | undefined {
  const given: ClosedSource[] = [];
  if (request.pexRepository !== undefined) given.push("--pex-repository");
  if (request.preResolvedDists !== undefined) given.push("--pre-resolved-dists");
  if (given.length > 1) throw new UsageError(`Only one can be the source of distributions: ${given.join(", ")}`);
  return given[0];
}

function refuseOtherPlaces(option: ClosedSource, { indexes = [], findLinks = [] }: BuildRequest): void {
  if (indexes.length + findLinks.length === 0) return;
  throw new UsageError(`Option ${option} leaves no room for --index and --find-links`, {
    hint: `leave out ${option}, or the other places: nothing is looked up there`,
  });
}

function absolute(path: string, host: Host): string {
  return resolve(host.cwd, expandUser(path, host));
}
