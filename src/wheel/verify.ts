/** Whether a file is a wheel at all: what installers need of it is there. */

import { parseHeaderFields } from "../standards/header-fields.ts";

import { corruptWheel } from "./corrupt-wheel.ts";
import { withWheel, type WheelSource } from "./wheel-source.ts";

const REQUIRED = ["METADATA", "WHEEL", "RECORD"];

/**
 * Checks structure, not contents: a digest of the whole file is the index's business.
 *
 * @throws CorruptWheel
 */
export async function verifyWheel(wheel: { readonly path: string; readonly filename: string }): Promise<void> {
  await withWheel(wheel, async (source) => {
    for (const file of REQUIRED) {
      if (!source.entries.some((entry) => entry.name === `${source.distInfo}/${file}`)) {
        throw corruptWheel(wheel.filename, `it has no ${file}`);
      }
    }
    await checkWheelVersion(source);
  });
}

/** A newer major version means a form that nobody here understands ("Installing a wheel", PEP 427). */
async function checkWheelVersion(source: WheelSource): Promise<void> {
  const version = (await readWheelFile(source)).get("wheel-version")?.[0] ?? "";
  if (!/^1(?:\.|$)/.test(version)) {
    throw corruptWheel(source.name.text, `its form is not 1.x but \`${version}\``);
  }
}

/** The fields of the file `WHEEL`, by name in lower case. */
export async function readWheelFile(source: WheelSource): Promise<ReadonlyMap<string, readonly string[]>> {
  return parseHeaderFields((await source.readDistInfo("WHEEL")) ?? "").fields;
}
