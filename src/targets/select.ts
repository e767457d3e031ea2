/** Chooses what to build for from what the user said about interpreters. */

import { PexError } from "../base/errors.ts";
import { closest, escapeControl } from "../base/text.ts";
import { markerVariables } from "../standards/marker-environment.ts";

import { findAll, findNamed, interpreterAt, isPath, offeredNames, searchEntries } from "./discovery.ts";
import type { Discovery, SearchContext, SkippedInterpreter } from "./discovery.ts";
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
 * One target for each interpreter that is asked for: every `--python`, and every interpreter of the search path that satisfies one of the
 * constraints. Two that accept the same wheels under the same markers are one target. Without a wish it is the default interpreter: `PEXJS_DEFAULT_PYTHON`, else
 * the first working `python3`, else `python`.
 *
 * @throws UnknownInterpreter, NoInterpreter, BrokenInterpreter, InvalidInterpreterConstraint, UnsatisfiableInterpreterConstraint, Cancelled
 */
export async function selectTargets(request: TargetRequest, context: SearchContext): Promise<Target[]> {
  const constraints = request.interpreterConstraints.map(parseInterpreterConstraint);
  const path = request.pythonPath ?? (context.env["PEX_PYTHON_PATH"] || context.env["PATH"] || "");
  const entries = searchEntries(path, context.cwd);
  const chosen: Interpreter[] = [];
  for (const python of request.python) chosen.push(await oneInterpreter(python, entries, context));
  if (constraints.length > 0) {
    const found = await findAll(entries, context);
    const fitting = found.interpreters.filter((each) => constraints.some((one) => satisfiesConstraint(each, one)));
    if (fitting.length === 0)
      throw nothingFits(
        constraints.map((one) => one.text),
        found,
      );
    chosen.push(...fitting);
  }
  if (chosen.length === 0) chosen.push(await defaultInterpreter(request, entries, context));
  return distinctTargets(chosen);
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
  request: TargetRequest,
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

function distinctTargets(interpreters: readonly Interpreter[]): Target[] {
  const targets = new Map<string, Target>();
  for (const interpreter of interpreters) {
    const identity = `${interpreter.tags.join()} ${markerVariables.map((name) => interpreter.markers[name]).join("\0")}`;
    if (!targets.has(identity)) targets.set(identity, targetOf(interpreter));
  }
  return [...targets.values()];
}
