/** What tells installed trees apart. */

import { sha256, type Sha256 } from "../base/digest.ts";

/** Counts the forms that installed trees have had. */
const FORM = 1;

/** Identifies the tree that a wheel installs to: equal wheels make equal trees, so no file of it need be read. */
export function installedFingerprint(wheel: Sha256): Sha256 {
  return sha256(`pexjs installed wheel ${FORM}\n${wheel}\n`);
}
