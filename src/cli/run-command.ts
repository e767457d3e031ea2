/** Runs a command to its end; whatever fails is told here, once. */

import { UsageError } from "../base/errors.ts";

import { pexCommand } from "./commands/pex.ts";
import { pex3Command } from "./commands/pex3.ts";
import { pexToolsCommand } from "./commands/pex-tools.ts";
import { exitStatusOf } from "./exit-code.ts";
import { errorJson, renderError } from "./render-error.ts";
import type { Outcome, Session } from "./session.ts";
import { styleFor } from "./style.ts";

export type CommandName = "pex" | "pex3" | "pex-tools";

/** Runs the command and reports its failure; never throws. */
export async function runCommand(name: CommandName, session: Session): Promise<Outcome> {
  try {
    return await start(name, session);
  } catch (error) {
    report(error, name, session);
    return { status: exitStatusOf(error) };
  }
}

async function start(name: CommandName, session: Session): Promise<Outcome> {
  switch (name) {
    case "pex":
      return pexCommand(session);
    case "pex3":
      return pex3Command(session);
    case "pex-tools":
      return pexToolsCommand(session);
    default:
      throw new UsageError(`Unknown command: ${String(name satisfies never)}`);
  }
}

function report(error: unknown, name: CommandName, { args, host, stdout, stderr }: Session): void {
  const dashes = args.indexOf("--");
  const own = dashes === -1 ? args : args.slice(0, dashes);
  if (name === "pex" && own.includes("--json")) {
    stdout.write(errorJson(error));
    return;
  }
  // The settings may be what failed: only what needs no reading is looked at.
  const repeated = own
    .filter((each) => /^-v+$/.test(each))
    .join("")
    .replaceAll("-", "").length;
  const verbosity = Math.max(Number(host.env["PEX_VERBOSE"]) || 0, repeated);
  stderr.write(renderError(error, { style: styleFor(stderr, host.env), verbosity }));
}
