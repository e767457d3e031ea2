/** What was asked for, by option. */

import { UsageError } from "../base/errors.ts";

import type { OptionTable } from "./option-table.ts";
import type { OptionValue } from "./option-value.ts";
import { displayName, type Option } from "./options/option.ts";
import type { Occurrence } from "./parse-options.ts";

/** Reads the options that were given; each is named by one of its spellings. */
export class OptionValues {
  readonly #values = new Map<Option, OptionValue[]>();
  readonly #table: OptionTable;

  constructor(occurrences: readonly Occurrence[], table: OptionTable) {
    this.#table = table;
    for (const { option, value } of occurrences) {
      const values = this.#values.get(option);
      if (values) values.push(value);
      else this.#values.set(option, [value]);
    }
  }

  /** The options that were given, in the order of their first appearance. */
  get given(): Iterable<Option> {
    return this.#values.keys();
  }

  has(flag: string): boolean {
    return this.#of(flag).length > 0;
  }

  /** How often it was given. */
  count(flag: string): number {
    return this.#of(flag).length;
  }

  /** The last text given. */
  text(flag: string): string | undefined {
    const value = this.#of(flag).at(-1);
    return typeof value === "string" ? value : undefined;
  }

  /** The same of an option with choices, of which the parser lets no other value through. */
  choice<Choice extends string>(flag: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.text(flag);
    return choices.find((choice) => choice === value);
  }

  /** The last number given, at least `minimum`. @throws UsageError when it is smaller. */
  integer(flag: string, minimum: number): number | undefined {
    const value = this.#of(flag).at(-1);
    if (typeof value !== "number") return undefined;
    if (value < minimum) throw new UsageError(`Option ${this.#nameOf(flag)} must be at least ${minimum}: ${value}`);
    return value;
  }

  /** Whether it was last turned on or off; `undefined` when it was not given. */
  toggle(flag: string): boolean | undefined {
    const value = this.#of(flag).at(-1);
    return typeof value === "boolean" ? value : undefined;
  }

  /** All texts and words given; `undefined` when none was. */
  list(flag: string): readonly string[] | undefined {
    const values = this.#of(flag);
    if (values.length === 0) return undefined;
    return values.flatMap((value) => (typeof value === "object" ? value : [String(value)]));
  }

  /** All `NAME=VALUE` pairs given, the last of each name; `undefined` when there is none. */
  assignments(flag: string): Readonly<Record<string, string>> | undefined {
    const values = this.#of(flag);
    if (values.length === 0) return undefined;
    return Object.fromEntries(
      values.map((value) => (typeof value === "object" ? [value[0] ?? "", value[1] ?? ""] : [])),
    );
  }

  /** The last value given, whatever its type. */
  last(option: Option): OptionValue | undefined {
    return this.#values.get(option)?.at(-1);
  }

  #nameOf(flag: string): string {
    const option = this.#table.byFlag.get(flag);
    return option ? displayName(option) : flag;
  }

  #of(flag: string): readonly OptionValue[] {
    const option = this.#table.byFlag.get(flag);
    if (!option) throw new TypeError(`No such option is declared: ${flag}`);
    return this.#values.get(option) ?? [];
  }
}
