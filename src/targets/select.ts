/** Chooses what to build for from what the user said about interpreters. */

import { PexError } from "../base/errors.ts";
import { closest, escapeControl } from "../base/text.ts";
import { markerVariables } from "../standards/marker-environment.ts";

import { findAll, findNamed, interpreterAt, isPath, offeredNames, searchEntries } from "./discovery.ts";
import type { Discovery, SearchContext, SkippedInterpreter } from "./discovery.ts";
import { foreignTargets, foreignWishes } from "./foreign-targets.ts";
import type { ForeignRequest } from "./foreign-targets.ts";
import { parseInterpreterConstraint, satisfiesConstraint } from "./interpreter-constraint.ts";
import type { Interpreter } from "./interpreter.ts";
import { targetOf } from "./target.ts";
import type { Target } from "./target.ts";

/** What the user said. */
export interface TargetRequest {
  /** Paths or names (`--python`). */
  readonly python: readonly string[];
  /** Directories and files separated by `:` (`--python-path`), instead of `PEX_PYTHON_PATH` and `PATH`. */
  readonly pythonPath?: string | undefined;
  /** Alternatives (`--interpreter-constraint`). */
  readonly interpreterConstraints: readonly string[];
  /** Which of the interpreters that satisfy them comes first; default `oldest`. */
  readonly strategy?: "oldest" | "newest" | undefined;
  /** Machines that may be elsewhere (`--platform`, `--complete-platform`). */
  readonly foreign?: ForeignRequest | undefined;
  /** Path or name for when nothing is asked for, instead of `PEXJS_DEFAULT_PYTHON`. */
  readonly defaultPython?: string | undefined;
}

/** No interpreter is called so. */
export class UnknownInterpreter extends PexError {
  readonly code = "UNKNOWN_INTERPRETER";
}

/** There is no interpreter at all, or none that satisfies the constraints. */
export class NoInterpreter extends PexError {
  readonly code = "NO_INTERPRETER";
}

/**
 * One target for each interpreter that is asked for: every `--python`, every interpreter of the search path that satisfies one of the
 * constraints; and one for each platform. Two that accept the same wheels under the same markers are one target. Without a wish it is the
 * default interpreter: `PEXJS_DEFAULT_PYTHON`, else the first working `python3`, else `python`. Platforms alone need no interpreter.
 *
 * @throws UnknownInterpreter, NoInterpreter, BrokenInterpreter, InvalidInterpreterConstraint, UnsatisfiableInterpreterConstraint,
 * InvalidPlatform, InvalidCompletePlatform, UnknownTarget, FileError, UsageError, Cancelled
 */
export async function selectTargets(request: TargetRequest, context: SearchContext): Promise<Target[]> {
  const constraints = request.interpreterConstraints.map(parseInterpreterConstraint);
  const wishes = foreignWishes(request.foreign, context.cwd);
  const entries = entriesOf(request, context);
  const chosen = await namedInterpreters(request.python, entries, context);
  if (constraints.length > 0) {
    const found = await findAll(entries, context);
    const fitting = found.interpreters.filter((each) => constraints.some((one) => satisfiesConstraint(each, one)));
    if (fitting.length === 0)
      throw nothingFits(
        constraints.map((one) => one.text),
        found,
      );
    chosen.push(...byStrategy(fitting, request.strategy ?? "oldest"));
  }
  const foreign = await foreignTargets(wishes, {
    current: async () => chosen[0] ?? (await defaultInterpreter(request, entries, context)),
    local: async () => (await findAll(entries, context)).interpreters,
  });
  if (chosen.length === 0 && foreign.length === 0) chosen.push(await defaultInterpreter(request, entries, context));
  return distinctTargets([...chosen.map(targetOf), ...foreign]);
}

/** The oldest or newest minor version first, of each minor version the newest patch. */
function byStrategy(interpreters: readonly Interpreter[], strategy: "oldest" | "newest"): Interpreter[] {
  const direction = strategy === "oldest" ? 1 : -1;
  return interpreters.toSorted(
    ({ version: [major, minor, patch] }, { version: other }) =>
      direction * (major - other[0] || minor - other[1]) || other[2] - patch,
  );
}

/**
 * Every interpreter of the search path that satisfies one of the constraints, behind those of `--python`; the default one first.
 *
 * @throws as `selectTargets` does
 */
