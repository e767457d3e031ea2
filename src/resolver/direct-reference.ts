/** Requirements that say where the distribution is: `name @ url` (docs/internals/solver.md §3.6). */

import { NotImplemented } from "../base/errors.ts";
import { SafeUrl } from "../base/safe-url.ts";
import { escapeControl } from "../base/text.ts";
import type { Requirement } from "../standards/requirement.ts";
import { formatVersion } from "../standards/version.ts";
import type { Candidate } from "./candidate.ts";

/** A requirement names a URL of which nobody knows yet what lies there; who can find out resolves again. */
export class DirectReference extends NotImplemented {
  readonly requirement: Requirement;

  constructor(requirement: Requirement, message: string, details: { readonly hint: string }) {
    super(message, details);
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
  throw new DirectReference(direct, `Direct references are not supported yet: \`${text}\`${by}`, {
    hint: `Build a wheel of ${direct.name} with \`pip wheel\` and name its directory with --find-links`,
  });
}
