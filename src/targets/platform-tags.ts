/** Platform parts of compatibility tags (PEP 425, 513, 571, 599, 600, 656, 730, 738), best first, as `packaging.tags` orders them. */

import { tagComponent } from "../standards/tag.ts";

import type { ElfFacts, PlatformFacts } from "./interpreter-facts.ts";

/** Major and minor number. */
export type SystemVersion = readonly [number, number];

/** Every platform tag that the interpreter accepts. */
export function platformTags(platform: PlatformFacts): string[] {
  const generic = tagComponent(platform.name);
  switch (platform.system) {
    case "Darwin":
      return macPlatforms(platform.version ?? [10, 0], macArchitecture(platform.machine ?? "", platform.bits));
    case "iOS":
      return iosPlatforms(platform.version ?? [0, 0], platform.multiarch ?? "");
    case "Android":
      return androidPlatforms(platform.apiLevel ?? 0, platform.name.split("-").at(-1) ?? "");
    case "Linux":
      return linuxPlatforms(platform);
    case "Emscripten":
      return platform.pyemscripten ? [`pyemscripten_${platform.pyemscripten}_wasm32`, generic] : [generic];
    default:
      return [generic];
  }
}

/** `linux_*`, then manylinux from newest to oldest, then musllinux. */
export function linuxPlatforms(platform: PlatformFacts): string[] {
  const name = tagComponent(platform.name);
  if (!name.startsWith("linux_")) return [name];
  const machine = linuxMachine(name.slice("linux_".length), platform.bits);
  const machines = machine === "armv8l" ? ["armv8l", "armv7l"] : [machine];
  return [
    ...machines.map((each) => `linux_${each}`),
    ...manylinuxPlatforms(machines, platform),
    ...muslPlatforms(machines, platform.musl),
  ];
}

/** A 32-bit Python on a 64-bit kernel sees the kernel's machine name. */
function linuxMachine(machine: string, bits: 32 | 64): string {
  if (bits === 64) return machine;
  return machine === "x86_64" ? "i686" : machine === "aarch64" ? "armv8l" : machine;
}

/** Older names of three glibc versions. */
const LEGACY: Readonly<Record<string, string>> = {
  "2_17": "manylinux2014",
  "2_12": "manylinux2010",
  "2_5": "manylinux1",
};
const OLD_INTEL: ReadonlySet<string> = new Set(["x86_64", "i686"]);
const LAST_GLIBC_MINOR = 50;

/** PEP 600: every glibc version from the present one down to the oldest that the policies know. */
export function manylinuxPlatforms(
  machines: readonly string[],
  platform: Pick<PlatformFacts, "glibc" | "elf" | "manylinuxRefused">,
): string[] {
  if (!platform.glibc || !hasManylinuxAbi(machines, platform.elf)) return [];
  const [major, minor] = platform.glibc;
  const oldest = machines.some((machine) => OLD_INTEL.has(machine)) ? 5 : 17;
  const refused = new Set(platform.manylinuxRefused);
  const tags: string[] = [];
  for (const machine of machines) {
    for (let each = major; each >= 2; each--) {
      for (let last = each === major ? minor : LAST_GLIBC_MINOR; last >= (each === 2 ? oldest : 0); last--) {
        const version = `${each}_${last}`;
        if (refused.has(`${version}_${machine}`)) continue;
        tags.push(`manylinux_${version}_${machine}`);
        const legacy = LEGACY[version];
        if (legacy !== undefined) tags.push(`${legacy}_${machine}`);
      }
    }
  }
  return tags;
}

const MANYLINUX_MACHINES: ReadonlySet<string> = new Set([
  "x86_64",
  "aarch64",
  "ppc64",
  "ppc64le",
  "s390x",
  "loongarch64",
  "riscv64",
]);

// ELF header: e_machine of Intel 80386 and of ARM; e_flags of ARM: the ABI's version in the top byte, 0x400 for hard float.
const EM_386 = 3;
const EM_ARM = 40;
const EF_ARM_ABI_MASK = 0xff000000;
const EF_ARM_ABI_VERSION_5 = 0x05000000;
const EF_ARM_HARD_FLOAT = 0x400;

