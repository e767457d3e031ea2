/** `__main__.py` and `__pex__/__init__.py`: the runtime's templates with the facts of this PEX put in as literals. */

import { compareOrdinal } from "../base/text.ts";

import { planHash } from "./activation-plan.ts";
import type { PexInfo } from "./pex-info.ts";
import { pythonLiteral, type PythonValue } from "./python-literal.ts";

/** How the contents of a PEX are laid out on disk. */
export type PexLayout = "zipapp" | "packed" | "loose";

/** What PEX-INFO does not tell and a start must know. */
export interface BootFacts {
  readonly layout: PexLayout;
  readonly hasCode: boolean;
  /** The name of the sources in the cache. */
  readonly codeKey: string;
  /** The version of pexjs that built the file. */
  readonly version: string;
  /** Whether this is a run without an output file; only the greeting of the REPL differs. */
  readonly ephemeral: boolean;
  /** Stands before everything else in `__main__.py`; the other template has none. */
  readonly preamble?: string | undefined;
  /** What a shell that starts the PEX finds its shorter ways by; empty without `--sh-boot`. */
  readonly shellKey: string;
}

const FORMAT = 1;
const PLACEHOLDER = /^FACTS = .*$/gm;

/** `__main__.py`. */
export function renderMainModule(template: string, info: PexInfo, facts: BootFacts): string {
  const { preamble = "" } = facts;
  return `${preamble}${preamble === "" || preamble.endsWith("\n") ? "" : "\n"}${renderTemplate(template, info, facts)}`;
}

/** A template with its line `FACTS = …` replaced. */
export function renderTemplate(template: string, info: PexInfo, facts: BootFacts): string {
  const found = template.match(PLACEHOLDER)?.length ?? 0;
  if (found !== 1) throw new Error(`A runtime template has ${found} lines \`FACTS = …\` instead of one`);
  return template.replace(PLACEHOLDER, () => `FACTS = ${factsLiteral(startFacts(info, facts))}`);
}

/** What a start knows without reading PEX-INFO, in ordinal order of names. */
export function startFacts(info: PexInfo, facts: BootFacts): Readonly<Record<string, PythonValue>> {
  const values: Readonly<Record<string, PythonValue>> = {
    format: FORMAT,
    pex_hash: info.pexHash,
    bootstrap_hash: info.bootstrapHash,
    code_hash: info.codeHash,
    code_key: facts.codeKey,
    has_code: facts.hasCode,
    deps_hash: info.activationPlan ? planHash(info.activationPlan, [...info.excluded, ...info.overridden]) : "",
    deps_are_wheel_files: info.depsAreWheelFiles,
    layout: facts.layout,
    entry_point: info.entryPoint,
    script: info.script,
    inject_args: info.injectArgs,
    inject_env: sortedPairs(info.injectEnv),
    inject_python_args: info.injectPythonArgs,
    inherit_path: info.inheritPath,
    interpreter_constraints: info.interpreterConstraints,
    pex_root: info.pexRoot,
    strip_pex_env: info.stripPexEnv,
    ignore_errors: info.ignoreErrors,
    emit_warnings: info.emitWarnings,
    max_install_jobs: info.maxInstallJobs,
    pex_path: info.pexPaths,
    venv: info.venv,
    venv_bin_path: info.venvBinPath,
    venv_hermetic_scripts: info.venvHermeticScripts,
    sh_boot: facts.shellKey,
    bind_resource_paths: sortedPairs(info.bindResourcePaths),
    version: facts.version,
    ephemeral: facts.ephemeral,
  };
  return Object.fromEntries(Object.entries(values).toSorted(([left], [right]) => compareOrdinal(left, right)));
}

function factsLiteral(facts: Readonly<Record<string, PythonValue>>): string {
  const lines = Object.entries(facts).map(([key, value]) => `    ${pythonLiteral(key)}: ${pythonLiteral(value)},\n`);
  return `{\n${lines.join("")}}`;
}

function sortedPairs(values: Readonly<Record<string, string>>): (readonly [string, string])[] {
  return Object.entries(values).toSorted(([left], [right]) => compareOrdinal(left, right));
}
