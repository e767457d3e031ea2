/** Whether a file is a wheel at all: what installers cannot do without is there. */

import { CorruptWheel, corruptWheel } from "../archive/corrupt-wheel.ts";
import { escapeControl } from "../base/text.ts";
import { parseHeaderFields } from "../standards/header-fields.ts";

import { withWheel, type WheelSource } from "./wheel-source.ts";

/**
 * Checks structure, not contents: those are the business of a digest. A missing RECORD is no fault, for pex was always
 * content without.
 *
 * @throws CorruptWheel, FileError, InvalidWheelFilename
 */
export async function verifyWheel(wheel: { readonly path: string; readonly filename: string }): Promise<void> {
  await withWheel(wheel, readWheelFile);
}

/**
 * The fields of the file `WHEEL` by name in lower case, of a wheel that has all it needs.
 *
 * @throws CorruptWheel
 */
export async function readWheelFile(source: WheelSource): Promise<ReadonlyMap<string, readonly string[]>> {
  if (!source.entries.some((entry) => entry.name === `${source.distInfo}/METADATA`)) {
    throw corruptWheel(source.name.text, "it has no METADATA");
  }
  const text = await source.readDistInfo("WHEEL");
  if (text === undefined) throw corruptWheel(source.name.text, "it has no WHEEL");
  const { fields } = parseHeaderFields(text);
  // A newer major version means a form that nobody here understands ("Installing a wheel", PEP 427).
  const version = fields.get("wheel-version")?.[0] ?? "";
  if (!/^[01](?:\.|$)/.test(version)) {
    const shown = `\`${escapeControl(version)}\`: ${escapeControl(source.name.text)}`;
    throw new CorruptWheel(`The wheel is not in a form 1.x, which is known here, but ${shown}`, {
      hint: "choose another version of the project, or see whether a newer pexjs knows the form",
    });
  }
  return fields;
}
