/** Abbreviated platforms: `linux_x86_64-cp-311-cp311`, `macosx-11.0-arm64-cp-3.11.7-cp311`, `linux-x86_64`, `current`. */

import { PexError, UsageError } from "../base/errors.ts";
import { escapeControl } from "../base/text.ts";
import type { MarkerEnvironment } from "../standards/marker-environment.ts";
import { parseVersion } from "../standards/version.ts";

import { foreignSystem, glibcOf, similarSystem } from "./foreign-system.ts";
import type { ForeignSystem, GlibcVersion } from "./foreign-system.ts";
import { compatibleTags, cpythonTags, genericTags } from "./interpreter-tags.ts";
import type { Interpreter } from "./interpreter.ts";
import { platformTags } from "./platform-tags.ts";
import { rankTags } from "./target.ts";
import type { Target } from "./target.ts";

/** A Python on a machine, as four fields tell it. */
export interface AbbreviatedPlatform {
  /** Such as `macosx_11_0_arm64`. */
  readonly system: string;
  /** Such as `cp`. */
  readonly implementation: string;
  /** Two or three numbers. */
  readonly version: readonly number[];
  /** Such as `cp36m`, `pypy310_pp73`, `abi3` or `none`. */
  readonly abi: string;
}

/** What the value of `--platform` means. */
export type PlatformWish =
  | { readonly kind: "current" }
  /** This Python on another system. */
  | { readonly kind: "system"; readonly system: string }
  | { readonly kind: "platform"; readonly platform: AbbreviatedPlatform };

/** A text that is no platform. */
export class InvalidPlatform extends PexError {
  readonly code = "INVALID_PLATFORM";
}

/** The glibc that stands for a `--manylinux` value; `undefined` for none. @throws UsageError */
export function parseManylinux(standard: string | false | undefined): GlibcVersion | undefined {
  if (standard === false) return undefined;
  const glibc = glibcOf(standard === undefined || standard === "" ? "manylinux2014" : standard.trim().toLowerCase());
  if (glibc !== undefined) return glibc;
  throw new UsageError(`Not a manylinux standard: ${escapeControl(standard ?? "")}`, {
    hint: "write it like `manylinux2014` or `manylinux_2_28`, or use --no-manylinux",
  });
}

/**
 * Reads `SYSTEM-IMPLEMENTATION-VERSION-ABI`, whose last three dashes separate the fields, a system alone, or `current`.
 *
 * @throws InvalidPlatform
 */
export function parsePlatform(text: string): PlatformWish {
  const typed = text.trim();
  if (typed.toLowerCase() === "current") return { kind: "current" };
  const fields = typed.split("-");
  if (fields.length < 4) {
    const system = tagPart(typed);
    if (systemOf(system)) return { kind: "system", system };
    if (similarSystem(system) !== undefined) throw unknownSystem(text, system);
    throw invalid(text, `4 fields are needed, and there ${fields.length === 1 ? "is 1" : `are ${fields.length}`}`);
  }
  const [implementation = "", versionText = "", abiText = ""] = fields.slice(-3).map(tagPartKeepingDots);
  const system = tagPart(fields.slice(0, -3).join("-"));
  const blank = Object.entries({ system, implementation, version: versionText, abi: abiText }).find(
    ([, value]) => value === "",
  );
  if (blank) throw invalid(text, `the ${blank[0]} field is blank`);
  if (!/^[a-z]+$/.test(implementation)) {
    throw invalid(text, `an implementation is \`cp\` or \`pp\`, not \`${implementation}\``);
  }
  const version = parsePython(text, versionText);
  if (!systemOf(system)) throw unknownSystem(text, system);
  const abi = completeAbi(text, tagPart(abiText), { implementation, version });
  return { kind: "platform", platform: { system, implementation, version, abi } };
}

/** This Python on another system. */
export function platformLike(interpreter: Interpreter, system: string): AbbreviatedPlatform {
  const [python = "", abi = "none"] = interpreter.tags[0]?.split("-") ?? [];
  const [implementation = "cp"] = /^[a-z]+/.exec(python) ?? [];
  return { system, implementation, version: interpreter.version, abi };
}

/** The normal form of the four fields. */
export function formatPlatform({ system, implementation, version, abi }: AbbreviatedPlatform): string {
  return [system, implementation, version.length > 2 ? version.join(".") : version.join(""), abi].join("-");
}

/**
 * The target with the tags that `packaging` computes for such a Python, and with the markers that follow from the fields.
 *
 * @param glibc What a `linux_*` platform is taken to have.
 */
