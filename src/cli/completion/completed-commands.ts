/** What can be typed where, as the scripts of all shells need it. */

import { pex3Tree } from "../commands/pex3.ts";
import { pexToolsTree } from "../commands/pex-tools.ts";
import type { CommandNode } from "../commands/tree.ts";
import { globalOptions } from "../options/global.ts";
import type { Option, OptionGroup } from "../options/option.ts";
import { pexOptions } from "../options/pex-options.ts";

/** A command, or a group of commands. */
export interface CompletedCommand {
  /** Such as `pex3 cache prune`; words that are no part of such a path are passed over. */
  readonly path: string;
  readonly subcommands: readonly Word[];
  readonly options: readonly Option[];
}

/** Something to type and what it does. */
export interface Word {
  readonly word: string;
  readonly about: string;
}

/** The names under which the commands are started. */
export const COMMANDS: readonly string[] = ["pex", "pex3", "pex-tools"];

/** All commands that work, those above before those below. */
export function completedCommands(): readonly CompletedCommand[] {
  const pex = { path: "pex", subcommands: [], options: working(pexOptions) };
  return [pex, ...commandsOf(pex3Tree, pex3Tree.name), ...commandsOf(pexToolsTree, pexToolsTree.name)];
}

/** The options of a command with what each spelling does. */
export function optionWords(command: CompletedCommand): readonly Word[] {
  return command.options.flatMap((option) => option.flags.map((word) => ({ word, about: firstSentence(option.help) })));
}

/** Whether the option takes a value, and which. */
export function valuesOf(option: Option): "none" | "any" | readonly string[] {
  if (!("metavar" in option)) return "none";
  return "choices" in option && option.choices ? option.choices : option.kind === "optional" ? "none" : "any";
}

function commandsOf(node: CommandNode, path: string): CompletedCommand[] {
  const children = (node.children ?? []).filter(isThere);
  const subcommands = children.map(({ name, help }) => ({ word: name, about: firstSentence(help) }));
  const options = working([...(node.options ?? []), ...(node.children ? [] : [globalOptions])]);
  return [{ path, subcommands, options }, ...children.flatMap((child) => commandsOf(child, `${path} ${child.name}`))];
}

function isThere(node: CommandNode): boolean {
  return node.run !== undefined || (node.children ?? []).some(isThere);
}

function working(groups: readonly OptionGroup[]): Option[] {
  return [...new Set(groups.flatMap((group) => group.options))].filter((option) => option.status === "works");
}

function firstSentence(text: string): string {
  return text.split(/(?<=\.)\s/, 1)[0] ?? text;
}
