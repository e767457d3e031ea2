/** `pex3`: the commands beyond building a PEX. */

import type { Outcome, Session } from "../session.ts";
import { cacheInfo, cachePrune, cachePurge } from "./cache-clean.ts";
import { cacheDir } from "./cache-dir.ts";
import { docs } from "./docs.ts";
import { interpreterInspect } from "./interpreter-inspect.ts";
import { type CommandNode, runTree } from "./tree.ts";

export const pex3Tree: CommandNode = {
  name: "pex3",
  help: "Commands around PEX files: lock files, virtual environments, interpreters, the cache.",
  children: [
    {
      name: "cache",
      help: "Look into the cache, and clean it.",
      children: [cacheDir, cacheInfo, cachePrune, cachePurge],
    },
    docs,
    { name: "download", help: "Download distributions into a directory." },
    {
      name: "interpreter",
      help: "Look at Python interpreters.",
      children: [interpreterInspect],
    },
    {
      name: "lock",
      help: "Make and use lock files.",
      children: [
        { name: "create", help: "Resolve requirements and write a lock file." },
        { name: "subset", help: "Write a lock file with a part of another one." },
        { name: "export", help: "Translate a lock file for one target into another format." },
        { name: "export-subset", help: "Translate a part of a lock file." },
        { name: "update", help: "Change versions in a lock file." },
        { name: "sync", help: "Bring a lock file, and a virtual environment, up to date." },
      ],
    },
    { name: "run", help: "Run a tool from an index, a project or a script in an environment that is kept." },
    {
      name: "scie",
      help: "Native executables from PEX files.",
      children: [{ name: "create", help: "Make native executables from an existing PEX." }],
    },
    {
      name: "venv",
      help: "Virtual environments.",
      children: [
        { name: "create", help: "Make a virtual environment from requirements or a PEX." },
        { name: "inspect", help: "Tell what a virtual environment holds." },
      ],
    },
    { name: "wheel", help: "Build wheels into a directory." },
  ],
};

/** Runs the command. @throws PexError */
export function pex3Command(session: Session): Promise<Outcome> {
  return runTree(pex3Tree, session);
}
