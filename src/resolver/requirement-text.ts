/** Requirements and other foreign texts as messages show them. */

import { escapeControl } from "../base/text.ts";
import type { Requirement } from "../standards/requirement.ts";
import { formatSpecifierSet } from "../standards/specifier.ts";

/** Without its marker and in normalised form: `uvicorn[standard]>=0.30`. */
export function describeRequirement({ project, extras, specifier }: Requirement): string {
  const brackets = extras.length === 0 ? "" : `[${extras.join(",")}]`;
  return `${project}${brackets}${escapeControl(formatSpecifierSet(specifier))}`;
}

/** Foreign text on one line, harmless to terminals and not too long. */
export function foreignText(text: string): string {
  const line = escapeControl(text.replaceAll(/\s+/g, " ").trim());
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

/** Characters. */
const LONGEST = 80;
