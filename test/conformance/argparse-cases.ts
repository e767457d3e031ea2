/** Random command lines over the declared options, and the declarations in a form that an oracle can read. */

import { UsageError } from "../../src/base/errors.ts";
import { optionTable } from "../../src/cli/option-table.ts";
import { turnsOn, type Option } from "../../src/cli/options/option.ts";
import { pexOptions } from "../../src/cli/options/pex-options.ts";
import { parseOptions } from "../../src/cli/parse-options.ts";
import type { SeededRandom } from "../support/seeded-random.ts";

/** What a parser makes of a command line; `null` when it refuses. */
export type Answer =
  | { readonly occurrences: readonly (readonly [number, unknown])[]; readonly words: readonly string[] }
  | "action"
  | "ambiguous"
  | null;

/** Options that upstream has, too: of ours no abbreviation is accepted, which `argparse` cannot express. */
const OPTIONS: readonly Option[] = pexOptions.flatMap((group) => group.options).filter((option) => !option.ours);
const TABLE = optionTable([{ title: "", about: "", options: OPTIONS }]);
const FLAGS = [...TABLE.byFlag.keys()];
const SHORT = FLAGS.filter((flag) => !flag.startsWith("--"));

/** The declarations as JSON. */
export const DECLARATIONS = OPTIONS.map((option) => ({
  flags: option.flags,
  kind: option.kind,
  choices: "choices" in option ? (option.choices ?? null) : null,
  bare: "bare" in option ? option.bare : null,
  on: option.kind === "toggle" ? option.flags.filter((flag) => turnsOn(option, flag)) : null,
  exclusive: option.exclusive ?? null,
}));

/** Our answer. */
export function ours(args: readonly string[]): Answer {
  try {
    const outcome = parseOptions(args, TABLE);
    if (outcome.kind === "action") return "action";
    return {
      occurrences: outcome.occurrences.map(({ option, value }) => [OPTIONS.indexOf(option), value] as const),
      words: outcome.words,
    };
  } catch (error) {
    if (error instanceof UsageError) return error.message.startsWith("Ambiguous") ? "ambiguous" : null;
    throw error;
  }
}

const VALUES = [
  "x",
  "pkg[extra]>=1",
  "3",
  " 5 ",
  "1_0",
  "+7",
  "1.5",
  "-1",
  "-1.5",
  "-.5",
  "-x1",
  "-",
  "",
  "a b",
  "--x y",
  "-o z",
];
const MORE_VALUES = [
  "NAME=VALUE",
  "NAME=",
  "=",
  "NOEQUALS",
  "'a b' c",
  '"',
  "\\",
  "a\\",
  `'"' "\\" \\""`,
  "@file",
  "prepend",
  "args",
  "lazy",
  "none",
];
const UNKNOWN = ["--nope", "--nope=1", "-x", "-x1", "--", "---", "--=", "-=", "-9x="];

/** A command line of up to eight words, most of them nearly right. */
export function randomArguments(random: SeededRandom): string[] {
  return random.times(random.below(8), () => randomWords(random)).flat();
}

function randomWords(random: SeededRandom): string[] {
  const flag = random.pick(FLAGS);
  const choices = TABLE.byFlag.get(flag);
  const value =
    choices && "choices" in choices && choices.choices && random.chance(0.8)
      ? random.pick(choices.choices)
      : random.pick(random.chance(0.5) ? VALUES : MORE_VALUES);
  switch (random.below(12)) {
    case 0:
      return [value];
    case 1:
      return [random.pick(VALUES)];
    case 2:
      return [random.pick(UNKNOWN)];
    case 3:
      return [flag];
    case 4:
      return [`${flag}=${value}`].filter((word) => !/^-[a-zA-Z]=/.test(word) || takesValue(flag));
    case 5:
      return [shortened(random, flag), value];
    case 6:
      return [`${shortened(random, flag)}=${value}`].filter((word) => !/^-[a-zA-Z]=/.test(word) || takesValue(flag));
    case 7:
      return [
        random.pick(SHORT) + random.pick(["", "v", "o", "x", "vo", "vvh", "h", "j3", "v-"]) + random.pick(["", value]),
      ];
    default:
      return takesValue(flag) ? [flag, value] : [flag];
  }
}

function shortened(random: SeededRandom, flag: string): string {
  return flag.startsWith("--") ? flag.slice(0, 3 + random.below(flag.length - 2)) : flag;
}

/** `-v=x` means other things to other versions of Python. */
function takesValue(flag: string): boolean {
  const kind = TABLE.byFlag.get(flag)?.kind;
  return kind === "text" || kind === "integer" || kind === "optional" || kind === "words" || kind === "assignment";
}
