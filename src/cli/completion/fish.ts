/** The script for fish. */

import type { Option } from "../options/option.ts";
import { COMMANDS, completedCommands, valuesOf, type CompletedCommand } from "./completed-commands.ts";

/** What `pex completion fish` prints. */
export function fishCompletion(): string {
  const commands = completedCommands();
  const below = commands.filter(({ path }) => path.includes(" ")).map(({ path }) => quoted(path));
  return `# Completion of ${COMMANDS.join(", ")} for fish, made by \`pex completion fish\`.
function __pexjs_command
    set -l words (commandline -opc)
    set -l command (string replace -r '.*/' '' -- $words[1])
    for word in $words[2..]
        test "$word" = --; and return 1
        contains -- "$command $word" ${below.join(" ")}; and set command "$command $word"
    end
    test "$command" = "$argv"
end
${commands.map(commandLines).join("")}`;
}

function commandLines({ path, subcommands, options }: CompletedCommand): string {
  const [program = ""] = path.split(" ");
  const start = `complete -c ${program} -n ${quoted(`__pexjs_command ${path}`)}`;
  return [
    ...subcommands.map(({ word, about }) => `${start} -f -a ${quoted(word)} -d ${quoted(about)}\n`),
    ...options.map((option) => `${start}${flags(option)}${values(option)} -d ${quoted(option.help)}\n`),
  ].join("");
}

function flags({ flags: all }: Option): string {
  return all.map((flag) => (flag.startsWith("--") ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`)).join("");
}

function values(option: Option): string {
  const choices = valuesOf(option);
  if (choices === "none") return "";
  return choices === "any" ? " -r" : ` -x -a ${quoted(choices.join(" "))}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, "\\$&")}'`;
}