export function platformTarget(platform: AbbreviatedPlatform, glibc: GlibcVersion | undefined): Target {
  const [major = 3, minor = 0, patch = 0] = platform.version;
  const description = formatPlatform(platform);
  const system = foreignSystem(platform.system, { glibc, major });
  if (system === undefined) throw unknownSystem(description, platform.system);
  const tags = tagsOf(platform, platformTags(system.facts));
  return {
    kind: "platform",
    description,
    markers: { ...pythonMarkers(platform), ...system.markers },
    tags,
    tagRanks: rankTags(tags),
    pythonVersion: parseVersion(`${major}.${minor}.${patch}`),
    interpreter: undefined,
  };
}

function tagsOf({ implementation, version, abi }: AbbreviatedPlatform, platforms: readonly string[]): string[] {
  const [major = 3, minor = 0] = version;
  const python = [major, minor] as const;
  const name = `${implementation}${major}${minor}`;
  if (implementation === "cp") {
    // `cpythonTags` adds these two by itself.
    const abis = abi === "abi3" || abi === "none" ? [] : [abi];
    return [...cpythonTags(python, abis, platforms), ...compatibleTags(python, name, platforms)];
  }
  const generic = implementation === "pp" ? "pp3" : name;
  return [...genericTags(name, [abi], platforms), ...compatibleTags(python, generic, platforms)];
}

const IMPLEMENTATIONS: Readonly<Record<string, readonly [name: string, platformName: string]>> = {
  cp: ["cpython", "CPython"],
  pp: ["pypy", "PyPy"],
};

function pythonMarkers({ implementation, version }: AbbreviatedPlatform): MarkerEnvironment {
  const [major, minor] = version;
  const names = IMPLEMENTATIONS[implementation];
  return {
    ...(names && { implementation_name: names[0], platform_python_implementation: names[1] }),
    // Python 2 has no `sys.implementation`; PEP 508 says what stands for it.
    ...(major === 2 && { implementation_name: "", implementation_version: "0" }),
    python_version: `${major ?? 3}.${minor ?? 0}`,
    ...(version.length > 2 && { python_full_version: version.join(".") }),
  };
}

function parsePython(text: string, version: string): number[] {
  const [, major, minor] = /^(\d)(\d{1,3})$/.exec(version) ?? [];
  if (major !== undefined && minor !== undefined) return [Number(major), Number(minor)];
  const parts = version.split(".");
  const odd = parts.find((part) => !/^\d+$/.test(part));
  if (odd !== undefined) throw invalid(text, `a component of the version is no whole number: \`${odd}\``);
  if (/^\d(?:\.\d{1,3}){1,2}$/.test(version)) return parts.map(Number);
  throw invalid(text, `a version is written like \`311\`, \`3.11\` or \`3.11.7\`, not \`${version}\``);
}

/** `m` and `mu` are short for `cp36m` and `cp27mu`. */
function completeAbi(
  text: string,
  abi: string,
  { implementation, version }: Pick<AbbreviatedPlatform, "implementation" | "version">,
): string {
  if (!/^\w+$/.test(abi)) throw invalid(text, `no ABI is called \`${abi}\``);
  if (implementation !== "cp") return abi;
  const own = `cp${version.slice(0, 2).join("")}`;
  if (/^[dmtu]+$/.test(abi)) return own + abi;
  const [, digits] = /^cp(\d+)[a-z]*$/.exec(abi) ?? [];
  if (digits !== undefined && `cp${digits}` !== own) {
    throw invalid(text, `the ABI \`${abi}\` is not one of Python ${version.slice(0, 2).join(".")}`);
  }
  return abi;
}

function systemOf(system: string): ForeignSystem | undefined {
  return foreignSystem(system, { glibc: undefined, major: 3 });
}

function tagPart(text: string): string {
  return text.trim().toLowerCase().replaceAll(/[-.]/g, "_");
}

function tagPartKeepingDots(text: string): string {
  return text.trim().toLowerCase();
}

function unknownSystem(text: string, system: string): InvalidPlatform {
  const meant = similarSystem(system);
  return new InvalidPlatform(
    `Not a platform: ${escapeControl(text)}: no system is called \`${escapeControl(system)}\``,
    {
      hint:
        meant === undefined
          ? "write `linux_x86_64`, `musllinux_1_2_x86_64`, `macosx_11_0_arm64` or `win_amd64`, or describe another system with --complete-platform"
          : `did you mean \`${meant}\`?`,
    },
  );
}

function invalid(text: string, reason: string): InvalidPlatform {
  return new InvalidPlatform(`Not a platform: ${escapeControl(text)}: ${escapeControl(reason)}`, {
    hint: "write it like `linux_x86_64-cp-311-cp311` or `macosx_11_0_arm64-cp-3.11.7-cp311`; `linux_x86_64` alone means this Python there",
  });
}
