/** Which interpreters and machines the PEX is for. */

import type { OptionGroup } from "./option.ts";

export const targetOptions: OptionGroup = {
  title: "Target options",
  about: "Which interpreters and machines the PEX is for. Several of them make one PEX that runs on each.",
  options: [
    {
      flags: ["--python"],
      kind: "text",
      repeat: true,
      metavar: "PYTHON",
      status: "works",
      help: "Build for this interpreter: a path, or a name such as python3.12 to look up. May be repeated.",
    },
    {
      flags: ["--python-path"],
      kind: "text",
      metavar: "PATHS",
      status: "works",
      help: "Directories and interpreters to search, separated by `:`, instead of $PATH.",
    },
    {
      flags: ["--interpreter-constraint"],
      kind: "text",
      repeat: true,
      metavar: "CONSTRAINT",
      status: "works",
      help:
        "Build for the interpreters found that satisfy this, such as `CPython>=3.9,<3.13`, and let the PEX run under no other. " +
        "Repeated constraints are alternatives.",
    },
    {
      flags: ["--interpreter-selection-strategy"],
      kind: "text",
      metavar: "STRATEGY",
      choices: ["oldest", "newest"],
      default: "oldest",
      status: "works",
      help: "Which interpreter wins when several satisfy the constraints: for the first line and a run without -o, and when the PEX looks for one.",
    },
    {
      flags: ["--platform", "--abbreviated-platform"],
      kind: "text",
      repeat: true,
      metavar: "PLATFORM",
      status: "works",
      help: "Build for a foreign machine, such as linux_x86_64-cp-311-cp311; `current` is this one. May be repeated.",
    },
    {
      flags: ["--complete-platform"],
      kind: "text",
      repeat: true,
      metavar: "FILE_OR_JSON",
      status: "works",
      help: "Build for a foreign machine described by its markers and tags, or for a named target. May be repeated.",
    },
    {
      flags: ["--target"],
      kind: "text",
      repeat: true,
      metavar: "NAME",
      status: "works",
      help: "Build for a machine by its name, such as debian12-py311 or macos14-arm64-py312; --list-targets lists them. May be repeated.",
    },
    {
      flags: ["--list-targets"],
      kind: "switch",
      status: "works",
      help: "List the named targets.",
    },
    {
      flags: ["--manylinux", "--no-manylinux", "--no-use-manylinux"],
      kind: "optional",
      metavar: "STANDARD",
      bare: "",
      default: "manylinux2014",
      status: "works",
      help: "Which manylinux standard a Linux --platform is taken to support, or none.",
    },
    {
      flags: ["--resolve-local-platforms"],
      kind: "switch",
      status: "works",
      help: "Use an interpreter of this machine for a --platform or --complete-platform that it matches.",
    },
    {
      flags: ["--python-shebang"],
      kind: "text",
      metavar: "TEXT",
      status: "works",
      help: "The first line of the PEX, with or without `#!`.",
    },
    {
      flags: ["--sh-boot", "--no-sh-boot"],
      kind: "toggle",
      default: false,
      status: "works",
      help: "Start the PEX by /bin/sh, which looks for a Python on PATH: the one of --python-shebang and the targets first.",
    },
  ],
};
