/** The value of one option as it was given. */

import { UsageError } from "../base/errors.ts";
import { assertNever } from "../base/errors.ts";
import { shellWords, UnbalancedQuotes } from "../base/shell-words.ts";
import { closest, sentenceList } from "../base/text.ts";

import { displayName, type IntegerOption, type Option, turnsOn } from "./options/option.ts";

/** Text, a number, on or off, or several words. */
export type OptionValue = string | number | boolean | readonly string[];

/**
 * The value that an option gets.
 *
 * @param flag The full spelling in which it was given.
 * @param text The value given with it, if any.
 * @throws UsageError when the text is no such value.
 */
export function readValue(option: Option, flag: string, text: string | undefined): OptionValue {
  switch (option.kind) {
    case "switch":
    case "action":
      return true;
    case "count":
      return 1;
    case "toggle":
      return turnsOn(option, flag);
    case "integer":
      return readInteger(option, text ?? "");
    case "words":
      return readWords(option, text ?? "");
    case "assignment":
      return readAssignment(option, text ?? "");
    case "optional":
      if (flag.startsWith("--no-")) return false;
      return text === undefined ? option.bare : readChoice(option, option.choices, text);
    case "text":
      return readChoice(option, option.choices, text ?? "");
    default:
      return assertNever(option);
  }
}

const INTEGER = /^[+-]?\d+(?:_\d+)*$/;

function readInteger(option: IntegerOption, text: string): number {
  const digits = text.trim();
  const value = Number(digits.replaceAll("_", ""));
  if (!INTEGER.test(digits) || !Number.isSafeInteger(value)) {
    throw new UsageError(`Option ${displayName(option)} needs a whole number: ${text}`);
  }
  return value;
}

function readAssignment(option: Option, text: string): readonly string[] {
  const equals = text.indexOf("=");
  if (equals === -1)
    throw new UsageError(`Option ${displayName(option)} needs a value of the form NAME=VALUE: ${text}`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

function readChoice(option: Option, choices: readonly string[] | undefined, text: string): string {
  if (choices === undefined || choices.includes(text)) return text;
  const meant = closest(text, choices);
  throw new UsageError(`Option ${displayName(option)} does not know the value: ${text}`, {
    hint: `${meant === undefined ? "" : `Did you mean \`${meant}\`? `}The choices are ${sentenceList(choices)}.`,
  });
}

function readWords(option: Option, text: string): readonly string[] {
  try {
    return shellWords(text).map((word) => word.text);
  } catch (error) {
    if (!(error instanceof UnbalancedQuotes)) throw error;
    throw new UsageError(`Option ${displayName(option)} has an unclosed quote or a trailing backslash: ${text}`, {
      hint: "Close the quote, or protect it with a backslash.",
    });
  }
}
