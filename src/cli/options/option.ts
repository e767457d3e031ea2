/** What an option is: data from which the parser, the help and the reference page are made. */

/**
 * How far an option is built.
 *
 * - `works`: it does what its help says.
 * - `later`: it parses, but asking for anything but its default is answered with `NOT_IMPLEMENTED`.
 * - `accepted`: it parses and changes nothing, as its help says: what it steers elsewhere does not exist here.
 * - `deprecated`: it parses and warns; nothing depends on it.
 */
export type OptionStatus = "works" | "later" | "accepted" | "deprecated";

interface OptionBase {
  /** All spellings; the one that messages and `OptionValues` use is the first long one. */
  readonly flags: readonly string[];
  readonly help: string;
  readonly status: OptionStatus;
  /** Options of one name exclude each other. */
  readonly exclusive?: ExclusiveGroup;
  /** An option of ours that upstream does not have: no abbreviation of it is accepted, so that upstream's keep their meaning. */
  readonly ours?: boolean;
  /** What to use instead, shown when a deprecated option is given. */
  readonly instead?: string;
}

export type ExclusiveGroup = "entry point" | "source of distributions" | "way to run" | "scie entry point";

/** Takes exactly one value. */
export interface TextOption extends OptionBase {
  readonly kind: "text";
  readonly metavar: string;
  readonly choices?: readonly string[];
  readonly default?: string;
  /** Whether giving it again adds a value instead of replacing it. */
  readonly repeat?: boolean;
}

/** Takes one whole number, as Python's `int()` reads it. */
export interface IntegerOption extends OptionBase {
  readonly kind: "integer";
  readonly metavar: string;
  readonly default?: number;
}

/** Takes one value or none. */
export interface OptionalOption extends OptionBase {
  readonly kind: "optional";
  readonly metavar: string;
  readonly choices?: readonly string[];
  readonly default?: string;
  /** What the option means without a value. */
  readonly bare: string;
  /** Whether a value must be joined with `=`, so that the next word is never taken for one. */
  readonly joined?: boolean;
  readonly repeat?: boolean;
}

/** Takes one value that a shell would split into words; may be repeated. */
export interface WordsOption extends OptionBase {
  readonly kind: "words";
  readonly metavar: string;
}

/** Takes `NAME=VALUE`; may be repeated. */
export interface AssignmentOption extends OptionBase {
  readonly kind: "assignment";
  readonly metavar: string;
}

/** Takes no value; on when given. */
export interface SwitchOption extends OptionBase {
  readonly kind: "switch";
}

/** Takes no value; spellings that begin with `--no`, and those in `off`, turn it off. */
export interface ToggleOption extends OptionBase {
  readonly kind: "toggle";
  readonly default?: boolean;
  readonly off?: readonly string[];
}

/** Takes no value; counts how often it is given. */
export interface CountOption extends OptionBase {
  readonly kind: "count";
}

/** Takes no value; ends the parsing and does something else instead. */
export interface ActionOption extends OptionBase {
  readonly kind: "action";
  readonly action: "help" | "version";
}

export type Option =
  | TextOption
  | IntegerOption
  | OptionalOption
  | WordsOption
  | AssignmentOption
  | SwitchOption
  | ToggleOption
  | CountOption
  | ActionOption;

/** Options that stand together in the help. */
export interface OptionGroup {
  readonly title: string;
  readonly about: string;
  readonly options: readonly Option[];
}

/** The spelling that stands for the option: the first long one, else the first. */
export function canonicalFlag(option: Option): string {
  return option.flags.find((flag) => flag.startsWith("--")) ?? option.flags[0] ?? "";
}

/** How messages name an option: `-o/--output-file`. */
export function displayName(option: Option): string {
  const short = option.flags.find((flag) => !flag.startsWith("--"));
  const long = canonicalFlag(option);
  return short === undefined || short === long ? long : `${short}/${long}`;
}

/** Whether this spelling of a toggle turns it on. */
export function turnsOn(option: ToggleOption, flag: string): boolean {
  return !flag.startsWith("--no") && !option.off?.includes(flag);
}

/** The default as the help shows it; `undefined` when there is none to show. */
export function displayDefault(option: Option): string | undefined {
  switch (option.kind) {
    case "toggle":
      return option.default === undefined ? undefined : option.default ? "yes" : "no";
    case "integer":
      return option.default?.toString();
    case "text":
    case "optional":
      return option.default;
    default:
      return undefined;
  }
}
