/** Names of projects and of extras (PEP 503, PEP 685, the "Names and normalization" specification). */

import { PexError } from "../base/errors.ts";
import { excerpt } from "./source-error.ts";

/** A name in normalised form: lower case, runs of `-`, `_` and `.` written as one `-`. */
export type ProjectName = string & { readonly brand: "ProjectName" };

/** A text that cannot name a project or an extra. */
export class InvalidProjectName extends PexError {
  readonly code = "INVALID_PROJECT_NAME";
}

const VALID_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const ALREADY_NORMALIZED = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const SEPARATORS = /[-_.]+/g;

/** The normalised form of a name that is known to be valid (PEP 503); any other text is treated alike. */
export function normalizeName(name: string): ProjectName {
  if (ALREADY_NORMALIZED.test(name)) return name as ProjectName;
  return name.toLowerCase().replace(SEPARATORS, "-") as ProjectName;
}

/**
 * The normalised form of a name that somebody wrote.
 *
 * @throws InvalidProjectName when the text is no valid name.
 */
export function parseProjectName(text: string): ProjectName {
  if (VALID_NAME.test(text)) return normalizeName(text);
  throw new InvalidProjectName(`Invalid project name: \`${excerpt(text)}\``, {
    hint: "Use letters, digits, `-`, `_` and `.`; begin and end with a letter or a digit",
  });
}
