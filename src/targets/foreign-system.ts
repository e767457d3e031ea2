/** What the first field of a platform, such as `linux_x86_64` or `macosx_11_0_arm64`, says about a machine. */

import type { MarkerEnvironment } from "../standards/marker-environment.ts";

import type { ElfFacts, PlatformFacts } from "./interpreter-facts.ts";

/** A machine as far as its platform tag tells. */
export interface ForeignSystem {
  readonly facts: PlatformFacts;
  /** Only what is certain. */
  readonly markers: MarkerEnvironment;
}

/** Version of glibc that a manylinux standard asks for. */
export type GlibcVersion = readonly [number, number];

const LEGACY_MANYLINUX: Readonly<Record<string, GlibcVersion>> = { "1": [2, 5], "2010": [2, 12], "2014": [2, 17] };

/** The glibc of `manylinux1`, `manylinux2010`, `manylinux2014` or `manylinux_X_Y` (PEP 600), or `undefined`. */
export function glibcOf(standard: string): GlibcVersion | undefined {
  const [, legacy, major, minor] = /^manylinux(?:(1|2010|2014)|_(\d)_(\d{1,3}))$/.exec(standard) ?? [];
  if (legacy !== undefined) return LEGACY_MANYLINUX[legacy];
  return major === undefined ? undefined : [Number(major), Number(minor)];
}

/** Other names of processors; Linux itself does not use them, hence no wheel does. */
const LINUX_MACHINES: Readonly<Record<string, string>> = { amd64: "x86_64", x64: "x86_64", arm64: "aarch64" };

/** What was probably meant by a system that is not known. */
export function similarSystem(platform: string): string | undefined {
  const [, libc, machine = ""] = LINUX.exec(platform) ?? [];
  const meant = LINUX_MACHINES[machine];
  return libc === undefined || meant === undefined ? undefined : `${libc}_${meant}`;
}

const LINUX = /^(linux|manylinux(?:1|2010|2014|_\d_\d{1,3})|musllinux_\d_\d{1,3})_(x86_64|[a-z][a-z\d]*)$/;

/**
 * Reads a platform in the spelling of tags (lower case, underscores); `undefined` when the system is not known.
 *
 * @param glibc What a `linux_*` platform is taken to have.
 * @param major Of Python: the second one calls Linux `linux2`.
 */
export function foreignSystem(
  platform: string,
  on: { readonly glibc: GlibcVersion | undefined; readonly major: number },
): ForeignSystem | undefined {
  const linux = LINUX.exec(platform);
  if (linux) return linuxSystem(linux[1] ?? "", linux[2] ?? "", on);
  const mac = /^macosx_(\d\d)(?:_(\d{1,2}))?_(x86_64|[a-z][a-z\d]*)$/.exec(platform);
  if (mac) return macSystem([Number(mac[1]), Number(mac[2] ?? 0)], mac[3] ?? "");
  const windows = WINDOWS[platform];
  return windows === undefined ? undefined : windowsSystem(platform, windows);
}

const SMALL: ReadonlySet<string> = new Set(["i386", "i486", "i586", "i686", "armv5l", "armv6l", "armv7l", "armv8l"]);

/** What `platform-tags.ts` wants to see in an executable before it believes in manylinux. */
const ELF: Readonly<Record<string, ElfFacts>> = {
  i686: { bits: 32, little: true, machine: 3, flags: 0 },
  armv7l: { bits: 32, little: true, machine: 40, flags: 0x05000400 },
  armv8l: { bits: 32, little: true, machine: 40, flags: 0x05000400 },
};

function linuxSystem(
  libc: string,
  machine: string,
  on: { readonly glibc: GlibcVersion | undefined; readonly major: number },
): ForeignSystem | undefined {
  if (LINUX_MACHINES[machine] !== undefined) return undefined;
  const [, muslMajor, muslMinor] = /^musllinux_(\d)_(\d+)$/.exec(libc) ?? [];
  const elf = ELF[machine];
  return {
    facts: {
      system: "Linux",
      name: `linux_${machine}`,
      bits: SMALL.has(machine) ? 32 : 64,
      glibc: libc === "linux" ? (on.glibc ?? null) : (glibcOf(libc) ?? null),
      musl: muslMajor === undefined ? null : [Number(muslMajor), Number(muslMinor)],
      ...(elf && { elf }),
    },
    markers: {
      os_name: "posix",
      platform_machine: machine,
      platform_system: "Linux",
      sys_platform: on.major < 3 ? "linux2" : "linux",
    },
  };
}

/** Builds for several processors, of which one cannot know which it is. */
const FAT: ReadonlySet<string> = new Set(["universal2", "universal", "intel", "fat", "fat3", "fat64"]);

function macSystem(version: readonly [number, number], machine: string): ForeignSystem | undefined {
  if (version[0] < 10) return undefined;
  return {
    facts: { system: "Darwin", name: `macosx-${version.join(".")}-${machine}`, bits: 64, version, machine },
    markers: {
      os_name: "posix",
      ...(!FAT.has(machine) && { platform_machine: machine }),
      platform_system: "Darwin",
      sys_platform: "darwin",
    },
  };
}

/** `platform.machine()` by platform tag. */
const WINDOWS: Readonly<Record<string, string>> = {
  win32: "x86",
  win_amd64: "AMD64",
  win_arm64: "ARM64",
  win_arm32: "ARM",
  win_ia64: "IA64",
};

function windowsSystem(platform: string, machine: string): ForeignSystem {
  const bits = platform === "win32" || platform === "win_arm32" ? 32 : 64;
  return {
    facts: { system: "Windows", name: platform, bits },
    markers: { os_name: "nt", platform_machine: machine, platform_system: "Windows", sys_platform: "win32" },
  };
}
