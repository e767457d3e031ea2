/**
 * Reads a command line as Python's `argparse` does with the same declarations, options and words in any order
 * (`ArgumentParser.parse_intermixed_args`).
 *
 * The rules that matter, all tested against `argparse` itself: an option's value is the next word, never something that looks
 * like an option; `-1` and words with a blank are words; long options may be abbreviated while that is unambiguous; short
 * ones may be joined (`-vofile`).
 */

import { UsageError } from "../base/errors.ts";
import { sentenceList } from "../base/text.ts";

import { missingValue, refuseExcluded, unknownOptions } from "./argument-faults.ts";
import type { OptionTable } from "./option-table.ts";
import { readValue, type OptionValue } from "./option-value.ts";
import { type ActionOption, displayName, type Option } from "./options/option.ts";

/** One option as it was given. */
export interface Occurrence {
  readonly option: Option;
  /** The full spelling of what was typed. */
  readonly flag: string;
  readonly value: OptionValue;
}

export type ParseOutcome =
  | { readonly kind: "options"; readonly occurrences: readonly Occurrence[]; readonly words: readonly string[] }
  | { readonly kind: "action"; readonly option: ActionOption };

/** @throws UsageError for anything that `argparse` would refuse. */
export function parseOptions(args: readonly string[], table: OptionTable): ParseOutcome {
  return new Parser(args, table).parse();
}

type Token =
  | { readonly kind: "word" }
  | { readonly kind: "dashes" }
  | { readonly kind: "unknown" }
  | { readonly kind: "ambiguous"; readonly flags: readonly string[] }
  | { readonly kind: "option"; readonly option: Option; readonly flag: string; readonly attached: string | undefined };

const WORD: Token = { kind: "word" };
const NEGATIVE_NUMBER = /^-(?:\d+|\d*\.\d+)$/;

class Parser {
  readonly #args: readonly string[];
  readonly #table: OptionTable;
  readonly #tokens: readonly Token[];
  readonly #occurrences: Occurrence[] = [];
  readonly #words: string[] = [];
  readonly #unknown: string[] = [];

  constructor(args: readonly string[], table: OptionTable) {
    this.#args = args;
    this.#table = table;
    this.#tokens = classifyAll(args, table);
  }

  parse(): ParseOutcome {
    let at = 0;
    while (at < this.#args.length) {
      const end = this.#endOfWords(at);
      if (end === at) {
        const next = this.#takeOption(at);
        if (typeof next !== "number") return this.#refuseExcluded({ kind: "action", option: next });
        at = next;
      } else {
        this.#words.push(...withoutDashes(this.#args.slice(at, end)));
        at = end;
      }
    }
    if (this.#unknown.length > 0) throw unknownOptions(this.#unknown, this.#table.byFlag.keys());
    return this.#refuseExcluded({ kind: "options", occurrences: this.#occurrences, words: this.#words });
  }

  #refuseExcluded(outcome: ParseOutcome): ParseOutcome {
    refuseExcluded(this.#occurrences.map((each) => each.option));
    return outcome;
  }

  #endOfWords(start: number): number {
    let end = start;
    while (end < this.#tokens.length && isWordOrDashes(this.#tokens[end])) end++;
    return end;
  }

  /** Reads the option at this place; the place after it, or the action that ends the parsing. */
  #takeOption(at: number): number | ActionOption {
    const token = this.#tokens[at];
    const text = this.#args[at] ?? "";
    if (token?.kind === "ambiguous") {
      throw new UsageError(`Ambiguous option: ${text} could mean ${sentenceList(token.flags, "or")}`, {
        hint: "Write the option in full.",
      });
    }
    if (token?.kind !== "option") {
      this.#unknown.push(text);
      return at + 1;
    }
    const cluster = this.#readCluster(token);
    const last = cluster.at(-1) ?? token;
    const value = this.#valueOf(last, at);
    for (const { option, flag } of cluster) {
      if (option.kind === "action") return option;
      this.#add(option, flag, option === last.option ? value : undefined);
    }
    return at + (last.attached === undefined && value !== undefined ? 2 : 1);
  }

