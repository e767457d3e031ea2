/** `pex-tools`: looks into a PEX file and takes it apart. */

import type { Outcome, Session } from "../session.ts";
import { type CommandNode, runTree } from "./tree.ts";

export const pexToolsTree: CommandNode = {
  name: "pex-tools",
  help: "Look into the PEX file at PATH, and take it apart.",
  positional: "PATH",
  children: [
    { name: "info", help: "Print the PEX-INFO of the file." },
    { name: "interpreter", help: "Print the path of the interpreter that the file would run under." },
    { name: "graph", help: "Print the graph of its distributions in the language of Graphviz." },
    {
      name: "repository",
      help: "List its distributions, or extract them.",
      children: [
        { name: "info", help: "List them." },
        { name: "extract", help: "Write them as wheels into a directory." },
      ],
    },
    { name: "venv", help: "Make a virtual environment from the file." },
  ],
};

/** Runs the command. @throws PexError */
export function pexToolsCommand(session: Session): Promise<Outcome> {
  return runTree(pexToolsTree, session);
}
