/** A PEX that is there already, as a source of wheels and requirements. */

import { resolve } from "node:path";

import { expandUser } from "../base/host.ts";
import { OnceMap } from "../base/once-map.ts";
import type { StoredWheel } from "../cache/wheel-store.ts";
import type { HeldWheel } from "../index/held-wheels.ts";
import { readWheelMetadata } from "../index/remote-metadata.ts";
import { readDistributions, type PexDistribution } from "../pex/distributions.ts";
import type { ImageWheel } from "../pex/image.ts";
import { inspectPex } from "../pex/inspect.ts";
import { parseOverride, type Override } from "../resolver/amendments.ts";
import { parseCoreMetadata } from "../standards/core-metadata.ts";
import { parseRequirement, type Requirement } from "../standards/requirement.ts";
import { parseSpecifierSet } from "../standards/specifier.ts";
import { formatVersion } from "../standards/version.ts";
import { parseWheelFilename } from "../standards/wheel-filename.ts";
import type { BuildRequest } from "./build-request.ts";
import type { AppContext } from "./context.ts";
import { temporaryDirectory, type Workshop } from "./workshop.ts";

/** What a PEX offers. */
export interface PexSource {
  readonly wheels: readonly HeldWheel[];
  readonly requirements: readonly Requirement[];
  /** What it was built without, and so lacks. */
  readonly excludes: readonly Requirement[];
  readonly overrides: readonly Override[];
}

/** Opens a PEX of any maker. @throws NotAPex, InvalidPexInfo, DamagedPex, FileError */
export async function readPexSource(
  path: string,
  request: BuildRequest,
  { context, workshop }: { readonly context: AppContext; readonly workshop: Workshop },
): Promise<PexSource> {
  const pex = await inspectPex(path);
  const temporary = temporaryDirectory(request, context.host);
  const distributions = await readDistributions(pex, { store: workshop.store, temporary, signal: context.signal });
  const extracted = new OnceMap<string, StoredWheel>();
  const extract = (each: PexDistribution): Promise<StoredWheel> => extracted.get(each.filename, () => each.extract());
  return {
    wheels: distributions.map((each) => ({ ...each, extract: () => extract(each) })),
    requirements: pex.info.requirements.map((text) => insidePex(text, distributions)),
    excludes: pex.info.excluded.map(parseRequirement),
    overrides: pex.info.overridden.map(parseOverride),
  };
}

/** What was named by a URL lies in the PEX, which is all that counts here: no other version of it will do. */
function insidePex(text: string, distributions: readonly PexDistribution[]): Requirement {
  const requirement = parseRequirement(text);
  if (requirement.url === undefined) return requirement;
  const wheels = distributions.map(({ filename }) => parseWheelFilename(filename));
  const versions = wheels.filter(({ project }) => project === requirement.project).map(({ version }) => version);
  const [version, ...others] = new Set(versions.map(formatVersion));
  const specifier = parseSpecifierSet(version === undefined || others.length > 0 ? "" : `==${version}`);
  return { ...requirement, url: undefined, specifier };
}

/** All PEX files of `--requirements-pex` together. @throws what `readPexSource` throws */
export async function requirementsPexes(
  request: BuildRequest,
  tools: { readonly context: AppContext; readonly workshop: Workshop },
): Promise<PexSource> {
  const { host } = tools.context;
  const sources: PexSource[] = [];
  for (const path of request.requirementsPexes ?? []) {
    sources.push(await readPexSource(resolve(host.cwd, expandUser(path, host)), request, tools));
  }
  return {
    wheels: sources.flatMap(({ wheels }) => wheels),
    requirements: sources.flatMap(({ requirements }) => requirements),
    excludes: sources.flatMap(({ excludes }) => excludes),
    overrides: sources.flatMap(({ overrides }) => overrides),
  };
}

/** What the image takes of the wheels that no resolution has chosen, such as those for other machines. */
export async function remainingWheels(
  held: readonly HeldWheel[],
  chosen: Iterable<StoredWheel>,
): Promise<ImageWheel[]> {
  const names = new Set([...chosen].map(({ filename }) => filename));
  const wheels: ImageWheel[] = [];
  for (const each of held) {
    if (names.has(each.filename)) continue;
    names.add(each.filename);
    wheels.push(await wholeWheel(each));
  }
  return wheels;
}

async function wholeWheel(wheel: HeldWheel): Promise<ImageWheel> {
  const stored = await wheel.extract();
  const { project } = parseWheelFilename(wheel.filename);
  const { version, requiresPython, requiresDist } = parseCoreMetadata(await readWheelMetadata(stored));
  return { stored, project, version, requiresPython, requires: requiresDist };
}
