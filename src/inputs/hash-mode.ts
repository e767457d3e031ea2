/** The rules that one `--hash` anywhere switches on: everything pinned, everything hashed. */

import { PexError } from "../base/errors.ts";
import { formatRequirement } from "../standards/requirement.ts";
import type { Requirement } from "../standards/requirement.ts";
import type { RequirementLine, SourceLine } from "./requirements-document.ts";
import { formatOrigin } from "./requirements-fault.ts";

/** Hashes are required, but some requirements are not pinned or lack them. */
export class HashesRequired extends PexError {
  readonly code = "HASHES_REQUIRED";
}

/** Digits of the digests that are strong enough to identify a file. */
const DIGITS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/** The canonical form of the value of `--hash`, or what is wrong with it. */
export function parseHash(value: string): { readonly hash: string } | { readonly problem: string } {
  const colon = value.indexOf(":");
  const algorithm = value.slice(0, Math.max(0, colon)).toLowerCase();
  const digits = DIGITS[algorithm];
  if (colon === -1) return { problem: `A hash is written as \`sha256:…\`: \`${value}\`` };
  if (digits === undefined) return { problem: `Hashes are sha256, sha384 or sha512: \`${algorithm}\`` };
  const hex = value.slice(colon + 1).toLowerCase();
  if (hex.length === digits && /^[0-9a-f]+$/.test(hex)) return { hash: `${algorithm}:${hex}` };
  return { problem: `Not ${digits} hexadecimal digits: \`${value.slice(colon + 1)}\`` };
}

/**
 * Checks what can be checked before resolving; a constraint may bring pin and hashes for a requirement.
 *
 * @throws HashesRequired that lists all offenders.
 */
export function assertHashMode(
  requirements: readonly RequirementLine[],
  constraints: readonly RequirementLine[] = [],
): void {
  const limits = new Map(constraints.map((line) => [line.requirement.project, line]));
  const unpinned: RequirementLine[] = [];
  const unhashed: RequirementLine[] = [];
  for (const line of requirements) {
    const limit = limits.get(line.requirement.project);
    const isHashed = hasHashes(line) || (limit !== undefined && hasHashes(limit));
    if (!isPinned(line.requirement) && !(limit && isPinned(limit.requirement))) unpinned.push(line);
    else if (!isHashed) unhashed.push(line);
  }
  if (unpinned.length + unhashed.length === 0) return;
  throw new HashesRequired(
    [
      ...section("A `--hash` was given, so all requirements must be pinned with `==`. These are not:", unpinned),
      ...section("A `--hash` was given, so all requirements must have hashes. These have none:", unhashed),
    ].join("\n"),
    { hint: "make the file with `pip-compile --generate-hashes` or `uv export`, or drop the hashes" },
  );
}

/**
 * The same for what is named by path or URL: an archive needs a hash, and nothing else can have one.
 *
 * @throws HashesRequired that lists all offenders.
 */
export function assertHashedSources(lines: readonly SourceLine[]): void {
  const unhashed = lines.filter(({ source: { place }, hashes }) => {
    if (place.kind === "directory" || place.kind === "repository") return true;
    return hashes.length === 0 && Object.keys(place.hashes).length === 0;
  });
  if (unhashed.length === 0) return;
  const list = unhashed.map(({ source, origin }) => `    ${source.shown} (${placeOf(origin)})`);
  throw new HashesRequired(
    ["A `--hash` was given, so all requirements must have hashes. These have none:", ...list].join("\n"),
    { hint: "directories and repositories cannot have hashes: build wheels of them first, or drop the hashes" },
  );
}

function hasHashes({ hashes, wheelFile }: RequirementLine): boolean {
  return hashes.length > 0 || Object.keys(wheelFile?.hashes ?? {}).length > 0;
}

function section(title: string, lines: readonly RequirementLine[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `    ${describe(line)}`)];
}

function describe({ requirement, origin }: RequirementLine): string {
  const text = formatRequirement(requirement);
  return `${text} (${placeOf(origin)})`;
}

function placeOf(origin: RequirementLine["origin"]): string {
  return origin === undefined ? "command line" : formatOrigin(origin);
}

function isPinned(requirement: Requirement): boolean {
  const clauses = [...requirement.specifier];
  const [clause] = clauses;
  if (clauses.length !== 1 || clause === undefined) return false;
  return clause.operator === "===" || (clause.operator === "==" && !clause.version.endsWith(".*"));
}
