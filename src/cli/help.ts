/** Help texts, made from the declared options. */

import { displayDefault } from "./options/option.ts";
import type { Option, OptionGroup } from "./options/option.ts";

const WIDTH = 100;
const INDENT = 8;

/** All options of a group, below its title. */
export function groupHelp(group: OptionGroup): string {
  const lines = [`${group.title}:`, ...wrap(words(group.about), 2, 2), ""];
  for (const option of group.options) lines.push(...optionHelp(option));
  return lines.join("\n");
}

function optionHelp(option: Option): string[] {
  return [...wrap(spellings(option).split(/(?<=,) /), 2, 6), ...wrap(words(optionText(option)), INDENT, INDENT)];
}

/** `-o FILE, --output-file FILE`. */
export function spellings(option: Option): string {
  const value = valueText(option);
  return option.flags.map((flag) => (value === "" || takesNoValue(option, flag) ? flag : `${flag}${value}`)).join(", ");
}

/** What the option does, its choices, its default, and whether it works yet. */
export function optionText(option: Option): string {
  const parts = [option.help];
  if ("choices" in option && option.choices) parts.push(`Choices: ${option.choices.join(", ")}.`);
  const standard = displayDefault(option);
  if (standard !== undefined) parts.push(`Default: ${standard}.`);
  if (option.status === "later") parts.push("[not available yet]");
  if (option.status === "deprecated") {
    parts.push(option.instead === undefined ? "[deprecated]" : `[deprecated: use ${option.instead}]`);
  }
  return parts.join(" ");
}

function valueText(option: Option): string {
  switch (option.kind) {
    case "text":
    case "integer":
    case "words":
    case "assignment":
      return ` ${option.metavar}`;
    case "optional":
      return option.joined ? `[=${option.metavar}]` : ` [${option.metavar}]`;
    default:
      return "";
  }
}

function takesNoValue(option: Option, flag: string): boolean {
  return option.kind === "optional" && flag.startsWith("--no-");
}

/** A table of names and what they stand for. */
export function nameTable(rows: readonly (readonly [string, string])[]): string[] {
  const indent = Math.max(...rows.map(([name]) => name.length)) + 4;
  return rows.flatMap(([name, text]) => wrap([name.padEnd(indent - 3), ...words(text)], 2, indent));
}

/** What stands in brackets is not torn apart. */
function words(text: string): string[] {
  return text.split(/ (?![^[]*\])/);
}

/** Words in lines of at most `WIDTH` columns. */
export function wrap(words: readonly string[], firstIndent: number, indent: number): string[] {
  const lines: string[] = [];
  let line = " ".repeat(firstIndent);
  let isEmpty = true;
  for (const word of words) {
    if (!isEmpty && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = " ".repeat(indent);
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}
