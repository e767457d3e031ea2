/** Why versions that exist were not taken, in words. */

import { assertNever } from "../base/errors.ts";
import { sentenceList } from "../base/text.ts";
import { tryParseWheelFilename } from "../standards/wheel-filename.ts";
import { formatVersion, isPrerelease, type Version } from "../standards/version.ts";
import { contains, type VersionSet } from "../standards/version-set.ts";
import type { Target } from "../targets/target.ts";
import type { Allowance } from "./allowance.ts";
import { describePython, type PassedOver } from "./candidate.ts";
import type { ProjectCandidates } from "./project-candidates.ts";
import { foreignText } from "./requirement-text.ts";

/** What a version is or has that keeps it from being used; `kind` leads to a hint. */
export interface Obstacle {
  readonly kind: PassedOver["kind"] | "prerelease" | "yanked" | "metadata";
  readonly what: string;
}

/** Versions with the same obstacle, newest first. */
export interface ObstacleGroup extends Obstacle {
  readonly versions: readonly Version[];
}

/** Lists get no longer than this. */
const MOST = 5;

/** How many groups are told. */
const MOST_GROUPS = 3;

/** `2.1, 2.0, 1.9, 1.8, 1.7 and 12 more`. */
export function listVersions(versions: readonly Version[], most: number = MOST): string {
  return elided(versions.map(formatVersion), most);
}

/** The versions of a set that exist but cannot be used, by obstacle, in the order of their newest versions. */
export function obstaclesIn(
  candidates: ProjectCandidates,
  set: VersionSet,
  { allowance, target }: { readonly allowance: Allowance; readonly target: Target },
): readonly ObstacleGroup[] {
  const groups = new Map<string, Obstacle & { readonly versions: Version[] }>();
  candidates.someIn(set, (index, version) => {
    const obstacle = obstacleOf(candidates, index, allowance, target);
    const known = obstacle && groups.get(obstacle.what);
    if (known !== undefined) known.versions.push(version);
    else if (obstacle !== undefined) groups.set(obstacle.what, { ...obstacle, versions: [version] });
    return false;
  });
  return [...groups.values()];
}

/** One line for each group: `2.1 and 2.0: yanked`. */
export function describeGroups(groups: readonly ObstacleGroup[]): string[] {
  const lines = groups.slice(0, MOST_GROUPS).map(({ versions, what }) => `${listVersions(versions)}: ${what}`);
  const others = groups.slice(MOST_GROUPS).reduce((sum, { versions }) => sum + versions.length, 0);
  return others === 0 ? lines : [...lines, `${others} more for other reasons`];
}

function obstacleOf(
  candidates: ProjectCandidates,
  index: number,
  allowance: Allowance,
  target: Target,
): Obstacle | undefined {
  const version = candidates.versions[index];
  const judgement = candidates.judge(index);
  if (version === undefined) return undefined;
  if (judgement.kind === "unusable")
    return { kind: judgement.reason.kind, what: describePassedOver(judgement.reason, target) };
  if (isPrerelease(version) && !contains(allowance.prereleases, version))
    return { kind: "prerelease", what: "a pre-release" };
  if (judgement.yanked === undefined || contains(allowance.yanked, version)) return undefined;
  const reason = foreignText(judgement.yanked);
  return { kind: "yanked", what: reason === "" ? "yanked" : `yanked, “${reason}”` };
}

/** Why a version was not taken, in words that go with one version or with many. */
export function describePassedOver(reason: PassedOver, target: Target): string {
  switch (reason.kind) {
    case "python":
      return describePython(reason.requiresPython);
    case "tags":
      return describeWheels(reason.wheels, target);
    case "hash":
      return "no file with an allowed hash";
    case "upload":
      return "uploaded too late";
    case "offline":
      return "not in the cache";
    case "policy":
      return reason.refused === "sdist"
        ? "source only, and building is not allowed"
        : "wheels only, which are not allowed";
    default:
      return assertNever(reason);
  }
}

/** What the wheels are for: other platforms if one is for the right Python and ABI, else other Pythons or ABIs. */
function describeWheels(wheels: readonly string[], target: Target): string {
  if (wheels.length === 0) return "no file that can be installed";
  const accepted = target.tags.map(partsOf);
  const pythons = new Set(accepted.map(({ interpreter, abi }) => `${interpreter}-${abi}`));
  // An older interpreter's tag is accepted for the sake of abi3 only: a wheel for it is one for another Python.
  const interpreters = new Set(accepted.filter(({ abi }) => abi !== "abi3").map(({ interpreter }) => interpreter));
  const tags = wheels.flatMap((wheel) => tryParseWheelFilename(wheel)?.tags ?? []).map(partsOf);
  const near = tags.filter(({ interpreter, abi }) => pythons.has(`${interpreter}-${abi}`));
  const others =
    near.length > 0
      ? near.map(({ platform }) => platform)
      : tags.map(({ interpreter, abi }) => (interpreters.has(interpreter) ? `${interpreter}-${abi}` : interpreter));
  if (others.length === 0) return "no sdist, and no wheel with a valid name";
  return `no sdist, and wheels only for ${elided([...new Set(others)], MOST)}`;
}

function partsOf(tag: string): { readonly interpreter: string; readonly abi: string; readonly platform: string } {
  const [interpreter = "", abi = "", platform = ""] = tag.split("-");
  return { interpreter, abi, platform };
}

function elided(texts: readonly string[], most: number): string {
  // "and 1 more" takes as much room as the one.
  if (texts.length <= most + 1) return sentenceList(texts);
  return `${texts.slice(0, most).join(", ")} and ${texts.length - most} more`;
}
