/** What goes into the PEX and where it is put. */

import type { OptionGroup } from "./option.ts";

export const generalOptions: OptionGroup = {
  title: "General options",
  about: "What the PEX is made of, and where it goes.",
  options: [
    { flags: ["-h", "--help"], kind: "action", action: "help", status: "works", help: "Show this text." },
    { flags: ["-V", "--version"], kind: "action", action: "version", status: "works", help: "Show the version." },
    {
      flags: ["-o", "--output-file"],
      kind: "text",
      metavar: "FILE",
      status: "works",
      help:
        "Save the PEX as FILE and print its path. Without this option the PEX is run at once and then deleted. " +
        "`{platform}` in the name is replaced by the tags of the machines it is for.",
    },
    {
      flags: ["--bdist"],
      kind: "switch",
      status: "works",
      ours: true,
      exclusive: "entry point",
      help:
        "Save the PEX as dist/NAME-VERSION.pex, after the one project that --project names. It runs the project's console script " +
        "of the same name, or else is an interpreter.",
    },
    {
      flags: ["--bdist-all"],
      kind: "switch",
      status: "works",
      ours: true,
      help: "With --bdist: one PEX for each console script of the project instead, named like the script.",
    },
    {
      flags: ["--bdist-dir"],
      kind: "text",
      metavar: "DIR",
      status: "works",
      ours: true,
      help: "With --bdist: put what is built into DIR instead of dist.",
    },
    {
      flags: ["--dry-run"],
      kind: "switch",
      status: "works",
      ours: true,
      help: "Resolve, print the distributions that would be packed, and write nothing.",
    },
    {
      flags: ["--json"],
      kind: "switch",
      status: "works",
      ours: true,
      help: "Print the result (path, digest, size, targets, distributions) or the error as JSON. Needs -o, --bdist or --dry-run.",
    },
    {
      flags: ["-D", "--sources-directory"],
      kind: "text",
      repeat: true,
      metavar: "DIR",
      status: "works",
      help: "Put everything below DIR, code and data, at the root of the PEX. May be repeated.",
    },
    {
      flags: ["-R", "--resources-directory"],
      kind: "text",
      repeat: true,
      metavar: "DIR",
      status: "deprecated",
      instead: "-D/--sources-directory",
      help: "The same as -D.",
    },
    {
      flags: ["-P", "--package"],
      kind: "text",
      repeat: true,
      metavar: "PACKAGE[@DIR]",
      status: "works",
      help: "Add a package (`name` or `name.sub`) with everything below it, found in DIR or in the current directory. May be repeated.",
    },
    {
      flags: ["-M", "--module"],
      kind: "text",
      repeat: true,
      metavar: "MODULE[@DIR]",
      status: "works",
      help: "Add one module, found in DIR or in the current directory. May be repeated.",
    },
    {
      flags: ["-p", "--preamble-file"],
      kind: "text",
      metavar: "FILE",
      status: "works",
      help: "Python code to run before anything else whenever the PEX starts, a second time when another interpreter takes over.",
    },
    {
      flags: ["--seed"],
      kind: "optional",
      metavar: "MODE",
      choices: ["none", "args", "verbose"],
      bare: "args",
      default: "none",
      status: "works",
      help:
        "Let the finished PEX unpack itself into the cache, so that its first start is a warm one, and print " +
        "what to start: a path (args, also the bare option) or JSON (verbose). Without -o it means nothing.",
    },
    {
      flags: ["--no-seed"],
      kind: "switch",
      status: "deprecated",
      instead: "--seed=none",
      help: "The same as --seed=none.",
    },
    {
      flags: ["--help-variables"],
      kind: "switch",
      status: "works",
      help: "List the environment variables that steer a PEX at run time.",
    },
    {
      flags: ["--docs", "--help-html"],
      kind: "switch",
      status: "works",
      help: "Print where the documentation of this release lies: the first of its pages, which leads to all others.",
    },
  ],
};
