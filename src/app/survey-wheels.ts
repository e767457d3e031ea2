/** Opens the fetched wheels: are they whole, what commands do they bring, do they get in each other's way. */

import type { Event, Listener } from "../base/log.ts";
import { TextCache } from "../cache/text-cache.ts";
import type { CacheLayout } from "../cache/layout.ts";
import type { StoredWheel } from "../cache/wheel-store.ts";
import { activationOrder } from "../resolver/activation-order.ts";
import type { Resolution } from "../resolver/resolution.ts";
import { formatVersion } from "../standards/version.ts";
import { parseWheelFilename } from "../standards/wheel-filename.ts";
import { findCollisions, type Collision } from "../wheel/collisions.ts";
import { wheelContents, type WheelContents } from "../wheel/wheel-contents.ts";
import type { ScriptOwner } from "./entry-point.ts";
import type { FetchedWheels } from "./fetch-wheels.ts";

/**
 * Looks into every wheel, which a cache makes cheap; warns of files that two wheels of one target fill differently, and
 * of files that have no place without a virtual environment.
 *
 * @param on.venv Whether the PEX runs from one.
 * @returns What can be run, one owner for each distribution.
 * @throws CorruptWheel, FileError
 */
export async function surveyWheels(
  resolutions: readonly Resolution[],
  wheels: FetchedWheels,
  on: { readonly layout: CacheLayout; readonly onEvent: Listener; readonly venv: boolean },
): Promise<ScriptOwner[]> {
  const cache = new TextCache(on.layout.contents);
  const contents = new Map<StoredWheel, WheelContents>();
  const owners: ScriptOwner[] = [];
  const withData = new Set<string>();
  for (const [distribution, wheel] of wheels) {
    const found = contents.get(wheel) ?? (await wheelContents(wheel, cache));
    contents.set(wheel, found);
    if (found.hasData) withData.add(distribution.project);
    owners.push({ ...found, project: distribution.project, version: formatVersion(distribution.version) });
  }
  if (withData.size > 0 && !on.venv) on.onEvent(noPlaceForData([...withData]));
  const collisions: Collision[] = [];
  for (const resolution of resolutions) {
    const activated = activationOrder(resolution).flatMap((distribution) => {
      const wheel = wheels.get(distribution);
      const found = wheel && contents.get(wheel);
      return found ? [{ ...wheel, contents: found }] : [];
    });
    collisions.push(...(await findCollisions(activated, new TextCache(on.layout.collisions))));
  }
  if (collisions.length > 0) on.onEvent({ kind: "warning", text: describeCollisions(collisions) });
  return owners;
}

function noPlaceForData(projects: readonly string[]): Event {
  return {
    kind: "warning",
    text: `Data files of ${listed(projects)} will not be at sys.prefix`,
    hint: "build with --venv if a program looks for them there",
  };
}

const SHOWN_GROUPS = 5;
const SHOWN_PATHS = 3;

/** One line for all paths that the same wheels want. */
function describeCollisions(collisions: readonly Collision[]): string {
  const groups = new Map<string, Set<string>>();
  for (const { path, wheels } of collisions) {
    const names = wheels.map(nameAndVersion).join(", ");
    const paths = groups.get(names) ?? new Set();
    groups.set(names, paths.add(path));
  }
  const lines = [...groups].slice(0, SHOWN_GROUPS).map(([names, paths]) => `\n  ${listed([...paths])}: ${names}`);
  const more = groups.size > SHOWN_GROUPS ? `\n  … and others of ${groups.size - SHOWN_GROUPS} more groups` : "";
  return `Distributions bring different contents for the same files; the first one counts:${lines.join("")}${more}`;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN_PATHS).join(", ");
  return names.length > SHOWN_PATHS ? `${shown} and ${names.length - SHOWN_PATHS} more` : shown;
}

function nameAndVersion(filename: string): string {
  const { project, version } = parseWheelFilename(filename);
  return `${project} ${formatVersion(version)}`;
}
