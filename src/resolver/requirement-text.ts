/** Requirements and other foreign texts as messages show them. */

import { escapeControl } from "../base/text.ts";
import type { Requirement } from "../standards/requirement.ts";
import { formatSpecifier, type SpecifierOperator } from "../standards/specifier.ts";

/** Without its marker and in normalised form: `uvicorn[standard]>=0.30`. */
export function describeRequirement({ project, extras, specifier }: Requirement): string {
  const brackets = extras.length === 0 ? "" : `[${extras.join(",")}]`;
  // Everybody writes lower bounds first; metadata often has the clauses sorted by their text.
  const clauses = specifier.toSorted((left, right) => PLACES.indexOf(left.operator) - PLACES.indexOf(right.operator));
  return `${project}${brackets}${escapeControl(clauses.map(formatSpecifier).join(","))}`;
}

const PLACES: readonly SpecifierOperator[] = ["===", "==", "~=", ">=", ">", "!=", "<=", "<"];

/** How the user came to need something: nothing to say of one or two steps, with which a headline begins and ends. */
export function describePath(path: readonly Requirement[]): readonly string[] {
  if (path.length <= 2) return [];
  const steps = path.map(describeRequirement);
  const shown = steps.length <= LONGEST_PATH ? steps : [...steps.slice(0, 2), "…", ...steps.slice(3 - LONGEST_PATH)];
  return [`You require ${shown.join(", which requires ").replace("which requires …, ", "… ")}`];
}

/** Requirements. */
const LONGEST_PATH = 6;

/** Foreign text on one line, harmless to terminals and not too long. */
export function foreignText(text: string): string {
  const line = escapeControl(text.replaceAll(/\s+/g, " ").trim());
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

/** Characters. */
const LONGEST = 80;
