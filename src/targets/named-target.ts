/** Named targets: machines that many people deploy to, such as `debian12-py311` or `macos14-arm64-py312`. */

import { PexError } from "../base/errors.ts";
import { closest, compareOrdinal, escapeControl, sentenceList } from "../base/text.ts";

import { platformTarget, type AbbreviatedPlatform } from "./abbreviated-platform.ts";
import type { Target } from "./target.ts";

/** A system that has a name. */
export interface NamedSystem {
  readonly name: string;
  /** What it is and which C library it has, for people. */
  readonly about: string;
  /** Processors, the usual one first, and how the tags of that system spell them. */
  readonly machines: Readonly<Record<string, string>>;
  /** The Pythons that the system itself offers, by minor version. Others are taken in their newest known patch release. */
  readonly pythons: Readonly<Record<string, string>>;
  /** The first field of a platform. @param minor Of Python 3. */
  readonly platform: (machine: string, minor: number) => string;
}

/** A text that names no target. */
export class UnknownTarget extends PexError {
  readonly code = "UNKNOWN_TARGET";
}

const LINUX_MACHINES = { x86_64: "x86_64", arm64: "aarch64" };

function glibc(
  name: string,
  title: string,
  on: { readonly version: string; readonly pythons?: Readonly<Record<string, string>> },
): NamedSystem {
  return {
    name,
    about: `${title}, glibc ${on.version}`,
    machines: LINUX_MACHINES,
    pythons: on.pythons ?? {},
    platform: (machine) => `manylinux_${on.version.replace(".", "_")}_${machine}`,
  };
}

function alpine(release: string): NamedSystem {
  return {
    name: `alpine${release}`,
    about: `Alpine Linux ${release}, musl 1.2`,
    machines: LINUX_MACHINES,
    pythons: {},
    platform: (machine) => `musllinux_1_2_${machine}`,
  };
}

function macos(release: number): NamedSystem {
  return {
    name: `macos${release}`,
    about: `macOS ${release}`,
    machines: { arm64: "arm64", x86_64: "x86_64" },
    pythons: {},
    platform: (machine) => `macosx_${release}_0_${machine}`,
  };
}

const SYSTEMS: readonly NamedSystem[] = [
  glibc("debian10", "Debian 10 (buster)", { version: "2.28", pythons: { "3.7": "3.7.3" } }),
  glibc("debian11", "Debian 11 (bullseye)", { version: "2.31", pythons: { "3.9": "3.9.2" } }),
  glibc("debian12", "Debian 12 (bookworm)", { version: "2.36", pythons: { "3.11": "3.11.2" } }),
  glibc("debian13", "Debian 13 (trixie)", { version: "2.41", pythons: { "3.13": "3.13.5" } }),
  glibc("ubuntu18.04", "Ubuntu 18.04", { version: "2.27", pythons: { "3.6": "3.6.9" } }),
  glibc("ubuntu20.04", "Ubuntu 20.04", { version: "2.31", pythons: { "3.8": "3.8.10" } }),
  glibc("ubuntu22.04", "Ubuntu 22.04", { version: "2.35", pythons: { "3.10": "3.10.12" } }),
  glibc("ubuntu24.04", "Ubuntu 24.04", { version: "2.39", pythons: { "3.12": "3.12.3" } }),
  glibc("rhel8", "Red Hat Enterprise Linux 8 and its kin", { version: "2.28", pythons: { "3.6": "3.6.8" } }),
  glibc("rhel9", "Red Hat Enterprise Linux 9 and its kin", { version: "2.34" }),
  glibc("rhel10", "Red Hat Enterprise Linux 10 and its kin", { version: "2.39" }),
  glibc("amazonlinux2", "Amazon Linux 2", { version: "2.26" }),
  glibc("amazonlinux2023", "Amazon Linux 2023", { version: "2.34" }),
  {
    ...glibc("lambda", "AWS Lambda", { version: "2.34" }),
    about: "AWS Lambda, glibc 2.34, or 2.26 before Python 3.12",
    // Amazon moved its functions from Amazon Linux 2 to 2023 with Python 3.12.
    platform: (machine, minor) => `manylinux_${minor < 12 ? "2_26" : "2_34"}_${machine}`,
  },
  ...["3.17", "3.18", "3.19", "3.20", "3.21", "3.22"].map(alpine),
  ...[11, 12, 13, 14, 15, 26].map(macos),
  {
    name: "windows",
    about: "Windows",
    machines: { x86_64: "win_amd64", arm64: "win_arm64", x86: "win32" },
    pythons: {},
    platform: (machine) => machine,
  },
];

/** The newest patch release of each Python when this release of pexjs was made. */
const NEWEST_PATCH: Readonly<Record<string, string>> = {
  "2.7": "2.7.18",
  "3.6": "3.6.15",
  "3.7": "3.7.17",
  "3.8": "3.8.20",
  "3.9": "3.9.25",
  "3.10": "3.10.22",
  "3.11": "3.11.18",
  "3.12": "3.12.16",
  "3.13": "3.13.18",
  "3.14": "3.14.10",
  "3.15": "3.15.2",
};

/** Other names of processors. */
const MACHINE_ALIASES: Readonly<Record<string, string>> = {
  amd64: "x86_64",
  x64: "x86_64",
  aarch64: "arm64",
  i686: "x86",
};

