/** Options of `pex3 interpreter inspect`. */

import type { Option, OptionGroup } from "../options/option.ts";
import { targetOptions } from "../options/target.ts";

const SHARED = ["--python", "--python-path", "--interpreter-constraint", "--interpreter-selection-strategy"];

const own: readonly Option[] = [
  { flags: ["-a", "--all"], kind: "switch", status: "works", help: "All interpreters found, the preferred one first." },
  {
    flags: ["-v", "--verbose"],
    kind: "switch",
    status: "works",
    help: "One JSON object for each, with version and platform.",
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
  { flags: ["-i", "--indent"], kind: "integer", metavar: "COLUMNS", status: "works", help: "Indent the JSON." },
  {
    flags: ["-o", "--output"],
    kind: "text",
    metavar: "FILE",
    status: "works",
    help: "Write to FILE instead of standard output.",
  },
];

export const interpreterInspectOptions: OptionGroup = {
  title: "Inspect options",
  about: "Which interpreters, and what about them.",
  options: [...own, ...targetOptions.options.filter((option) => option.flags.some((flag) => SHARED.includes(flag)))],
};
