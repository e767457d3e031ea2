/** Commands that have subcommands: their shape, their help, and the way to the one that was asked for. */

import { NotImplemented, UsageError } from "../../base/errors.ts";
import { VERSION } from "../../base/product.ts";
import { closest, sentenceList } from "../../base/text.ts";

import { EXIT_OK, EXIT_USAGE } from "../exit-code.ts";
import { groupHelp, nameTable } from "../help.ts";
import { globalOptions } from "../options/global.ts";
import type { OptionGroup } from "../options/option.ts";
import type { Outcome, Session } from "../session.ts";

/** A command, or a group of commands when it has `children`. */
export interface CommandNode {
  readonly name: string;
  readonly help: string;
  /** Words that come before the subcommand, such as `PATH`. */
  readonly positional?: string;
  readonly children?: readonly CommandNode[];
  readonly options?: readonly OptionGroup[];
  /** Whether the command itself answers `--help`, because it knows its options. */
  readonly tellsHelp?: boolean;
  /** Does the work; without it the command is not available yet. */
  run?(session: Session, args: readonly string[]): Promise<Outcome>;
}

/**
 * Finds the command that the arguments name and runs it.
 *
 * @throws UsageError for an unknown one; NotImplemented
 */
export async function runTree(root: CommandNode, session: Session): Promise<Outcome> {
  let node = root;
  let path = root.name;
  let args = session.args;
  while (true) {
    if (node.children === undefined) return runLeaf(node, path, { session, args });
    const [first] = args;
    if (first === "-h" || first === "--help") return show(session, treeHelp(node, path));
    if (node === root && (first === "-V" || first === "--version")) return show(session, `${VERSION}\n`);
    if (node.positional !== undefined) {
      if (first === undefined || first.startsWith("-")) throw wrongPlace(node, path, first);
      args = args.slice(1);
      path = `${path} ${node.positional}`;
      if (args[0] === "-h" || args[0] === "--help") return show(session, treeHelp(node, path));
    }
    const [name] = args;
    if (name === undefined) return showUsage(session, node, path);
    node = childOf(node, name, path);
    path = `${path} ${name}`;
    args = args.slice(1);
  }
}

async function runLeaf(
  node: CommandNode,
  path: string,
  { session, args }: { readonly session: Session; readonly args: readonly string[] },
): Promise<Outcome> {
  const dashes = args.indexOf("--");
  const own = dashes === -1 ? args : args.slice(0, dashes);
  const isHelp = own.includes("-h") || own.includes("--help");
  if (isHelp && node.tellsHelp !== true) return show(session, treeHelp(node, path));
  if (!node.run)
    throw new NotImplemented(`Not available yet: ${path}`, { hint: `\`${path} --help\` tells what it will do.` });
  return node.run(session, args);
}

function show(session: Session, text: string): Outcome {
  session.stdout.write(text);
  return { status: EXIT_OK };
}

function showUsage(session: Session, node: CommandNode, path: string): Outcome {
  session.stderr.write(`${usageLine(node, path)}\nerror: a subcommand is required\n`);
  return { status: EXIT_USAGE };
}

function wrongPlace(node: CommandNode, path: string, first: string | undefined): UsageError {
  const what = node.positional ?? "";
  if (first === undefined)
    return new UsageError(`An argument is missing: ${what}`, { hint: `Write \`${path} ${what} COMMAND\`.` });
  return new UsageError(`Unknown option: ${first}`, {
    hint: `Write \`${path} ${what} COMMAND\` first, then its options.`,
  });
}

function childOf(node: CommandNode, name: string, path: string): CommandNode {
  const children = node.children ?? [];
  const child = children.find((each) => each.name === name);
  if (child) return child;
  const names = children.map((each) => each.name);
  const meant = closest(name, names);
  throw new UsageError(`${name.startsWith("-") ? "Unknown option" : "Unknown subcommand"} of ${path}: ${name}`, {
    hint: `${meant === undefined ? "" : `Did you mean \`${meant}\`? `}The subcommands are ${sentenceList(names)}.`,
  });
}

function usageLine(node: CommandNode, path: string): string {
  const before = node.positional !== undefined && !path.endsWith(node.positional) ? ` ${node.positional}` : "";
  return `Usage: ${path}${before} ${node.children ? "COMMAND " : ""}[OPTION…]`;
}

function treeHelp(node: CommandNode, path: string): string {
  const lines = [usageLine(node, path), "", node.help, ""];
  if (node.children) {
    lines.push("Commands:", "");
    lines.push(...nameTable(node.children.map((child) => [child.name, child.help + availability(child)])));
    lines.push("");
  }
  for (const group of node.options ?? []) lines.push(groupHelp(group), "");
  if (!node.children) lines.push(groupHelp(globalOptions), "");
  return lines.join("\n");
}

function availability(node: CommandNode): string {
  const isThere = node.run !== undefined || node.children?.some((child) => availability(child) === "");
  return isThere === true ? "" : " [not available yet]";
}
