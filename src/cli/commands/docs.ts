/** `pex --docs` and `pex3 docs`: the pages that ship with this release, as the files that they are. */

import { UsageError } from "../../base/errors.ts";
import { packagePath } from "../../base/installation.ts";

import { readCommandLine } from "../argv.ts";
import { EXIT_OK } from "../exit-code.ts";
import { optionTable } from "../option-table.ts";
import { globalOptions } from "../options/global.ts";
import type { Outcome, Session } from "../session.ts";
import type { CommandNode } from "./tree.ts";

export function printDocumentation(session: Session): Outcome {
  session.stdout.write(`${packagePath("docs", "README.md")}\n`);
  return { status: EXIT_OK };
}

export const docs: CommandNode = {
  name: "docs",
  help: "Print where the documentation of this release lies.",
  options: [],
  async run(session, args) {
    const line = readCommandLine(args, optionTable([globalOptions]), session.host.cwd);
    if (line.kind === "action") return { status: EXIT_OK };
    if (line.words.length > 0) throw new UsageError(`Unexpected arguments: ${line.words.join(" ")}`);
    return printDocumentation(session);
  },
};