  /** Short options without a value may be joined with the next one: `-vofile` is `-v -o file`. */
  #readCluster(first: Spelled): Spelled[] {
    const cluster = [first];
    let last = first;
    while (last.attached !== undefined && takesNoValue(last.option)) {
      const next = nextOfCluster(this.#table, last.flag, last.attached);
      if (!next) throw new UsageError(`Option ${displayName(last.option)} takes no value: ${last.attached}`);
      cluster.push(next);
      last = next;
    }
    return cluster;
  }

  /** The value that stands with the option or behind it; `undefined` when it takes or needs none. */
  #valueOf({ option, attached }: Spelled, at: number): string | undefined {
    if (takesNoValue(option) || attached !== undefined) return attached;
    if (option.kind === "optional" && option.joined === true) return undefined;
    if (this.#tokens[at + 1]?.kind === "word") return this.#args[at + 1];
    if (option.kind !== "optional") throw missingValue(option, this.#args[at + 1]);
    return undefined;
  }

  #add(option: Option, flag: string, text: string | undefined): void {
    this.#occurrences.push({ option, flag, value: readValue(option, flag, text) });
  }
}

function takesNoValue(option: Option): boolean {
  return option.kind === "switch" || option.kind === "toggle" || option.kind === "count" || option.kind === "action";
}

interface Spelled {
  readonly option: Option;
  readonly flag: string;
  readonly attached: string | undefined;
}

function nextOfCluster(table: OptionTable, flag: string, attached: string): Spelled | undefined {
  if (flag.startsWith("--") || attached === "") return undefined;
  const next = `-${attached.charAt(0)}`;
  const option = table.byFlag.get(next);
  return option && { option, flag: next, attached: attached.length > 1 ? attached.slice(1) : undefined };
}

function isWordOrDashes(token: Token | undefined): boolean {
  return token?.kind === "word" || token?.kind === "dashes";
}

function withoutDashes(run: readonly string[]): readonly string[] {
  const at = run.indexOf("--");
  return at === -1 ? run : run.toSpliced(at, 1);
}

function classifyAll(args: readonly string[], table: OptionTable): Token[] {
  const dashes = args.indexOf("--");
  return args.map((text, index) => {
    if (dashes !== -1 && index >= dashes) return index === dashes ? { kind: "dashes" } : WORD;
    return classify(text, table);
  });
}

function classify(text: string, table: OptionTable): Token {
  if (!text.startsWith("-") || text === "-") return WORD;
  const exact = table.byFlag.get(text);
  if (exact) return { kind: "option", option: exact, flag: text, attached: undefined };
  const equals = text.indexOf("=");
  if (equals !== -1) {
    const flag = text.slice(0, equals);
    const option = table.byFlag.get(flag);
    // A short option without a value does not become one of a cluster by `=`: -v=o is no -vo.
    const joint = option && takesNoValue(option) && !flag.startsWith("--") ? equals : equals + 1;
    if (option) return { kind: "option", option, flag, attached: text.slice(joint) };
  }
  return (text.startsWith("--") ? abbreviated(text, equals, table) : joined(text, table)) ?? notAnOption(text);
}

function abbreviated(text: string, equals: number, table: OptionTable): Token | undefined {
  const prefix = equals === -1 ? text : text.slice(0, equals);
  const flags = table.abbreviable.filter((flag) => flag.startsWith(prefix));
  if (flags.length > 1) return { kind: "ambiguous", flags };
  const [flag = ""] = flags;
  const option = table.byFlag.get(flag);
  return option && { kind: "option", option, flag, attached: equals === -1 ? undefined : text.slice(equals + 1) };
}

function joined(text: string, table: OptionTable): Token | undefined {
  const flag = text.slice(0, 2);
  const option = table.byFlag.get(flag);
  return option && { kind: "option", option, flag, attached: text.slice(2) };
}

function notAnOption(text: string): Token {
  return NEGATIVE_NUMBER.test(text) || text.includes(" ") ? WORD : { kind: "unknown" };
}
