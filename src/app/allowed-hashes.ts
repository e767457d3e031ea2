/** Holds files against the hashes that the user gave. */

import { createHash } from "node:crypto";

import { readBytes } from "../base/fs.ts";
import { HashMismatch } from "../cache/expected-hashes.ts";
import type { StoredWheel } from "../cache/wheel-store.ts";
import { decideMarker } from "../standards/marker.ts";
import type { ProjectName } from "../standards/project-name.ts";
import type { Requirement } from "../standards/requirement.ts";
import type { Target } from "../targets/target.ts";

/** `algorithm:hexadecimal` by project. */
export type AllowedHashes = ReadonlyMap<ProjectName, ReadonlySet<string>>;

/** What some requirement or constraint says about the files of a project. */
export interface HashedProject {
  readonly requirement: Pick<Requirement, "project" | "marker">;
  readonly hashes: readonly string[];
}

/** What is allowed on a target: by all that is said of a project there, as in pip. */
export function hashesFor({ markers }: Target, said: readonly HashedProject[]): AllowedHashes {
  const allowed = new Map<ProjectName, ReadonlySet<string>>();
  for (const { requirement, hashes } of said) {
    const { project, marker } = requirement;
    if (hashes.length === 0 || (marker !== undefined && !decideMarker(marker, markers, undefined))) continue;
    const others = allowed.get(project);
    allowed.set(project, new Set(hashes.filter((hash) => others === undefined || others.has(hash))));
  }
  return allowed;
}

/**
 * The SHA-256 digests by project. Index pages tell no others, so of a project that is limited by another algorithm too it
 * is only known that it has hashes.
 */
export function sha256Limits(allowed: AllowedHashes): Map<ProjectName, ReadonlySet<string> | undefined> {
  const limits = new Map<ProjectName, ReadonlySet<string> | undefined>();
  for (const [project, hashes] of allowed) {
    const digests = [...hashes].map((hash) => hash.split(":", 2));
    const isSha256 = digests.every(([algorithm]) => algorithm === "sha256");
    limits.set(project, isSha256 ? new Set(digests.map(([, digest]) => digest ?? "")) : undefined);
  }
  return limits;
}

/**
 * Checks a file that has arrived.
 *
 * @throws HashMismatch when hashes were given for its project and none is that of the file.
 */
export function assertAllowed(wheel: StoredWheel, project: ProjectName, allowed: AllowedHashes): void {
  const hashes = allowed.get(project);
  if (hashes === undefined || hashes.has(`sha256:${wheel.sha256}`)) return;
  const algorithms = new Set([...hashes].map((hash) => hash.split(":", 1)[0] ?? ""));
  algorithms.delete("sha256");
  for (const algorithm of algorithms) {
    const digest = createHash(algorithm).update(readBytes(wheel.path)).digest("hex");
    if (hashes.has(`${algorithm}:${digest}`)) return;
  }
  const expected = [...hashes].map((hash) => `\n    expected ${hash}`).join("");
  throw new HashMismatch(
    `No given hash is that of ${wheel.filename}:${expected}\n    got      sha256:${wheel.sha256}`,
    {
      hint: "if the file is the right one, correct the --hash in the requirements file",
    },
  );
}
