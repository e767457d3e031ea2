/** `pex3 cache dir`. */

import { resolve } from "node:path";

import { UsageError } from "../../base/errors.ts";
import { writeFileAtomically } from "../../base/fs.ts";
import { expandUser, pexRoot } from "../../base/host.ts";

import { readCommandLine } from "../argv.ts";
import { withConfiguration } from "../config.ts";
import { EXIT_OK } from "../exit-code.ts";
import { optionTable } from "../option-table.ts";
import { globalOptions } from "../options/global.ts";
import type { OptionGroup } from "../options/option.ts";
import type { CommandNode } from "./tree.ts";

const outputOptions: OptionGroup = {
  title: "Options",
  about: "Where the answer goes.",
  options: [
    {
      flags: ["-o", "--output"],
      kind: "text",
      metavar: "FILE",
      status: "works",
      help: "Write to FILE; `-` is standard output.",
    },
  ],
};

export const cacheDir: CommandNode = {
  name: "dir",
  help: "Print the directory of the cache.",
  options: [outputOptions],
  async run(session, args) {
    const table = optionTable([outputOptions, globalOptions]);
    const line = readCommandLine(args, table, session.host.cwd);
    if (line.kind === "action") return { status: EXIT_OK };
    if (line.words.length > 0) throw new UsageError(`Unexpected arguments: ${line.words.join(" ")}`);
    const host = withConfiguration(session.host, line.options.text("--rcfile"));
    const chosen = line.options.text("--pex-root") ?? line.options.text("--cache-dir");
    const root = chosen === undefined ? pexRoot(host) : resolve(host.cwd, expandUser(chosen, host));
    const output = line.options.text("--output") ?? "-";
    if (output === "-") session.stdout.write(`${root}\n`);
    else writeFileAtomically(resolve(host.cwd, output), `${root}\n`);
    return { status: EXIT_OK };
  },
};
