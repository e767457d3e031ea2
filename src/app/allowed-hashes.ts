/** Holds files against the hashes that the user gave. */

import { createHash } from "node:crypto";

import { readBytes } from "../base/fs.ts";
import { HashMismatch } from "../cache/expected-hashes.ts";
import type { StoredWheel } from "../cache/wheel-store.ts";
import type { ProjectName } from "../standards/project-name.ts";

/** `algorithm:hexadecimal` by project. */
export type AllowedHashes = ReadonlyMap<ProjectName, ReadonlySet<string>>;

/** The SHA-256 digests by project, for those that are limited by SHA-256 alone: index pages tell no others. */
export function sha256Limits(allowed: AllowedHashes): Map<ProjectName, ReadonlySet<string>> {
  const limits = new Map<ProjectName, ReadonlySet<string>>();
  for (const [project, hashes] of allowed) {
    const digests = [...hashes].map((hash) => hash.split(":", 2));
    if (!digests.every(([algorithm]) => algorithm === "sha256")) continue;
    limits.set(project, new Set(digests.map(([, digest]) => digest ?? "")));
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
