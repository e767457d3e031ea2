/**
 * Builds wheels through the hooks of a project's build backend.
 *
 * @see https://packaging.python.org/en/latest/specifications/pyproject-toml/, PEP 517 "Build backend interface"
 */

import { basename, join } from "node:path";

import { PexError } from "../base/errors.ts";
import { makeDirectory, readText, readTextIfExists, writeFileAtomically } from "../base/fs.ts";
import type { Listener } from "../base/log.ts";
import { run } from "../base/subprocess.ts";
import { escapeControl } from "../base/text.ts";
import type { ConfigSettings } from "../inputs/config-settings.ts";
import type { BuildEnvironment, BuildEnvironments } from "./build-environment.ts";
import { causeIn } from "./build-cause.ts";
import { readBuildSystem, type BuildSystem } from "./build-system.ts";

/** A build backend failed; the message quotes the cause and names the log. */
export class BuildFailed extends PexError {
  readonly code = "BUILD_FAILED";
}

export interface BuildOptions {
  /** What messages call the project, such as `cowsay 5.0`. */
  readonly name: string;
  /** What the backend is told; it knows the keys. */
  readonly settings?: ConfigSettings | undefined;
  /** A directory for requests, results and the wheel; the caller removes it. */
  readonly workspace: string;
  /** Whether the directory of the project is the user's, in which nothing should be left. */
  readonly isInPlace?: boolean | undefined;
  /** Where the output of the backend is kept when the build fails; absolute path of a file. */
  readonly log: string;
  /** Path of `build_hook.py`. */
  readonly hookScript: string;
  readonly onEvent: Listener;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Builds the project in a directory and gives the path of the wheel.
 *
 * @throws BuildFailed, InvalidProject, TomlError, or what making the environment throws
 */
export function buildWheel(project: string, environments: BuildEnvironments, options: BuildOptions): Promise<string> {
  options.onEvent({ kind: "step", level: 1, text: `building ${options.name}` });
  return withBackend(project, { environments, options }, async (call) => {
    const directory = join(options.workspace, "wheel");
    makeDirectory(directory);
    const value = await callHook("build_wheel", [directory], call);
    if (typeof value !== "string" || basename(value) !== value || !value.endsWith(".whl")) {
      throw new BuildFailed(
        `The build backend of ${options.name} did not name a wheel: ${escapeControl(String(value))}`,
      );
    }
    return join(directory, value);
  });
}

/**
 * The METADATA that the wheel of a project will have, which costs less than building it; `undefined` when the backend
 * knows no such hook.
 *
 * @throws as `buildWheel` does
 */
export function prepareMetadata(
  project: string,
  environments: BuildEnvironments,
  options: BuildOptions,
): Promise<string | undefined> {
  options.onEvent({ kind: "step", level: 1, text: `preparing the metadata of ${options.name}` });
  return withBackend(project, { environments, options }, async (call) => {
    const directory = join(options.workspace, "metadata");
    makeDirectory(directory);
    const value = await callHook("prepare_metadata_for_build_wheel", [directory], call);
    if (typeof value !== "string" || basename(value) !== value) return undefined;
    return readTextIfExists(join(directory, value, "METADATA"));
  });
}

interface Call {
  readonly project: string;
  readonly system: BuildSystem;
  readonly environment: BuildEnvironment;
  readonly options: BuildOptions;
}

/** Runs the task with everything installed that the project and its backend want for a build. */
async function withBackend<Value>(
  project: string,
  tools: { readonly environments: BuildEnvironments; readonly options: BuildOptions },
  task: (call: Call) => Promise<Value>,
): Promise<Value> {
  const { environments, options } = tools;
  const system = await readBuildSystem(project, options.name);
  const first = await environments.within(system.requires, options.name, async (environment) => {
    const call = { project, system, environment, options };
    const wanted = await callHook("get_requires_for_build_wheel", [], call);
    const extra = isTextList(wanted) ? wanted : [];
    return extra.length === 0 ? { extra, value: await task(call) } : { extra };
  });
  if ("value" in first && first.extra.length === 0) return first.value;
  const requires = [...system.requires, ...first.extra];
  return environments.within(requires, options.name, (environment) => task({ project, system, environment, options }));
}

/** The value that the hook returned, or `undefined` when the backend has no such hook. */
async function callHook(hook: string, directories: readonly string[], call: Call): Promise<unknown> {
  const { project, system, environment, options } = call;
  const request = join(options.workspace, `${hook}.request.json`);
  const result = join(options.workspace, `${hook}.result.json`);
  const { backend, backendPath } = system;
  // By position, as pip gives them: some backends have names of their own for them.
  const given = options.settings === undefined ? directories : [...directories, options.settings];
  const scratch = options.isInPlace ? join(options.workspace, "scratch") : null;
  writeFileAtomically(request, JSON.stringify({ backend, backend_path: backendPath, hook, arguments: given, scratch }));
  const args = [...environment.args, options.hookScript, request, result];
  const { env } = environment;
  const ended = await run(environment.command, args, { cwd: project, env, signal: options.signal });
  if (ended.status !== 0 || readTextIfExists(result) === undefined) {
    throw failure(hook, `${ended.stdout}${ended.stderr}`, call);
  }
  const answer: unknown = JSON.parse(readText(result));
  return typeof answer === "object" && answer !== null && "value" in answer ? answer.value : undefined;
}

function failure(hook: string, output: string, { environment, options }: Call): BuildFailed {
  writeFileAtomically(options.log, output);
  const cause = causeIn(output);
  const quoted = cause.map((line) => `\n    ${escapeControl(line)}`);
  const module = /^(?:ModuleNotFound|Import)Error: No module named '?([\w.]+)/.exec(cause[0] ?? "")?.[1];
  const log = `the whole output is in ${options.log}`;
  return new BuildFailed(`Building ${options.name} failed in \`${hook}\`:${quoted.join("")}`, {
    hint: module === undefined || !environment.isIsolated ? log : `${undeclared(module)}\n${log}`,
  });
}

function undeclared(module: string): string {
  return (
    `what the project declares for its build does not bring \`${module}\`: ` +
    "install that where the build runs and use --no-build-isolation, or give a wheel with --find-links"
  );
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
