/** The error for a project that exists, but not in a version that will do. */

import { assertNever } from "../base/errors.ts";
import { sentenceList } from "../base/text.ts";
import { complement, contains, type VersionSet, versionSetOf } from "../standards/version-set.ts";
import { formatVersion, type Version } from "../standards/version.ts";
import type { Target } from "../targets/target.ts";
import { NoMatchingVersion } from "./errors.ts";
import type { FailedResolve, Lack } from "./failed-resolve.ts";
import { describeGroups, listVersions, type ObstacleGroup } from "./passed-over.ts";
import { describePath, describeRequirement } from "./requirement-text.ts";
import { sayDependants } from "./solver/wording.ts";

/** Says which versions exist and why none of those asked for was taken. */
export function noMatchingVersion(failed: FailedResolve, lack: Lack): NoMatchingVersion {
  const { project, requirement, dependants, path } = lack;
  const { vocabulary, catalogue, request } = failed;
  const wanted = versionSetOf(requirement.specifier);
  const groups = [...vocabulary.obstacles(project, wanted), ...brokenIn(failed, lack, wanted)];
  const versions = catalogue.projects.loaded(project)?.versions ?? [];
  const usable = (vocabulary.usableVersionsOf(project) ?? []).filter((version) => !contains(wanted, version));
  const others = usable.length > 0 ? [] : vocabulary.obstacles(project, complement(wanted));
  const adjective = groups.length > 0 ? "usable version" : "version";
  const lines = [
    `No ${adjective} matches: ${describeRequirement(requirement)}${sayDependants(dependants, vocabulary)}`,
    ...describePath(path),
    ...describeGroups(groups),
    ...(usable.length > 0 ? [`Usable versions: ${listVersions(usable)}`] : []),
    ...(others.length > 0 ? [`Other versions, not usable either: ${describeGroups(others).join("; ")}`] : []),
    ...(versions.length === 0 ? ["There is a page for it, but no file on it that has a version"] : []),
  ];
  const isElsewhere =
    groups[0] === undefined ? dependants.length > 0 || usable.length === 0 : groups[0].kind === "tags";
  const remedy = isElsewhere ? request.remedy : undefined;
  const { target } = request;
  const hint = remedy ?? hintFor(groups[0], { project, target });
  const places = request.places?.(project) ?? [];
  const hintToLook = versions.length === 0 && dependants.length === 0 ? lookAt(places) : undefined;
  return new NoMatchingVersion(lines.join("\n  "), {
    hint: hint ?? hintToLook ?? hintToLoosen(lack, usable[0] ?? others[0], target),
  });
}

/** Websites have pages for everything. */
function lookAt(places: readonly string[]): string | undefined {
  if (places.length === 0) return undefined;
  return `See whether it was ever released, and whether ${sentenceList(places, "or")} is a package index`;
}

/** How to get at versions with this obstacle. */
export function hintFor(
  group: ObstacleGroup | undefined,
  { project, target }: { readonly project: string; readonly target: Target },
): string | undefined {
  const newest = group?.versions[0];
  if (group === undefined || newest === undefined) return undefined;
  switch (group.kind) {
    case "prerelease":
      return `Allow pre-releases with --pre, or require one: \`${project}>=${formatVersion(newest)}\``;
    case "yanked":
      return `Pin the yanked release if you must have it: \`${project}==${formatVersion(newest)}\``;
    case "python":
      return `Choose another Python with --python; this target is ${target.description}`;
    case "tags":
      return `Choose another target with --python, or give a wheel for ${target.description} with --find-links`;
    case "hash":
      return `Add the hash of a file of ${project} that you trust: \`--hash=sha256:…\``;
    case "upload":
      return "Allow newer files with a later time for --uploaded-prior-to";
    case "offline":
      return "Build once without --offline, which brings the files into the cache, or give them with --find-links";
    case "policy":
      return hintToAllow(group, project);
    case "metadata":
      return `Choose another version of ${project}, and tell its maintainers`;
    default:
      return assertNever(group.kind);
  }
}

function hintToAllow({ what }: ObstacleGroup, project: string): string {
  return what.startsWith("source")
    ? `Give a wheel of ${project} with --find-links, or allow building: \`--build\`, without \`--only-wheel ${project}\``
    : `Allow wheels: \`--wheel\`, without \`--only-build ${project}\``;
}

/** Versions that were given up because of their metadata. */
function brokenIn(
  { facts, vocabulary }: FailedResolve,
  { project }: Lack,
  wanted: VersionSet,
): readonly ObstacleGroup[] {
  const versions = vocabulary.usableVersionsOf(project) ?? [];
  return facts.flatMap(({ cause, terms: [term] }) => {
    if (cause.kind !== "unusable" || term === undefined) return [];
    const broken = versions.filter((version) => contains(wanted, version) && contains(term.set, version));
    const kind = cause.verb === "is" ? "python" : "metadata";
    return broken.length === 0 ? [] : [{ kind, what: cause.what, versions: broken } as const];
  });
}

function hintToLoosen(
  { project, requirement, dependants }: Lack,
  instead: Version | ObstacleGroup | undefined,
  target: Target,
): string | undefined {
  const [dependant] = dependants;
  if (dependant !== undefined) {
    const wanted = describeRequirement(requirement);
    return `Choose another version of ${dependant.package.label}, or a place that has ${wanted} with -i or --find-links`;
  }
  if (instead === undefined) return undefined;
  const [newest, obstacle] = "versions" in instead ? [instead.versions[0], instead] : [instead, undefined];
  if (newest === undefined) return undefined;
  const loosened = `Require what exists, such as \`${project}==${formatVersion(newest)}\``;
  // To pin a pre-release or a yanked release is all that it takes.
  if (obstacle === undefined || obstacle.kind === "prerelease" || obstacle.kind === "yanked") return loosened;
  const hint = hintFor(obstacle, { project, target });
  return hint === undefined ? loosened : `${loosened}, and ${hint.charAt(0).toLowerCase()}${hint.slice(1)}`;
}
