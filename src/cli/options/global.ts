/** Options of every command. */

import type { OptionGroup } from "./option.ts";

export const globalOptions: OptionGroup = {
  title: "Global options",
  about: "They mean the same for every command.",
  options: [
    {
      flags: ["-v"],
      kind: "count",
      status: "works",
      help: "Tell on stderr what is done; more of it when repeated (up to -vvv). The variable PEX_VERBOSE wins when it is set.",
    },
    {
      flags: ["-q", "--quiet"],
      kind: "switch",
      status: "works",
      ours: true,
      help: "Show neither progress nor warnings on stderr, only errors.",
    },
    {
      flags: ["--emit-warnings", "--no-emit-warnings"],
      kind: "toggle",
      default: true,
      status: "works",
      help: "Whether the PEX shows its own warnings at run time.",
    },
    {
      flags: ["--pex-root"],
      kind: "text",
      metavar: "DIR",
      status: "works",
      help: "Root of all caches for this command, instead of $PEX_ROOT or the user's cache directory.",
    },
    {
      flags: ["--disable-cache"],
      kind: "switch",
      status: "works",
      help: "Use an empty cache and throw it away at the end.",
    },
    {
      flags: ["--cache-dir"],
      kind: "text",
      metavar: "DIR",
      status: "deprecated",
      instead: "--pex-root",
      help: "The same as --pex-root.",
    },
    {
      flags: ["--tmpdir"],
      kind: "text",
      metavar: "DIR",
      status: "works",
      help: "An existing directory for temporary files, instead of $TMPDIR.",
    },
    {
      flags: ["--rcfile"],
      kind: "text",
      metavar: "FILE",
      status: "works",
      help: "One more file of PEX_* settings; it is read after /etc/pexrc, ~/.pexrc and .pexrc, and wins over them.",
    },
  ],
};
