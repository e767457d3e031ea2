/** Where the distributions of a build come from: indexes and find-links, or one of the closed sources that replace them. */

import { resolve } from "node:path";

import { UsageError } from "../base/errors.ts";
import { expandUser, type Host } from "../base/host.ts";
import type { HeldWheel } from "../index/held-wheels.ts";
import type { Override } from "../resolver/amendments.ts";
import type { ProjectName } from "../standards/project-name.ts";
import type { Requirement } from "../standards/requirement.ts";
import type { BuildRequest } from "./build-request.ts";
import type { AppContext } from "./context.ts";
import type { Places } from "./places.ts";
import { readPexSource } from "./pex-source.ts";
import type { Workshop } from "./workshop.ts";

/** What is looked through for distributions. */
export interface DistributionSource {
  readonly places: Places;
  /** Alternatives, usually one; in a closed source each is complete in itself. */
  readonly sets: readonly WheelSet[];
  /** What is required when the user requires nothing. */
  readonly everything: readonly Requirement[];
  /** What was left out of the distributions and is not missing, and what they require instead. */
  readonly excludes: readonly Requirement[];
  readonly overrides: readonly Override[];
  /** Present when nothing else is looked through: how messages call it, and what helps when something is missing in it. */
  readonly closed: { readonly shown: readonly string[]; readonly hint: string } | undefined;
  /** URLs of projects that are there as references only, and so must be built. */
  readonly editables: ReadonlyMap<ProjectName, string>;
}

/** Wheels whose projects are looked up nowhere else. */
export interface WheelSet {
  readonly wheels: readonly HeldWheel[];
  /** Path of the interpreter that they are installed for. */
  readonly python?: string;
}

const PLAIN: Pick<DistributionSource, "excludes" | "overrides" | "editables"> = {
  excludes: [],
  overrides: [],
  editables: new Map(),
};

/** What a request and its files say of places. @throws UsageError, NotAPex, InvalidPexInfo, DamagedPex, FileError */
export async function distributionSource(
  request: BuildRequest,
  open: Places,
  tools: { readonly context: AppContext; readonly workshop: Workshop },
): Promise<DistributionSource> {
  const option = closedSource(request);
  if (option === undefined) {
    return { ...PLAIN, places: open, sets: [{ wheels: [] }], everything: [], closed: undefined };
  }
  refuseOtherPlaces(option, request);
  const { host } = tools.context;
  const nowhere = { indexes: [], findLinks: [], scopes: new Map() };
  const nothing = { ...PLAIN, places: nowhere, sets: [{ wheels: [] }] };
  switch (option) {
    case "--pex-repository": {
      const path = request.pexRepository ?? "";
      const pex = await readPexSource(absolute(path, host), request, tools);
      const hint = "add it when that PEX is built, or take it from an index, without --pex-repository";
      const { excludes, overrides, requirements: everything } = pex;
      return { ...nothing, sets: [pex], everything, excludes, overrides, closed: { shown: [path], hint } };
    }
    case "--venv-repository": {
      const { editableProjects, everythingInstalled, readVenvSource } = await import("./venv-source.ts");
      const { usualEnvironment } = await import("../venv/environment.ts");
      const named = (request.venvRepositories ?? []).map((path) => path || usualEnvironment(host.env, host.cwd));
      const sets = named.map((path) => readVenvSource(absolute(path, host), request, tools));
      const hint = "install it there, or take it from an index, without --venv-repository";
      const everything = everythingInstalled(sets);
      return { ...nothing, sets, everything, closed: { shown: named, hint }, editables: editableProjects(sets) };
    }
    case "--pre-resolved-dists": {
      const named = request.preResolvedDists ?? [];
      const { preResolvedRequirements } = await import("./pre-resolved.ts");
      const findLinks = named.map((path) => absolute(path, host));
      const hint = "add its wheel to those of --pre-resolved-dists: they must hold everything that is needed";
      const everything = preResolvedRequirements(findLinks);
      return { ...nothing, places: { ...nowhere, findLinks }, everything, closed: { shown: named, hint } };
    }
  }
}

type ClosedSource = "--pex-repository" | "--venv-repository" | "--pre-resolved-dists";

function closedSource(request: BuildRequest): ClosedSource | undefined {
  const given: ClosedSource[] = [];
  if (request.pexRepository !== undefined) given.push("--pex-repository");
  if (request.venvRepositories !== undefined) given.push("--venv-repository");
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
