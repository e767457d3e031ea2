/** Reads PEX-INFO of any age and any maker. */

import { type ErrorDetails, PexError } from "../base/errors.ts";

import { parsePlan } from "./activation-plan.ts";
import { parseBeforeArchive } from "./before-archive.ts";
import { isJsonObject, type Json, type JsonObject } from "./canonical-json.ts";
import { DEFAULT_PEX_INFO, type InheritPath, type PexInfo } from "./pex-info.ts";

/** PEX-INFO is not what it must be. */
export class InvalidPexInfo extends PexError {
  readonly code = "INVALID_PEX_INFO";

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { hint: "build the PEX again", ...details });
  }
}

/**
 * The fields of a PEX-INFO: unknown ones are passed over, missing ones have their defaults.
 *
 * @throws InvalidPexInfo when it is no JSON object, or a field has the wrong type.
 */
export function parsePexInfo(text: string): PexInfo {
  const reader = new FieldReader(parseJsonObject(text));
  const venv = reader.flag("venv", DEFAULT_PEX_INFO.venv);
  return {
    bindResourcePaths: reader.texts("bind_resource_paths"),
    bootstrapHash: reader.text("bootstrap_hash") ?? "",
    buildProperties: reader.object("build_properties"),
    codeHash: reader.text("code_hash") ?? "",
    depsAreWheelFiles: reader.flag("deps_are_wheel_files", DEFAULT_PEX_INFO.depsAreWheelFiles),
    distributions: reader.texts("distributions"),
    emitWarnings: reader.flag("emit_warnings", DEFAULT_PEX_INFO.emitWarnings),
    entryPoint: reader.text("entry_point"),
    excluded: reader.list("excluded"),
    ignoreErrors: reader.flag("ignore_errors", DEFAULT_PEX_INFO.ignoreErrors),
    includesTools: reader.flag("includes_tools", venv),
    inheritPath: inheritPath(reader),
    injectArgs: reader.list("inject_args"),
    injectEnv: reader.texts("inject_env"),
    injectPythonArgs: reader.list("inject_python_args"),
    interpreterConstraints: reader.list("interpreter_constraints"),
    interpreterSelectionStrategy: reader.choice("interpreter_selection_strategy", ["oldest", "newest"]),
    maxInstallJobs: reader.integer("max_install_jobs", DEFAULT_PEX_INFO.maxInstallJobs),
    overridden: reader.list("overridden"),
    pexHash: reader.text("pex_hash") ?? "",
    pexPaths: pexPaths(reader),
    pexRoot: reader.text("pex_root"),
    requirements: reader.list("requirements"),
    script: reader.text("script"),
    stripPexEnv: reader.flag("strip_pex_env", DEFAULT_PEX_INFO.stripPexEnv),
    venv,
    venvBinPath: reader.choice("venv_bin_path", ["false", "prepend", "append"]),
    venvCopies: reader.flag("venv_copies", DEFAULT_PEX_INFO.venvCopies),
    venvHermeticScripts: reader.flag("venv_hermetic_scripts", DEFAULT_PEX_INFO.venvHermeticScripts),
    venvSitePackagesCopies: reader.flag("venv_site_packages_copies", DEFAULT_PEX_INFO.venvSitePackagesCopies),
    venvSystemSitePackages: reader.flag("venv_system_site_packages", DEFAULT_PEX_INFO.venvSystemSitePackages),
    activationPlan: parsePlan(reader.value("activation_plan")),
    beforeArchive: parseBeforeArchive(reader.value("before_archive")),
  };
}

/** Old files say `true` where new ones say `prefer`. */
function inheritPath(reader: FieldReader): InheritPath {
  const value = reader.value("inherit_path");
  if (typeof value === "boolean") return value ? "prefer" : "false";
  return reader.choice("inherit_path", ["false", "prefer", "fallback"]);
}

/** The newer `pex_paths`, or the older `pex_path`, joined by colons. */
function pexPaths(reader: FieldReader): readonly string[] {
  const paths = reader.list("pex_paths");
  if (paths.length > 0) return paths;
  return (reader.text("pex_path") ?? "").split(":").filter((path) => path !== "");
}

function parseJsonObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidPexInfo("PEX-INFO is not valid JSON", { cause: error });
  }
  if (!isJsonObject(value)) throw new InvalidPexInfo("PEX-INFO is not a JSON object");
  return value;
}

class FieldReader {
  readonly #fields: JsonObject;

  constructor(fields: JsonObject) {
    this.#fields = fields;
  }

  /** The value; `null` counts as missing. */
  value(name: string): Json | undefined {
    return Object.hasOwn(this.#fields, name) ? (this.#fields[name] ?? undefined) : undefined;
  }

  text(name: string): string | undefined {
    return this.#checked(name, "a text", (value) => typeof value === "string");
  }

  flag(name: string, missing: boolean): boolean {
    return this.#checked(name, "true or false", (value) => typeof value === "boolean") ?? missing;
  }

  integer(name: string, missing: number): number {
    return this.#checked(name, "an integer", (value): value is number => Number.isInteger(value)) ?? missing;
  }

  list(name: string): readonly string[] {
    return this.#checked(name, "a list of texts", isTextList) ?? [];
  }

  object(name: string): JsonObject {
    return this.#checked(name, "an object", isJsonObject) ?? {};
  }

  texts(name: string): Readonly<Record<string, string>> {
    return this.#checked(name, "an object of texts", isTextObject) ?? {};
  }

  /** One of the words; the first is what a missing field means. */
  choice<Word extends string>(name: string, words: readonly [Word, ...Word[]]): Word {
    const isWord = (value: unknown): value is Word => words.some((word) => word === value);
    return this.#checked(name, `one of ${words.join(", ")}`, isWord) ?? words[0];
  }

  #checked<Type extends Json>(
    name: string,
    what: string,
    isRight: (value: unknown) => value is Type,
  ): Type | undefined {
    const value = this.value(name);
    if (value === undefined || isRight(value)) return value;
    throw new InvalidPexInfo(`The field ${name} of PEX-INFO is not ${what}: ${JSON.stringify(value)}`);
  }
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function isTextObject(value: unknown): value is Readonly<Record<string, string>> {
  return isJsonObject(value) && Object.values(value).every((each) => typeof each === "string");
}