export async function selectAll(request: TargetRequest, context: SearchContext): Promise<Interpreter[]> {
  const constraints = request.interpreterConstraints.map(parseInterpreterConstraint);
  const entries = entriesOf(request, context);
  const named = await namedInterpreters(request.python, entries, context);
  const found = await findAll(entries, context);
  const fitting = found.interpreters.filter(
    (each) => constraints.length === 0 || constraints.some((one) => satisfiesConstraint(each, one)),
  );
  if (named.length + fitting.length === 0) {
    if (constraints.length === 0) return [await defaultInterpreter(request, entries, context)];
    throw nothingFits(
      constraints.map((one) => one.text),
      found,
    );
  }
  const usual = await findNamed("python3", entries, context);
  const preferred = usual.interpreters[0]?.realPath;
  fitting.sort((left, right) => Number(right.realPath === preferred) - Number(left.realPath === preferred));
  const seen = new Set<string>();
  return [...named, ...fitting].filter((each) => !seen.has(each.realPath) && seen.add(each.realPath));
}

/** The interpreter that is used when none is asked for. @throws NoInterpreter, UnknownInterpreter, BrokenInterpreter, Cancelled */
export async function selectDefault(
  request: Pick<TargetRequest, "pythonPath" | "defaultPython">,
  context: SearchContext,
): Promise<Interpreter> {
  return await defaultInterpreter(request, entriesOf(request, context), context);
}

function entriesOf({ pythonPath }: Pick<TargetRequest, "pythonPath">, { env, cwd }: SearchContext): string[] {
  return searchEntries(pythonPath ?? (env["PEX_PYTHON_PATH"] || env["PATH"] || ""), cwd);
}

async function namedInterpreters(
  pythons: readonly string[],
  entries: readonly string[],
  context: SearchContext,
): Promise<Interpreter[]> {
  const named: Interpreter[] = [];
  for (const python of pythons) named.push(await oneInterpreter(python, entries, context));
  return named;
}

async function oneInterpreter(
  python: string,
  entries: readonly string[],
  context: SearchContext,
): Promise<Interpreter> {
  if (isPath(python)) return await interpreterAt(python, context);
  const { interpreters, skipped } = await findNamed(python, entries, context);
  if (interpreters[0]) return interpreters[0];
  const shown = escapeControl(python);
  const meant = closest(python, offeredNames(entries));
  const places =
    entries.length === 0 ? "the search path is empty" : `looked in ${entries.map(escapeControl).join(", ")}`;
  throw new UnknownInterpreter(
    `Cannot find an interpreter called: ${shown}${listing("Skipped because they do not work", skipped)}`,
    {
      hint:
        meant !== undefined && meant !== python
          ? `did you mean \`${escapeControl(meant)}\`? (${places})`
          : `give the path of an interpreter (${places})`,
    },
  );
}

async function defaultInterpreter(
  request: Pick<TargetRequest, "defaultPython">,
  entries: readonly string[],
  context: SearchContext,
): Promise<Interpreter> {
  const wanted = request.defaultPython ?? context.env["PEXJS_DEFAULT_PYTHON"];
  if (wanted) return await oneInterpreter(wanted, entries, context);
  const skipped: SkippedInterpreter[] = [];
  for (const name of ["python3", "python"]) {
    const found = await findNamed(name, entries, context);
    if (found.interpreters[0]) return found.interpreters[0];
    skipped.push(...found.skipped);
  }
  throw new NoInterpreter(
    `Cannot find a working \`python3\` or \`python\` on the search path${listing("Skipped because they do not work", skipped)}`,
    {
      hint: "install Python, or name an interpreter with --python",
    },
  );
}

function nothingFits(constraints: readonly string[], found: Discovery): NoInterpreter {
  const examined = found.interpreters.map((each) => ({
    path: each.path,
    reason: `${each.implementation} ${each.versionText}`,
  }));
  const lists = listing("Examined", examined) + listing("Skipped because they do not work", found.skipped);
  return new NoInterpreter(`No interpreter satisfies: ${constraints.join(" or ")}${lists}`, {
    hint: "install such a Python, or say where it is with --python-path or --python",
  });
}

function listing(title: string, items: readonly SkippedInterpreter[]): string {
  if (items.length === 0) return "";
  const lines = items.map(({ path, reason }) => `\n    ${escapeControl(path)}: ${escapeControl(reason)}`);
  return `\n  ${title}:${lines.join("")}`;
}

function distinctTargets(all: readonly Target[]): Target[] {
  const targets = new Map<string, Target>();
  for (const target of all) {
    const identity = `${target.tags.join()} ${markerVariables.map((name) => target.markers[name]).join("\0")}`;
    if (!targets.has(identity)) targets.set(identity, target);
  }
  return [...targets.values()];
}
