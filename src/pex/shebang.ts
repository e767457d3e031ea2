/** The first line of a PEX: which Python a shell starts it with. */

import { UsageError } from "../base/errors.ts";
import { escapeControl } from "../base/text.ts";
import type { Target } from "../targets/target.ts";

import { pythonNames } from "./python-names.ts";
import { parsePythonShebang, type ShellBoot } from "./shell-boot.ts";

/** The line, and what the user should know about it. */
export interface ShebangChoice {
  /** Begins with `#!`, has no line break. */
  readonly line: string;
  /** Set when the targets do not agree on one Python. */
  readonly warning: string | undefined;
  readonly hint: string | undefined;
}

/**
 * The user's own text, else the one Python that all targets mean, such as `#!/usr/bin/env python3.11`; else that of the
 * first target, with a warning.
 *
 * @param text From `--python-shebang`, with or without `#!`.
 * @throws UsageError when the text has more than one line, or is empty.
 */
export function chooseShebang(targets: readonly Target[], text?: string): ShebangChoice {
  if (text !== undefined) return { line: givenLine(text), warning: undefined, hint: undefined };
  const names = targets.map(commandName);
  const line = `#!/usr/bin/env ${names[0] ?? "python3"}`;
  if (new Set(names).size < 2) return { line, warning: undefined, hint: undefined };
  const list = targets.map((target) => `  ${target.description}`).toSorted();
  return {
    line,
    warning: `Could not calculate a targeted shebang for:\n${list.join("\n")}\nUsing shebang: ${line}`,
    hint: "choose one with --python-shebang if this is not appropriate",
  };
}

/**
 * The Pythons that a shell looks for: the one of `--python-shebang` first, then those of the targets, then all others.
 *
 * @throws UsageError when a shell cannot do what the text says.
 */
export function chooseShellBoot(
  targets: readonly Target[],
  from: { readonly text?: string | undefined; readonly constraints: readonly string[] },
): ShellBoot {
  const given = from.text === undefined ? undefined : parsePythonShebang(givenLine(from.text));
  const first = [...(given?.name === undefined ? [] : [given.name]), ...targets.map(commandName)];
  return { python: given?.python, options: given?.options ?? [], names: pythonNames(first, from.constraints) };
}

function givenLine(text: string): string {
  const line = text.startsWith("#!") ? text : `#!${text}`;
  if (line.trim() === "#!" || /[\n\r\0]/.test(line)) {
    throw new UsageError(`Not a shebang line: ${escapeControl(text)}`, {
      hint: "give --python-shebang one line such as `/usr/bin/env python3.11`",
    });
  }
  return line;
}

/** The command that starts the Python of a target. */
function commandName(target: Target): string {
  if (target.interpreter) return target.interpreter.shebangName;
  const family = target.markers.platform_python_implementation === "PyPy" ? "pypy" : "python";
  const [major, minor] = target.pythonVersion.release;
  return minor === undefined ? `${family}${major ?? 3}` : `${family}${major ?? 3}.${minor}`;
}
