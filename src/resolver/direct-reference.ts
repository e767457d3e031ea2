/** Requirements that say where the distribution is: `name @ url` (docs/internals/solver.md §3.6). */

import { PexError } from "../base/errors.ts";
import { SafeUrl } from "../base/safe-url.ts";
import { escapeControl } from "../base/text.ts";
import type { Requirement } from "../standards/requirement.ts";
import { formatVersion } from "../standards/version.ts";
import type { Candidate } from "./candidate.ts";

/** A requirement names a URL of which nobody knows yet what lies there; who can find out resolves again. */
export class DirectReference extends PexError {
  readonly code = "DIRECT_REFERENCE";
  readonly requirement: Requirement;

  constructor(requirement: Requirement, message: string) {
    super(message);
    this.requirement = requirement;
  }
}

/** @throws DirectReference naming the first one, and who requires it if that is not the user. */
export function refuseDirectReferences(requirements: readonly Requirement[], dependant?: Candidate): void {
  const direct = requirements.find((requirement) => requirement.url !== undefined);
  if (direct === undefined) return;
  const url = SafeUrl.parse(direct.url ?? "")?.toString() ?? "…";
  const text = `${direct.name} @ ${escapeControl(url)}`;
  const by = dependant === undefined ? "" : `, required by ${dependant.project} ${formatVersion(dependant.version)}`;
  throw new DirectReference(direct, `Nobody has looked at what lies there: \`${text}\`${by}`);
}
