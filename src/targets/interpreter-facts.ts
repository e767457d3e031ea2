/** What `python/probes/interpreter_info.py` tells about the Python that runs it. */

import type { MarkerEnvironment } from "../standards/marker-environment.ts";

/** Goes up with every change of the probe's answer, so that older cached answers are not used. */
export const FACTS_FORMAT = 1;

/** What decides about ABI tags. */
export interface AbiFacts {
  /** `py_version_nodot`, such as `311`. */
  readonly versionNodot: string;
  /** `EXT_SUFFIX`; Python 2 has none. */
  readonly extensionSuffix: string | null;
  readonly soabi: string | null;
  readonly debug: boolean;
  readonly freeThreaded: boolean;
  readonly pymalloc: boolean;
  /** Whether a character has four bytes; matters before 3.3. */
  readonly wideUnicode: boolean;
}

/** Header fields of the executable. */
export interface ElfFacts {
  readonly bits: 32 | 64;
  readonly little: boolean;
  /** `e_machine`. */
  readonly machine: number;
  /** `e_flags`. */
  readonly flags: number;
}

/** What decides about platform tags. */
export interface PlatformFacts {
  /** `platform.system()`. */
  readonly system: string;
  /** `sysconfig.get_platform()`, such as `linux-x86_64`. */
  readonly name: string;
  /** Size of a pointer. */
  readonly bits: 32 | 64;
  /** Linux: version of glibc, if that is the C library. */
  readonly glibc?: readonly [number, number] | null;
  /** Linux: version of musl, if that is the C library. */
  readonly musl?: readonly [number, number] | null;
  /** Linux: present where the tags depend on it. */
  readonly elf?: ElfFacts;
  /** Linux: what a `_manylinux` module (PEP 600) forbids, such as `2_17_x86_64`. */
  readonly manylinuxRefused?: readonly string[];
  /** macOS and iOS: version of the system. */
  readonly version?: readonly [number, number];
  /** macOS: such as `arm64`. */
  readonly machine?: string;
  /** iOS: such as `arm64-iphoneos`. */
  readonly multiarch?: string;
  /** Android. */
  readonly apiLevel?: number;
  /** Emscripten: `PYEMSCRIPTEN_PLATFORM_VERSION`. */
  readonly pyemscripten?: string | null;
}

/** The whole answer. */
export interface InterpreterFacts {
  readonly executable: string;
  readonly baseExecutable: string;
  readonly prefix: string;
  readonly basePrefix: string;
  readonly isVenv: boolean;
  readonly implementation: string;
  readonly version: readonly [number, number, number];
  readonly markers: Required<MarkerEnvironment>;
  /** `sysconfig.get_paths()`. */
  readonly paths: Readonly<Record<string, string>>;
  readonly abi: AbiFacts;
  readonly platform: PlatformFacts;
}

/** The probe's answer, or the reason why there is none. */
export type ProbeAnswer =
  | { readonly kind: "facts"; readonly facts: InterpreterFacts }
  | { readonly kind: "failure"; readonly reason: string };

const NO_PYTHON: ProbeAnswer = { kind: "failure", reason: "it does not answer like a Python interpreter" };

/** Reads what the probe printed; noise of wrapper scripts before it does no harm. */
export function parseProbeAnswer(output: string): ProbeAnswer {
  const line = output.trimEnd().split("\n").at(-1) ?? "";
  let answer: Partial<InterpreterFacts & { format: unknown; result: unknown; message: unknown }> | null;
  try {
    answer = JSON.parse(line) as typeof answer;
  } catch {
    return NO_PYTHON;
  }
  if (answer?.format !== FACTS_FORMAT) return NO_PYTHON;
  if (answer.result === "ok") return isWhole(answer) ? { kind: "facts", facts: answer } : NO_PYTHON;
  return {
    kind: "failure",
    reason: typeof answer.message === "string" ? answer.message : "it cannot tell about itself",
  };
}

/** The script is ours, so that it is enough to know that it was the one that answered. */
function isWhole(answer: Partial<InterpreterFacts>): answer is InterpreterFacts {
  const { executable, implementation, version, markers, abi, platform, paths } = answer;
  if (typeof executable !== "string" || typeof implementation !== "string" || !Array.isArray(version)) return false;
  return [markers, abi, platform, paths].every((part) => typeof part === "object" && part !== null);
}
