/** `pex --help-variables`: what steers a PEX when it runs, from the one table that the runtime itself reads. */

import { readText } from "../../base/fs.ts";
import { packagePath } from "../../base/installation.ts";

import { wrap } from "../help.ts";

/** A variable that a PEX obeys. */
export interface RuntimeVariable {
  readonly name: string;
  /** What its value looks like; `undefined` when it has no effect (any more, or yet). */
  readonly type: string | undefined;
  readonly standard: string | undefined;
  readonly help: string;
}

/** The whole text, with a final newline. */
export function variablesHelp(): string {
  const table = readText(packagePath("python", "runtime", "pexjs_runtime", "settings.py"));
  const blocks = parseRuntimeVariables(table).map((each) => {
    const about = each.type === undefined ? "" : ` (${each.type}${each.standard ? `, default: ${each.standard}` : ""})`;
    return [`  ${each.name}${about}`, ...wrap(each.help.split(" "), 8, 8)].join("\n");
  });
  return `${INTRODUCTION}\n\n${blocks.join("\n")}\n`;
}

const INTRODUCTION = `Environment variables that steer a PEX when it runs:

  They may also stand as lines NAME=VALUE in /etc/pexrc, in ~/.pexrc, and in a .pexrc beside the PEX.
  Later files win over earlier ones, the environment wins over all of them.`;

const ROW = /^ {4}\("(PEX\w*)", "([^"]*)", (None|False|\d+|"[^"]*"), "([^"]*)"\),$/;
const WORDS: Readonly<Record<string, string>> = {
  boolean: "0, 1, true or false",
  paths: "paths separated by `:`",
  integer: "a number",
  "integer >= -1": "a number from -1",
  output: "set for the program",
};

/** @throws Error when the table has a row that is no row. */
export function parseRuntimeVariables(settings: string): readonly RuntimeVariable[] {
  const [, table = ""] = settings.split("\nTABLE = (\n", 2);
  const rows = table.slice(0, table.indexOf("\n)\n")).split("\n");
  return rows.map((row) => {
    const [, name, kind = "", standard = "", help = ""] = ROW.exec(row) ?? [];
    if (name === undefined) throw new Error(`This is no row of the table of variables: ${row}`);
    const type = kind === "past" ? undefined : (WORDS[kind] ?? kind.replaceAll("|", ", "));
    return { name, type, standard: defaultText(standard), help };
  });
}

function defaultText(literal: string): string | undefined {
  if (literal === "None") return undefined;
  return literal === "False" ? "0" : literal.replaceAll('"', "");
}
