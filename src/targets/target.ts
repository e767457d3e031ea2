/** What a PEX is built for: one interpreter, present or described. */

import type { MarkerEnvironment } from "../standards/marker-environment.ts";
import { parseVersion } from "../standards/version.ts";
import type { Version } from "../standards/version.ts";

import type { Interpreter } from "./interpreter.ts";

/** One set of markers and tags to resolve for. */
export interface Target {
  readonly kind: "interpreter" | "platform";
  /** How messages call it, such as `CPython 3.11.7 at /usr/bin/python3.11` or `linux_x86_64-cp-311-cp311`. */
  readonly description: string;
  readonly markers: MarkerEnvironment;
  /** Compatibility tags such as `cp311-cp311-manylinux_2_17_x86_64`, best first. */
  readonly tags: readonly string[];
  /** Rank of each tag, 0 is best. */
  readonly tagRanks: ReadonlyMap<string, number>;
  /** What `Requires-Python` is compared with: a pre-release of Python counts as its release, as it does for pip. */
  readonly pythonVersion: Version;
  /** Present for `kind: "interpreter"`. */
  readonly interpreter: Interpreter | undefined;
}

/** The target that runs exactly on this interpreter. */
export function targetOf(interpreter: Interpreter): Target {
  return {
    kind: "interpreter",
    description: interpreter.description,
    markers: interpreter.markers,
    tags: interpreter.tags,
    tagRanks: rankTags(interpreter.tags),
    pythonVersion: parseVersion(interpreter.version.join(".")),
    interpreter,
  };
}

/** Ranks of tags, the first place counting. */
export function rankTags(tags: readonly string[]): ReadonlyMap<string, number> {
  const ranks = new Map<string, number>();
  for (let rank = tags.length - 1; rank >= 0; rank--) ranks.set(tags[rank] ?? "", rank);
  return ranks;
}
