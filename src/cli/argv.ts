/** From `process.argv` to options, requirements and the program's own arguments. */

import { resolve } from "node:path";

import { UsageError } from "../base/errors.ts";
import { readText } from "../base/fs.ts";

import { refuseExcluded } from "./argument-faults.ts";
import type { OptionTable } from "./option-table.ts";
import { OptionValues } from "./option-values.ts";
import type { ActionOption, Option } from "./options/option.ts";
import { type Occurrence, parseOptions } from "./parse-options.ts";

export type CommandLine =
  | { readonly kind: "action"; readonly option: ActionOption }
  | {
      readonly kind: "command";
      readonly options: OptionValues;
      readonly words: readonly string[];
      /** What stands after the first `--`. */
      readonly programArguments: readonly string[];
    };

/**
 * Reads a command line as upstream does: everything after the first `--` is the program's; a bare `--inherit-path` means
 * `prefer`; the lines of `@FILE` are a second set of arguments that extends lists and replaces single values.
 *
 * @throws UsageError
 * @throws FileError for an `@FILE` that cannot be read.
 */
export function readCommandLine(args: readonly string[], table: OptionTable, cwd: string): CommandLine {
  const dashes = args.indexOf("--");
  const own = dashes === -1 ? args : args.slice(0, dashes);
  const first = parseOptions(expandInheritPath(own), table);
  if (first.kind === "action") return first;
  const files = first.words.filter((word) => word.startsWith("@"));
  const words = first.words.filter((word) => !word.startsWith("@"));
  let occurrences = first.occurrences;
  if (files.length > 0) {
    const lines = files.flatMap((file) => readArgumentFile(resolve(cwd, file.slice(1))));
    const second = parseOptions(expandInheritPath(lines), table);
    if (second.kind === "action") return second;
    occurrences = merge(occurrences, second.occurrences);
    words.push(...second.words);
  }
  return {
    kind: "command",
    options: new OptionValues(occurrences, table),
    words,
    programArguments: dashes === -1 ? [] : args.slice(dashes + 1),
  };
}

const INHERIT_PATH_CHOICES = new Set(["false", "prefer", "fallback"]);

function expandInheritPath(args: readonly string[]): readonly string[] {
  return args.map((each, index) => {
    if (each !== "--inherit-path") return each;
    const next = args[index + 1] ?? "";
    // Upstream would go and fetch a project of that name.
    if (INHERIT_PATH_CHOICES.has(next)) {
      throw new UsageError(`Option --inherit-path takes its value after \`=\`, and this is a requirement: ${next}`, {
        hint: `Write \`--inherit-path=${next}\`.`,
      });
    }
    return "--inherit-path=prefer";
  });
}

/** One argument on each line; empty lines are none. */
function readArgumentFile(path: string): string[] {
  return readText(path)
    .split(/\r\n|\r|\n/)
    .filter((line) => line !== "");
}

function merge(first: readonly Occurrence[], second: readonly Occurrence[]): Occurrence[] {
  const replaced = new Set<Option>(second.map((each) => each.option).filter((option) => option.kind === "count"));
  const merged = [...first.filter((each) => !replaced.has(each.option)), ...second];
  refuseExcluded(merged.map((each) => each.option));
  return merged;
}
