/** `pex --help`. */

import { groupHelp } from "../help.ts";
import { pexOptions } from "../options/pex-options.ts";

const USAGE = `Usage: pex [REQUIREMENT…] [OPTION…] [-- ARGUMENT…]

Packs Python code and the distributions it requires into one executable file, a PEX. With -o the
file is saved, without it the file is run at once with the ARGUMENTs and then deleted.

  REQUIREMENT
        A project with an optional version, such as 'flask>=3', a URL, or the path of a wheel or a
        project. REQUIREMENTs and options may stand in any order.
  @FILE
        Further arguments, one on each line of FILE; they win over those of the command line.

  pex flask gunicorn -D app -c gunicorn -o service.pex    save an application
  pex cowsay -c cowsay -- -t hello                        run a program once
  pex requests                                            open a Python prompt with requests
  pex completion bash                                     print a script for Tab; also zsh, fish

Long options may be abbreviated as long as it is clear which one is meant.`;

/** The whole help, with a final newline. */
export function pexHelp(): string {
  return `${[USAGE, ...pexOptions.map(groupHelp)].join("\n\n")}\n`;
}