/** Every system, in the order of the documentation. */
export function namedSystems(): readonly NamedSystem[] {
  return SYSTEMS;
}

/** The Pythons that every system can be combined with, oldest first, such as `py311`. */
export function namedPythons(): readonly string[] {
  return Object.keys(NEWEST_PATCH).map((minor) => `py${minor.replace(".", "")}`);
}

/** Whether the text begins as a target does, so that its faults are worth to be told. */
export function looksLikeNamedTarget(text: string): boolean {
  return systemCalled(text.trim().toLowerCase().split("-")[0] ?? "") !== undefined;
}

/**
 * The target called `SYSTEM-PYTHON`, with the processor before or behind the Python where it is not the usual one. A Python is `py311`,
 * or with a patch release `py3.11.4`; `t` behind it is the free-threaded one.
 *
 * All markers are there; `platform_release` and `platform_version`, which differ between machines, are empty.
 *
 * @throws UnknownTarget
 */
export function namedTarget(text: string): Target {
  const typed = text.trim().toLowerCase();
  const [systemName = "", ...fields] = typed.split("-");
  const system = systemCalled(systemName) ?? unknownSystem(text, systemName);
  const pythons = fields.filter((field) => field.startsWith("py"));
  const machines = fields.filter((field) => !field.startsWith("py"));
  const [python, secondPython] = pythons;
  const [machine = Object.keys(system.machines)[0] ?? "", secondMachine] = machines;
  if (python === undefined) throw unknown(text, "the Python is missing", `write \`${typed}-py313\``);
  if (secondPython !== undefined)
    throw unknown(text, "it has two Pythons", "name each target with an option of its own");
  if (secondMachine !== undefined)
    throw unknown(text, "it has two processors", "name each target with an option of its own");
  const platform = platformOf(text, { system, machine, python });
  const target = platformTarget(platform, undefined);
  const version = platform.version.join(".");
  return {
    ...target,
    description: typed,
    markers: { implementation_version: version, ...target.markers, platform_release: "", platform_version: "" },
  };
}

interface Fields {
  readonly system: NamedSystem;
  readonly machine: string;
  readonly python: string;
}

function platformOf(text: string, { system, machine, python }: Fields): AbbreviatedPlatform {
  const { version, isFreeThreaded } = pythonCalled(text, system, python);
  const [major = 3, minor = 0] = version;
  const abi = `cp${major}${minor}${abiFlags(major, minor, isFreeThreaded)}`;
  return { system: system.platform(machineCalled(text, system, machine), minor), implementation: "cp", version, abi };
}

/** PEP 3149: a memory allocator's `m` until 3.7; before, wide characters. */
function abiFlags(major: number, minor: number, isFreeThreaded: boolean): string {
  if (major === 2) return "mu";
  if (minor < 8) return "m";
  return isFreeThreaded ? "t" : "";
}

const PYTHON = /^py(?:(\d)(\d{1,2})|(\d)\.(\d{1,2})(?:\.(\d{1,3}))?)(t?)$/;

function pythonCalled(
  text: string,
  system: NamedSystem,
  python: string,
): { version: number[]; isFreeThreaded: boolean } {
  const [, major, minor, dottedMajor, dottedMinor, patch, flag = ""] = PYTHON.exec(python) ?? [];
  const name = `${major ?? dottedMajor}.${minor ?? dottedMinor}`;
  const newest = NEWEST_PATCH[name];
  if (newest === undefined) {
    const meant = closest(python, namedPythons());
    const hint = meant === undefined ? `the Pythons are ${sentenceList(namedPythons())}` : `did you mean \`${meant}\`?`;
    throw unknown(text, `there is no Python called \`${escapeControl(python)}\``, hint);
  }
  const full = patch === undefined ? (system.pythons[name] ?? newest) : `${name}.${patch}`;
  const version = full.split(".").map(Number);
  const isFreeThreaded = flag === "t";
  if (isFreeThreaded && (version[0] !== 3 || (version[1] ?? 0) < 13)) {
    throw unknown(text, `Python ${name} has no free-threaded build`, "leave out the `t`, or take py313t or newer");
  }
  return { version, isFreeThreaded };
}

/** The processor as the tags of that system spell it. */
function machineCalled(text: string, system: NamedSystem, machine: string): string {
  const called = system.machines[MACHINE_ALIASES[machine] ?? machine];
  if (called !== undefined) return called;
  const offered = sentenceList(
    Object.keys(system.machines).map((each) => `\`${each}\``),
    "or",
  );
  throw unknown(text, `${system.about} has no processor called \`${escapeControl(machine)}\``, `write ${offered}`);
}

function systemCalled(name: string): NamedSystem | undefined {
  return SYSTEMS.find((system) => system.name === name);
}

function unknownSystem(text: string, name: string): never {
  const names = SYSTEMS.map((system) => system.name).toSorted(compareOrdinal);
  const meant = closest(name, names);
  const hint =
    meant === undefined
      ? "run `pex --list-targets` to see the names"
      : `did you mean \`${text.replace(name, meant)}\`?`;
  throw unknown(text, `there is no system called \`${escapeControl(name)}\``, hint);
}

function unknown(text: string, reason: string, hint: string): UnknownTarget {
  return new UnknownTarget(`Not a target: ${escapeControl(text)}: ${reason}`, { hint });
}
