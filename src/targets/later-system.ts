/** Wheels that a target lacks only because its system is too old: which release they need, and how to build for that. */

import { glibcOf } from "./foreign-system.ts";
import { looksLikeNamedTarget, namedSystems, namedTarget } from "./named-target.ts";
import type { SystemVersion } from "./platform-tags.ts";
import type { Target } from "./target.ts";

/** A release of what the platform part of a tag counts. */
export interface SystemRelease {
  readonly kind: "manylinux" | "musllinux" | "macosx";
  readonly version: SystemVersion;
  readonly machine: string;
  /** The tag of the wheel. */
  readonly tag: string;
}

const NAMES: Readonly<Record<SystemRelease["kind"], string>> = {
  manylinux: "glibc",
  musllinux: "musl",
  macosx: "macOS",
};

/** The oldest release with which the target would run one of the wheels; `undefined` when more than that is wrong. */
export function neededRelease(target: Target, wheelTags: readonly string[]): SystemRelease | undefined {
  const pythons = new Set(target.tags.map(pythonOf));
  const own = target.tags.map(platformOf);
  const kinds = new Set(own.map(releaseOf).map((each) => each && `${each.kind} ${each.machine}`));
  // Of a bare `linux_x86_64` nobody said which C library it has.
  const isOpen = !own.some((platform) => platform.startsWith("musllinux"));
  let oldest: SystemRelease | undefined;
  for (const tag of wheelTags) {
    const system = releaseOf(platformOf(tag));
    if (system === undefined || !pythons.has(pythonOf(tag))) continue;
    const { kind, machine } = system;
    const release = { ...system, tag };
    const isSame =
      kinds.has(`${kind} ${machine}`) || (kind === "manylinux" && isOpen && own.includes(`linux_${machine}`));
    if (isSame && (oldest === undefined || isLater(oldest, release))) oldest = release;
  }
  return oldest;
}

/** Such as `glibc 2.28`. */
export function describeRelease({ kind, version }: SystemRelease): string {
  return `${NAMES[kind]} ${version.join(".")}`;
}

/** Whether the first of two releases of one system is the later one. */
export function isLater(left: SystemRelease, right: SystemRelease): boolean {
  const [major, minor] = left.version;
  return major === right.version[0] ? minor > right.version[1] : major > right.version[0];
}

/** The option that means the same machine with that release; `undefined` when none is known. */
export function optionFor({ description }: Target, { kind, version, tag }: SystemRelease): string | undefined {
  if (looksLikeNamedTarget(description)) {
    const name = laterNamedTarget(description, tag);
    return name && `--target ${name}`;
  }
  const release = `${kind}_${version.join("_")}`;
  if (description.startsWith("linux_")) return `--manylinux ${release}`;
  const platform = description.replace(/^(?:many|musl)linux_?\d+(?:_\d+)?|^macosx_\d+_\d+/, release);
  return platform === description ? undefined : `--platform ${platform}`;
}

/** The first later release of a named system, such as Ubuntu's, that runs the wheel. */
function laterNamedTarget(name: string, tag: string): string | undefined {
  const [system = "", ...fields] = name.split("-");
  const family = familyOf(system);
  return namedSystems()
    .filter((each) => familyOf(each.name) === family)
    .map((each) => [each.name, ...fields].join("-"))
    .find((each) => namedTarget(each).tagRanks.has(tag));
}

function familyOf(system: string): string {
  return system.replace(/[\d.]+$/, "");
}

function releaseOf(platform: string): Omit<SystemRelease, "tag"> | undefined {
  const [, standard = "", machine = ""] = /^(manylinux(?:\d+|_\d+_\d+))_(\w+)$/.exec(platform) ?? [];
  const glibc = glibcOf(standard);
  if (glibc !== undefined) return { kind: "manylinux", version: glibc, machine };
  const [, kind, major, minor, rest = ""] = /^(musllinux|macosx)_(\d+)_(\d+)_(\w+)$/.exec(platform) ?? [];
  if (kind !== "musllinux" && kind !== "macosx") return undefined;
  return { kind, version: [Number(major), Number(minor)], machine: rest };
}

const pythonOf = (tag: string): string => tag.slice(0, tag.lastIndexOf("-"));
const platformOf = (tag: string): string => tag.slice(tag.lastIndexOf("-") + 1);
