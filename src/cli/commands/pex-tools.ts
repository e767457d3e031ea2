/** `pex-tools`: looks into a PEX file and takes it apart. */

import type { Outcome, Session } from "../session.ts";
import { type CommandNode, runTree } from "./tree.ts";

/** The tools are the runtime's, written in Python: they read their arguments and tell their help themselves. */
const tool = { run: runTool, tellsHelp: true } as const;

export const pexToolsTree: CommandNode = {
  name: "pex-tools",
  help: "Look into the PEX file at PATH, and take it apart. `PATH COMMAND --help` tells the options.",
  positional: "PATH",
  children: [
    { name: "info", help: "Print the PEX-INFO of the file.", ...tool },
    { name: "interpreter", help: "Print the path of the interpreter that the file would run under.", ...tool },
    { name: "graph", help: "Print the graph of its distributions in the language of Graphviz.", ...tool },
    {
      name: "repository",
      help: "List its distributions, or extract them.",
      children: [
        { name: "info", help: "List them.", ...tool },
        { name: "extract", help: "Write them as wheels into a directory.", ...tool },
      ],
    },
    { name: "extract", help: "Short for `repository extract`.", ...tool },
    { name: "venv", help: "Make a virtual environment from the file.", ...tool },
  ],
};

/** Runs the command. @throws PexError */
export function pexToolsCommand(session: Session): Promise<Outcome> {
  return runTree(pexToolsTree, session);
}

async function runTool({ args, host, ...session }: Session): Promise<Outcome> {
  const [path = "", ...words] = args;
  const child = await session.interruptible(async (signal) => {
    const application = await session.loadApplication();
    return application.prepareTools(path, words, { host, signal, onEvent: () => {} });
  });
  return session.runChild(child);
}
