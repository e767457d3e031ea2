/** PEX-INFO: the JSON file at the root of a PEX that says what is in it and how it runs (upstream's format). */

import { compareOrdinal } from "../base/text.ts";

import { planJson, type ActivationPlan } from "./activation-plan.ts";
import { beforeArchiveJson, type BeforeArchive } from "./before-archive.ts";
import { canonicalJson, type Json, type JsonObject } from "./canonical-json.ts";
import { pexHash } from "./hashes.ts";

/** What is visible of the interpreter's own site-packages. */
export type InheritPath = "false" | "prefer" | "fallback";

/** Every field of PEX-INFO; in the file their names are spelled in snake case. */
export interface PexInfo {
  /** Environment variable to a path relative to a `sys.path` entry, whose absolute path it gets. */
  readonly bindResourcePaths: Readonly<Record<string, string>>;
  readonly bootstrapHash: string;
  readonly buildProperties: JsonObject;
  readonly codeHash: string;
  /** Whether `.deps/` holds wheels as they came from the index, instead of installed trees. */
  readonly depsAreWheelFiles: boolean;
  /** File or directory below `.deps/` to its fingerprint; of a wheel file that is its SHA-256. */
  readonly distributions: Readonly<Record<string, string>>;
  readonly emitWarnings: boolean;
  /** `module` or `module:attribute`. */
  readonly entryPoint: string | undefined;
  readonly excluded: readonly string[];
  readonly ignoreErrors: boolean;
  readonly includesTools: boolean;
  readonly inheritPath: InheritPath;
  readonly injectArgs: readonly string[];
  readonly injectEnv: Readonly<Record<string, string>>;
  readonly injectPythonArgs: readonly string[];
  readonly interpreterConstraints: readonly string[];
  readonly interpreterSelectionStrategy: "oldest" | "newest";
  /** Threads that unpack at the first start; 0 and -1: as many as there are processors. */
  readonly maxInstallJobs: number;
  readonly overridden: readonly string[];
  /** Identity of the PEX; the empty string in an info that is not sealed yet. */
  readonly pexHash: string;
  readonly pexPaths: readonly string[];
  readonly pexRoot: string | undefined;
  /** Root requirements, PEP 508. */
  readonly requirements: readonly string[];
  /** File name of a script in a distribution's `.data/scripts`. */
  readonly script: string | undefined;
  readonly stripPexEnv: boolean;
  readonly venv: boolean;
  readonly venvBinPath: "false" | "prepend" | "append";
  readonly venvCopies: boolean;
  readonly venvHermeticScripts: boolean;
  readonly venvSitePackagesCopies: boolean;
  readonly venvSystemSitePackages: boolean;
  /** Ours alone: other readers pass over it. */
  readonly activationPlan: ActivationPlan | undefined;
  /** Ours alone. */
  readonly beforeArchive: BeforeArchive | undefined;
}

/** What a PEX has when nothing else was asked for. */
export const DEFAULT_PEX_INFO: PexInfo = {
  bindResourcePaths: {},
  bootstrapHash: "",
  buildProperties: {},
  codeHash: "",
  depsAreWheelFiles: false,
  distributions: {},
  emitWarnings: true,
  entryPoint: undefined,
  excluded: [],
  ignoreErrors: false,
  includesTools: false,
  inheritPath: "false",
  injectArgs: [],
  injectEnv: {},
  injectPythonArgs: [],
  interpreterConstraints: [],
  interpreterSelectionStrategy: "oldest",
  maxInstallJobs: 0,
  overridden: [],
  pexHash: "",
  pexPaths: [],
  pexRoot: undefined,
  requirements: [],
  script: undefined,
  stripPexEnv: true,
  venv: false,
  venvBinPath: "false",
  venvCopies: false,
  venvHermeticScripts: true,
  venvSitePackagesCopies: false,
  venvSystemSitePackages: false,
  activationPlan: undefined,
  beforeArchive: undefined,
};

/** The file: compact, keys sorted, no final newline. */
export function formatPexInfo(info: PexInfo): string {
  return canonicalJson({ ...fieldsOf(info), pex_hash: info.pexHash });
}

/** The info with the hash that identifies it. */
export function sealPexInfo(info: PexInfo): PexInfo {
  return { ...info, pexHash: pexHash(canonicalJson(fieldsOf(info))) };
}

function fieldsOf(info: PexInfo): { readonly [field: string]: Json | undefined } {
  const { pexHash: _, activationPlan, beforeArchive, ...plain } = info;
  const fields: Record<string, Json | undefined> = {};
  for (const [key, value] of Object.entries(plain)) fields[snakeCase(key)] = value;
  // The older spelling of `pex_paths`, which upstream's readers still honour.
  fields["pex_path"] = info.pexPaths.join(":");
  if (activationPlan) fields["activation_plan"] = planJson(activationPlan);
  if (beforeArchive) fields["before_archive"] = beforeArchiveJson(beforeArchive);
  for (const field of ["excluded", "overridden", "requirements"] as const) {
    fields[field] = info[field].toSorted(compareOrdinal);
  }
  return fields;
}

function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
