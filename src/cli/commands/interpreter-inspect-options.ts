/** Options of `pex3 interpreter inspect`. */

import type { Option, OptionGroup } from "../options/option.ts";
import { targetOptions } from "../options/target.ts";

const SHARED = ["--python", "--python-path", "--interpreter-constraint", "--interpreter-selection-strategy"];

const own: readonly Option[] = [
  { flags: ["-a", "--all"], kind: "switch", status: "later", help: "All interpreters found, the preferred one first." },
  {
    flags: ["-v", "--verbose"],
    kind: "switch",
    status: "later",
    help: "One JSON object for each, with version and platform.",
  },
  {
    flags: ["-t", "--tags", "--compatible-tags"],
    kind: "switch",
    status: "later",
    help: "Include the compatible tags, the best first.",
  },
  {
    flags: ["-m", "--markers", "--marker-env", "--marker-environment"],
    kind: "switch",
    status: "later",
    help: "Include the values of the environment markers.",
  },
  { flags: ["-d", "--distributions"], kind: "switch", status: "later", help: "Include the installed distributions." },
  { flags: ["-i", "--indent"], kind: "integer", metavar: "COLUMNS", status: "later", help: "Indent the JSON." },
  {
    flags: ["-o", "--output"],
    kind: "text",
    metavar: "FILE",
    status: "later",
    help: "Write to FILE instead of standard output.",
  },
];

export const interpreterInspectOptions: OptionGroup = {
  title: "Inspect options",
  about: "Which interpreters, and what about them.",
  options: [...own, ...targetOptions.options.filter((option) => option.flags.some((flag) => SHARED.includes(flag)))],
};
