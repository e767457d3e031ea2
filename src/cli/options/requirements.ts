/** Which distributions are wanted. */

import type { OptionGroup } from "./option.ts";

export const requirementOptions: OptionGroup = {
  title: "Requirement options",
  about: "Which distributions are wanted, beyond the requirements given as plain arguments.",
  options: [
    {
      flags: ["-r", "--requirement", "--requirements", "--with-requirements"],
      kind: "text",
      repeat: true,
      metavar: "FILE",
      status: "works",
      help: "Take requirements from a requirements file: a path, a URL, or `-` for standard input. May be repeated.",
    },
    {
      flags: ["--constraint", "--constraints"],
      kind: "text",
      repeat: true,
      metavar: "FILE",
      status: "works",
      help: "Limit versions by a constraints file (a path or URL), which adds no requirement by itself. May be repeated.",
    },
    {
      flags: ["--project"],
      kind: "text",
      repeat: true,
      metavar: "PATH",
      status: "works",
      help: "Build a local project (a directory, sdist or wheel) and add it with its dependencies. May be repeated.",
    },
    {
      flags: ["--group", "--dependency-group"],
      kind: "text",
      repeat: true,
      metavar: "GROUP[@DIR]",
      status: "works",
      help: "Add a dependency group of the pyproject.toml in DIR or in the current directory. May be repeated.",
    },
    {
      flags: ["--exclude"],
      kind: "text",
      repeat: true,
      metavar: "REQUIREMENT",
      status: "works",
      help: "Leave out distributions that match, and what only they need. The PEX does not ask for them at run time. May be repeated.",
    },
    {
      flags: ["--override"],
      kind: "text",
      repeat: true,
      metavar: "[PROJECT=]REQUIREMENT",
      status: "works",
      help: "Use this requirement wherever a distribution requires that project, now and at run time. May be repeated.",
    },
    {
      flags: ["--requirements-pex"],
      kind: "text",
      repeat: true,
      metavar: "FILE",
      status: "works",
      help: "Add the requirements and all distributions of another PEX, ours or upstream's. May be repeated.",
    },
  ],
};
