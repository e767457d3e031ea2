/** Options of `pex3 interpreter inspect`. */

import { canonicalFlag, type Option, type OptionGroup } from "../options/option.ts";
import { targetOptions } from "../options/target.ts";

/** What options of a build mean here. */
const SHARED: Readonly<Record<string, string>> = {
  "--python": "Inspect this interpreter: a path, or a name such as python3.12 to look up. May be repeated.",
  "--python-path": "Directories and interpreters to search, separated by `:`, instead of $PATH.",
  "--interpreter-constraint":
    "Inspect the interpreters found that satisfy this, such as `CPython>=3.9,<3.13`. Repeated constraints are alternatives.",
  "--interpreter-selection-strategy": "Which interpreter comes first when several satisfy the constraints.",
};

const own: readonly Option[] = [
  { flags: ["-a", "--all"], kind: "switch", status: "works", help: "All interpreters found, the preferred one first." },
  {
    flags: ["-v", "--verbose"],
    kind: "switch",
    status: "works",
    help: "One JSON object for each, with version, search path and --platform.",
  },
  {
    flags: ["-t", "--tags", "--compatible-tags"],
    kind: "switch",
    status: "works",
    help: "Include the compatible tags, the best first.",
  },
  {
    flags: ["-m", "--markers", "--marker-env", "--marker-environment"],
    kind: "switch",
    status: "works",
    help: "Include the values of the environment markers.",
  },
  { flags: ["-d", "--distributions"], kind: "switch", status: "works", help: "Include the installed distributions." },
  {
    flags: ["-i", "--indent"],
    kind: "integer",
    metavar: "COLUMNS",
    status: "works",
    help: "Indent the JSON by so many columns.",
  },
  {
    flags: ["-o", "--output"],
    kind: "text",
    metavar: "FILE",
    status: "works",
    help: "Write to FILE instead of standard output.",
  },
];

const shared = targetOptions.options.flatMap((option): Option[] => {
  const help = SHARED[canonicalFlag(option)];
  return help === undefined ? [] : [{ ...option, help }];
});

export const interpreterInspectOptions: OptionGroup = {
  title: "Inspect options",
  about: "Which interpreters, and what about them. Without a choice it is the one that a build would use.",
  options: [...own, ...shared],
};
