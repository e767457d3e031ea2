/** What the PEX runs. */

import type { OptionGroup } from "./option.ts";

export const entryPointOptions: OptionGroup = {
  title: "Entry point options",
  about: "What the PEX runs. Without one of -m, -c and --exe it is a Python interpreter.",
  options: [
    {
      flags: ["-m", "-e", "--entry-point"],
      kind: "text",
      metavar: "MODULE[:SYMBOL]",
      exclusive: "entry point",
      status: "works",
      help: "Run a module like `python -m` does, or call a function of a module and exit with its result.",
    },
    {
      flags: ["-c", "--script", "--console-script"],
      kind: "text",
      metavar: "NAME",
      exclusive: "entry point",
      status: "works",
      help: "Run the console script NAME of a distribution in the PEX.",
    },
    {
      flags: ["--exe", "--executable", "--python-script"],
      kind: "text",
      metavar: "FILE",
      exclusive: "entry point",
      status: "works",
      help: "Run a local Python file, which is put into the PEX.",
    },
    {
      flags: ["--pep723", "--enable-script-metadata", "--no-pep723", "--no-enable-script-metadata"],
      kind: "toggle",
      default: true,
      status: "works",
      help: "Whether the metadata block of the --exe file adds its requirements and its Python version.",
    },
    {
      flags: ["--validate-entry-point"],
      kind: "switch",
      status: "works",
      help: "Import what -m or -c names under each local interpreter, and write no PEX if that fails.",
    },
    {
      flags: ["--inject-args"],
      kind: "words",
      metavar: "ARGUMENTS",
      status: "works",
      help: "Arguments that the program always gets before those of its user, split like a shell does. May be repeated.",
    },
    {
      flags: ["--inject-env"],
      kind: "assignment",
      metavar: "NAME=VALUE",
      status: "works",
      help: "An environment variable of the program, unless its user has set it. May be repeated.",
    },
    {
      flags: ["--inject-python-args"],
      kind: "words",
      metavar: "ARGUMENTS",
      status: "works",
      help: "Arguments that the Python interpreter always gets, such as -u. May be repeated.",
    },
    {
      flags: ["--bind-resource-path"],
      kind: "assignment",
      metavar: "NAME=PATH",
      status: "works",
      help: "An environment variable that holds the absolute path of a file inside the PEX. May be repeated.",
    },
  ],
};
