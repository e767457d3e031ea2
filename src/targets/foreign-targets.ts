/** Targets for machines that may be elsewhere. */

import { resolve } from "node:path";

import { isFile } from "../base/fs.ts";
import type { MarkerVariable } from "../standards/marker-environment.ts";
import { markerVariables } from "../standards/marker-environment.ts";

import { parseManylinux, parsePlatform, platformLike, platformTarget } from "./abbreviated-platform.ts";
import type { PlatformWish } from "./abbreviated-platform.ts";
import { completePlatformTarget } from "./complete-platform.ts";
import type { GlibcVersion } from "./foreign-system.ts";
import type { Interpreter } from "./interpreter.ts";
import { looksLikeNamedTarget, namedTarget } from "./named-target.ts";
import { targetOf } from "./target.ts";
import type { Target } from "./target.ts";

/** What the user said about other machines. */
export interface ForeignRequest {
  /** As `--platform` takes them. */
  readonly platforms: readonly string[];
  /** Paths, JSON texts or names of targets (`--complete-platform`). */
  readonly completePlatforms: readonly string[];
  /** Names such as `debian12-py311` (`--target`). */
  readonly namedTargets?: readonly string[] | undefined;
  /** The standard that Linux platforms are taken to support; `false` is none, `undefined` manylinux2014. */
  readonly manylinux?: string | false | undefined;
  /** Whether an interpreter of this machine stands for a platform that it matches. */
  readonly resolveLocalPlatforms: boolean;
}

/** The same, read. */
export interface ForeignWishes {
  readonly platforms: readonly PlatformWish[];
  readonly complete: readonly Target[];
  readonly glibc: GlibcVersion | undefined;
  readonly resolveLocal: boolean;
}

/** The interpreters of this machine, looked for only when one is needed. */
interface LocalInterpreters {
  current(): Promise<Interpreter>;
  local(): Promise<readonly Interpreter[]>;
}

/** Reads the whole request, so that its faults show before anything is searched. @throws InvalidPlatform, InvalidCompletePlatform, UnknownTarget, FileError, UsageError */
export function foreignWishes(request: ForeignRequest | undefined, cwd: string): ForeignWishes {
  return {
    platforms: request?.platforms.map(parsePlatform) ?? [],
    complete: [
      ...(request?.completePlatforms ?? []).map((given) => completeTarget(given, cwd)),
      ...(request?.namedTargets ?? []).map(namedTarget),
    ],
    glibc: parseManylinux(request?.manylinux),
    resolveLocal: request?.resolveLocalPlatforms ?? false,
  };
}

function completeTarget(given: string, cwd: string): Target {
  const isName = looksLikeNamedTarget(given) && !isFile(resolve(cwd, given));
  return isName ? namedTarget(given) : completePlatformTarget(given, cwd);
}

/** One target for each wish. */
export async function foreignTargets(wishes: ForeignWishes, on: LocalInterpreters): Promise<Target[]> {
  const targets: Target[] = [];
  for (const wish of wishes.platforms) targets.push(await platformOf(wish, wishes.glibc, on));
  targets.push(...wishes.complete);
  if (!wishes.resolveLocal || targets.every((target) => target.interpreter)) return targets;
  const interpreters = await on.local();
  return targets.map((target) => {
    const match = target.interpreter ?? interpreters.find((each) => isMatch(each, target));
    return match === undefined ? target : targetOf(match);
  });
}

async function platformOf(wish: PlatformWish, glibc: GlibcVersion | undefined, on: LocalInterpreters): Promise<Target> {
  switch (wish.kind) {
    case "current":
      return targetOf(await on.current());
    case "system":
      return platformTarget(platformLike(await on.current(), wish.system), glibc);
    default:
      return platformTarget(wish.platform, glibc);
  }
}

/** These differ between machines that run the same wheels. */
const OF_ONE_MACHINE: ReadonlySet<MarkerVariable> = new Set(["platform_release", "platform_version"]);

/** Whether the interpreter runs the most specific wheels of the target and says the same about itself. */
export function isMatch(interpreter: Interpreter, target: Target): boolean {
  if (!interpreter.tags.includes(target.tags[0] ?? "")) return false;
  return markerVariables.every((variable) => {
    const wanted = target.markers[variable];
    return wanted === undefined || OF_ONE_MACHINE.has(variable) || wanted === interpreter.markers[variable];
  });
}
