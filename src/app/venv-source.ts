/** Virtual environments as sources of wheels and requirements. */

import { PexError } from "../base/errors.ts";
import { escapeControl } from "../base/text.ts";
import { OnceMap } from "../base/once-map.ts";
import type { StoredWheel } from "../cache/wheel-store.ts";
import type { HeldWheel } from "../index/held-wheels.ts";
import { storeRebuilt } from "../pex/rebuilt-wheel.ts";
import type { ProjectName } from "../standards/project-name.ts";
import { parseRequirement, type Requirement } from "../standards/requirement.ts";
import { formatVersion } from "../standards/version.ts";
import type { InstalledTree } from "../wheel/installed-tree.ts";
import { findEnvironment } from "../venv/environment.ts";
import { installedDistributions, type InstalledDistribution } from "../venv/installed-distributions.ts";
import type { BuildRequest } from "./build-request.ts";
import type { AppContext } from "./context.ts";
import { temporaryDirectory, type Workshop } from "./workshop.ts";

/** An environment holds only a reference to a project, and nobody said to build that. */
export class EditableInstall extends PexError {
  readonly code = "EDITABLE_INSTALL";
}

/** What one virtual environment offers. */
export interface VenvSource {
  /** Path of its interpreter. */
  readonly python: string;
  readonly wheels: readonly HeldWheel[];
  readonly distributions: readonly InstalledDistribution[];
}

/** Looks through an environment; no Python is started. @throws NotAnEnvironment, InvalidDirectUrl, FileError */
export function readVenvSource(
  path: string,
  request: BuildRequest,
  { context, workshop }: { readonly context: AppContext; readonly workshop: Workshop },
): VenvSource {
  const environment = findEnvironment(path);
  const distributions = installedDistributions(environment);
  const tools = {
    store: workshop.store,
    temporary: temporaryDirectory(request, context.host),
    signal: context.signal,
  };
  const rebuilt = new OnceMap<string, StoredWheel>();
  const wheels = distributions.map((each): HeldWheel => {
    const filename = each.wheel.text;
    const extract = async (): Promise<StoredWheel> => storeRebuilt(wholeTree(each), tools);
    return { filename, sha256: undefined, extract: () => rebuilt.get(filename, extract) };
  });
  return { python: environment.python, wheels, distributions };
}

/**
 * What is required when the user requires nothing: all that is installed, in the version that all environments agree on.
 *
 * @param venvs At least one.
 */
export function everythingInstalled(venvs: readonly VenvSource[]): Requirement[] {
  const pins = new Map<ProjectName, Set<string>>();
  const spellings = new Map<ProjectName, string>();
  for (const { wheel } of venvs.flatMap(({ distributions }) => distributions)) {
    const { project, name, version } = wheel;
    spellings.set(project, name);
    pins.set(project, (pins.get(project) ?? new Set()).add(formatVersion(version)));
  }
  return [...pins].map(([project, versions]) => {
    const [only] = versions;
    const name = spellings.get(project) ?? project;
    return parseRequirement(versions.size === 1 ? `${name}==${only}` : name);
  });
}

/** Projects that are installed as references, by name, with their URLs. */
export function editableProjects(venvs: readonly VenvSource[]): ReadonlyMap<ProjectName, string> {
  const all = venvs.flatMap(({ distributions }) => distributions);
  return new Map(all.flatMap(({ wheel, editable }) => (editable === undefined ? [] : [[wheel.project, editable]])));
}

function wholeTree(distribution: InstalledDistribution): InstalledTree {
  const { wheel, editable } = distribution;
  if (editable === undefined) return distribution.tree();
  throw new EditableInstall(`Only a reference to the project is installed: ${wheel.name}, ${escapeControl(editable)}`, {
    hint: `require ${wheel.name} itself, too, and it is built`,
  });
}