function hasManylinuxAbi(machines: readonly string[], elf: ElfFacts | undefined): boolean {
  const isSmall = elf?.bits === 32 && elf.little;
  if (machines.includes("armv7l")) {
    if (!isSmall || elf.machine !== EM_ARM || (elf.flags & EF_ARM_HARD_FLOAT) === 0) return false;
    return (elf.flags & EF_ARM_ABI_MASK) >>> 0 === EF_ARM_ABI_VERSION_5;
  }
  if (machines.includes("i686")) return isSmall && elf.machine === EM_386;
  return machines.some((machine) => MANYLINUX_MACHINES.has(machine));
}

/** PEP 656: every minor version of musl down to 0. */
export function muslPlatforms(machines: readonly string[], musl: SystemVersion | null | undefined): string[] {
  if (!musl) return [];
  const tags: string[] = [];
  for (const machine of machines) {
    for (let minor = musl[1]; minor >= 0; minor--) tags.push(`musllinux_${musl[0]}_${minor}_${machine}`);
  }
  return tags;
}

/** A 32-bit Python on a 64-bit Mac runs 32-bit code. */
export function macArchitecture(machine: string, bits: 32 | 64): string {
  if (bits === 64) return machine;
  return machine.startsWith("ppc") ? "ppc" : "i386";
}

/** Every macOS release from the present one down; from 11 on the minor number of a tag is 0. */
export function macPlatforms(version: SystemVersion, architecture: string): string[] {
  const [major, minor] = version;
  const tags: string[] = [];
  const add = (first: number, second: number, formats: readonly string[]): void => {
    for (const format of formats) tags.push(`macosx_${first}_${second}_${format}`);
  };
  if (major === 10) {
    for (let each = minor; each >= 0; each--) add(10, each, macBinaryFormats(each, architecture));
  }
  if (major < 11) return tags;
  for (let each = major; each > 10; each--) add(each, 0, macBinaryFormats(Infinity, architecture));
  // The Intel half of a universal binary may ask for less than 11.
  for (let each = 16; each > 3; each--) {
    add(10, each, architecture === "x86_64" ? macBinaryFormats(each, architecture) : ["universal2"]);
  }
  return tags;
}

/** @param minor Of Mac OS X 10; `Infinity` for all that came later. */
function macBinaryFormats(minor: number, architecture: string): string[] {
  switch (architecture) {
    case "x86_64":
      return minor < 4 ? [] : ["x86_64", "intel", "fat64", "fat3", "universal2", "universal"];
    case "i386":
      return minor < 4 ? [] : ["i386", "intel", "fat3", "fat", "universal"];
    case "ppc64":
      return minor < 4 || minor > 5 ? [] : ["ppc64", "fat64", "universal"];
    case "ppc":
      return minor > 6 ? [] : ["ppc", "fat3", "fat", "universal"];
    case "arm64":
      return ["arm64", "universal2"];
    case "intel":
      return ["intel", "universal"];
    default:
      return [architecture];
  }
}

/** iOS releases from the present one down to 12.0, the first that can run CPython (PEP 730). */
export function iosPlatforms(version: SystemVersion, multiarch: string): string[] {
  const [major, minor] = version;
  const architecture = multiarch.replaceAll("-", "_");
  const tags: string[] = [];
  for (let each = major; each >= 12; each--) {
    for (let second = each === major ? minor : 9; second >= 0; second--)
      tags.push(`ios_${each}_${second}_${architecture}`);
  }
  return tags;
}

/** Android API levels from the present one down to 16, the first that can run CPython (PEP 738). */
export function androidPlatforms(apiLevel: number, abi: string): string[] {
  const tags: string[] = [];
  for (let level = apiLevel; level >= 16; level--) tags.push(`android_${level}_${tagComponent(abi)}`);
  return tags;
}
