/** Opens the fetched wheels: are they whole, what commands do they bring, do they get in each other's way. */

import type { Listener } from "../base/log.ts";
import { TextCache } from "../cache/text-cache.ts";
import type { CacheLayout } from "../cache/layout.ts";
import type { StoredWheel } from "../cache/wheel-store.ts";
import { activationOrder } from "../resolver/activation-order.ts";
import type { Resolution } from "../resolver/resolution.ts";
import { formatVersion } from "../standards/version.ts";
import { findCollisions, type Collision } from "../wheel/collisions.ts";
import { wheelContents, type WheelContents } from "../wheel/wheel-contents.ts";
import type { ScriptOwner } from "./entry-point.ts";
import type { FetchedWheels } from "./fetch-wheels.ts";

/**
 * Looks into every wheel, which a cache makes cheap, and warns of files that two wheels of one target fill differently.
 *
 * @returns What can be run, one owner for each distribution.
 * @throws CorruptWheel, FileError
 */
export async function surveyWheels(
  resolutions: readonly Resolution[],
  wheels: FetchedWheels,
  on: { readonly layout: CacheLayout; readonly onEvent: Listener },
): Promise<ScriptOwner[]> {
  const cache = new TextCache(on.layout.contents);
  const contents = new Map<StoredWheel, WheelContents>();
  const owners: ScriptOwner[] = [];
  for (const [distribution, wheel] of wheels) {
    const found = contents.get(wheel) ?? (await wheelContents(wheel, cache));
    contents.set(wheel, found);
    owners.push({ ...found, project: distribution.project, version: formatVersion(distribution.version) });
  }
  for (const resolution of resolutions) {
    const activated = activationOrder(resolution).flatMap((distribution) => {
      const wheel = wheels.get(distribution);
      const found = wheel && contents.get(wheel);
      return found ? [{ ...wheel, contents: found }] : [];
    });
    const collisions = await findCollisions(activated);
    if (collisions.length > 0) on.onEvent({ kind: "warning", text: describe(collisions) });
  }
  return owners;
}

const SHOWN = 5;

function describe(collisions: readonly Collision[]): string {
  const lines = collisions.slice(0, SHOWN).map(({ path, wheels }) => `\n  ${path}: ${wheels.join(", ")}`);
  const more = collisions.length > SHOWN ? `\n  … and ${collisions.length - SHOWN} more` : "";
  return `Wheels bring different contents for the same file; the first one counts:${lines.join("")}${more}`;
}
