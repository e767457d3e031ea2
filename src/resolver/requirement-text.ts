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

/** Foreign text on one line, harmless to terminals and not too long. */
export function foreignText(text: string): string {
  const line = escapeControl(text.replaceAll(/\s+/g, " ").trim());
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

/** Characters. */
const LONGEST = 80;
