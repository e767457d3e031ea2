/** From options to a `BuildRequest`. */

import type { BdistRequest } from "../../app/bdist-pex.ts";
import type { BuildRequest } from "../../app/build-request.ts";
import { UsageError } from "../../base/errors.ts";

import type { OptionValues } from "../option-values.ts";

/** @throws UsageError for values that are out of range. */
export function toBuildRequest(requirements: readonly string[], options: OptionValues): BuildRequest {
  const sources = [...(options.list("--sources-directory") ?? []), ...(options.list("--resources-directory") ?? [])];
  return defined({
    requirements,
    projects: options.list("--project"),
    groups: options.list("--group"),
    requirementsFiles: options.list("--requirement"),
    constraintsFiles: options.list("--constraint"),
    excludes: options.list("--exclude"),
    overrides: options.list("--override"),
    outputFile: options.text("--output-file"),
    sourcesDirectories: sources.length > 0 ? sources : undefined,
    packages: options.list("--package"),
    modules: options.list("--module"),
    entryPoint: options.text("--entry-point"),
    script: options.text("--script"),
    validateEntryPoint: options.toggle("--validate-entry-point"),
    executable: options.text("--exe"),
    pep723: options.toggle("--pep723"),
    injectArgs: options.list("--inject-args"),
    injectEnv: variables(options, "--inject-env"),
    injectPythonArgs: options.list("--inject-python-args"),
    bindResourcePaths: variables(options, "--bind-resource-path"),
    pexPath: pexPath(options),
    preambleFile: options.text("--preamble-file"),
    includeTools: options.toggle("--include-tools"),
    ...targetPart(options),
    ...indexPart(options),
    layout: options.choice("--layout", ["zipapp", "packed", "loose"]),
    preInstallWheels: options.toggle("--pre-install-wheels"),
    compress: options.toggle("--compress"),
    check: options.choice("--check", ["none", "warn", "error"]),
    compile: options.toggle("--compile"),
    useSystemTime: options.toggle("--use-system-time"),
    maxInstallJobs: options.integer("--max-install-jobs", -1),
    buildProperties: options.text("--build-properties"),
    buildProperty: options.list("--build-property"),
    recordGitState: options.toggle("--record-git-state"),
    ignoreErrors: options.toggle("--ignore-errors"),
    inheritPath: options.choice("--inherit-path", ["false", "prefer", "fallback"]),
    emitWarnings: options.toggle("--emit-warnings"),
    runtimePexRoot: options.text("--runtime-pex-root"),
    stripPexEnv: options.toggle("--strip-pex-env"),
    ...venvPart(options),
    pexRoot: options.text("--pex-root") ?? options.text("--cache-dir"),
    disableCache: options.toggle("--disable-cache"),
    tmpdir: options.text("--tmpdir"),
    jobs: options.integer("--jobs", 1),
    seed: seedMode(options) === "none" ? undefined : true,
    dryRun: options.toggle("--dry-run"),
  });
}

/** What is asked of the files that are named after a project; `undefined` when none are. @throws UsageError */
export function bdistForm(options: OptionValues): Pick<BdistRequest, "all" | "directory"> | undefined {
  if (!options.has("--bdist")) {
    const stray = ["--bdist-all", "--bdist-dir"].find((flag) => options.has(flag));
    if (stray !== undefined) throw new UsageError(`Option ${stray} needs --bdist`, { hint: "Add `--bdist`." });
    return undefined;
  }
  if (options.has("--output-file")) {
    throw new UsageError("Option -o/--output-file cannot be combined with: --bdist", {
      hint: "Leave one of the two out: the project names the file; --bdist-dir says where it is put.",
    });
  }
  return defined({ all: options.has("--bdist-all"), directory: options.text("--bdist-dir") });
}

/** How the result of seeding is printed. */
export function seedMode(options: OptionValues): "none" | "args" | "verbose" {
  return options.choice("--seed", ["args", "verbose"]) ?? "none";
}

function targetPart(options: OptionValues) {
  return {
    python: options.list("--python"),
    pythonPath: options.text("--python-path"),
    interpreterConstraints: options.list("--interpreter-constraint"),
    platforms: options.list("--platform"),
    completePlatforms: options.list("--complete-platform"),
    namedTargets: options.list("--target"),
    manylinux: options.toggle("--manylinux") === false ? (false as const) : options.text("--manylinux"),
    resolveLocalPlatforms: options.toggle("--resolve-local-platforms"),
    interpreterSelectionStrategy: options.choice("--interpreter-selection-strategy", ["oldest", "newest"]),
    pythonShebang: options.text("--python-shebang"),
    shBoot: options.toggle("--sh-boot"),
  };
}

function indexPart(options: OptionValues) {
  return {
    defaultIndex: options.toggle("--pypi"),
    indexes: options.list("--index"),
    findLinks: options.list("--find-links"),
    sources: options.list("--source"),
    deriveSources: options.toggle("--derive-sources-from-requirements-files"),
    pexRepository: options.text("--pex-repository"),
    venvRepositories: options.list("--venv-repository"),
    requirementsPexes: options.list("--requirements-pex"),
    preResolvedDists: options.list("--pre-resolved-dist"),
    usePipConfig: options.toggle("--use-pip-config"),
    prereleases: options.toggle("--pre"),
    wheels: options.toggle("--wheel"),
    builds: options.toggle("--build"),
    onlyWheels: options.list("--only-wheel"),
    onlyBuilds: options.list("--only-build"),
    preferWheels: options.toggle("--prefer-wheel"),
    buildIsolation: options.toggle("--build-isolation"),
    transitive: options.toggle("--transitive"),
    offline: options.toggle("--offline"),
    refresh: options.list("--refresh"),
    uploadedPriorTo: options.text("--uploaded-prior-to"),
    retries: options.integer("--retries", 0),
    timeout: options.integer("--timeout", 1),
    resumeRetries: options.integer("--resume-retries", 0),
    proxy: options.text("--proxy"),
    cert: options.text("--cert"),
    clientCert: options.text("--client-cert"),
    keyringProvider: options.choice("--keyring-provider", ["auto", "disabled", "import", "subprocess"]),
  };
}

/** `NAME=VALUE` pairs of an option. */
function variables(options: OptionValues, flag: string): Readonly<Record<string, string>> | undefined {
  const values = options.assignments(flag);
  if (values && "" in values) {
    throw new UsageError(`Option ${flag} needs a name before the \`=\`: =${values[""] ?? ""}`);
  }
  return values;
}

function pexPath(options: OptionValues): readonly string[] | undefined {
  return options
    .text("--pex-path")
    ?.split(":")
    .filter((path) => path !== "");
}

function venvPart(options: OptionValues) {
  return {
    venv: options.choice("--venv", ["false", "prepend", "append"]),
    venvCopies: options.toggle("--venv-copies"),
    venvSitePackagesCopies: options.toggle("--venv-site-packages-copies"),
    venvSystemSitePackages: options.toggle("--venv-system-site-packages"),
    nonHermeticVenvScripts: options.toggle("--non-hermetic-venv-scripts"),
  };
}

type Defined<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

/** The record without its undefined fields. */
function defined<Fields extends object>(fields: Fields): Defined<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<Fields>;
}
