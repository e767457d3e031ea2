/** The refusals of the option parser, with what to type instead. */

import { UsageError } from "../base/errors.ts";
import { closest } from "../base/text.ts";

import { canonicalFlag, displayName, type Option } from "./options/option.ts";

/** @throws UsageError when two of the options exclude each other. */
export function refuseExcluded(options: readonly Option[]): void {
  const groups = new Map<string, Option>();
  for (const option of options) {
    if (option.exclusive === undefined) continue;
    const first = groups.get(option.exclusive) ?? option;
    if (first !== option) {
      throw new UsageError(`Option ${displayName(option)} cannot be combined with: ${displayName(first)}`, {
        hint: `Keep one of the two: there can be only one ${option.exclusive}.`,
      });
    }
    groups.set(option.exclusive, option);
  }
}

/** An option stands without the value that it needs. */
export function missingValue(option: Option, next: string | undefined): UsageError {
  const name = displayName(option);
  if (next === undefined || next === "--") return new UsageError(`Option ${name} needs a value`);
  return new UsageError(`Option ${name} needs a value, and this looks like an option: ${next}`, {
    hint: `If it is the value, write \`${canonicalFlag(option)}=${next}\`.`,
  });
}

/** @param unknown Words that look like options and are none. */
export function unknownOptions(unknown: readonly string[], flags: Iterable<string>): UsageError {
  const [first = ""] = unknown;
  const typed = first.split("=", 1)[0] ?? first;
  const meant = typed.startsWith("--") ? closest(typed, flags) : undefined;
  return new UsageError(`Unknown ${unknown.length === 1 ? "option" : "options"}: ${unknown.join(" ")}`, {
    hint:
      meant === undefined
        ? "`--help` lists the options; arguments for the program stand after `--`."
        : `Did you mean \`${meant}\`?`,
  });
}
