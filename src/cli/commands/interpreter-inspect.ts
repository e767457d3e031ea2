/** `pex3 interpreter inspect`. */

import { resolve } from "node:path";

import type { InspectRequest, InterpreterReport } from "../../app/inspect-interpreter.ts";
import { UsageError } from "../../base/errors.ts";
import { writeFileAtomically } from "../../base/fs.ts";

import { readCommandLine } from "../argv.ts";
import { readVerbosity, withConfiguration } from "../config.ts";
import { EXIT_OK } from "../exit-code.ts";
import { optionTable } from "../option-table.ts";
import type { OptionValues } from "../option-values.ts";
import { globalOptions } from "../options/global.ts";
import { Progress } from "../progress.ts";
import { styleFor } from "../style.ts";
import { deprecationWarnings, refuseUnavailable } from "./availability.ts";
import { interpreterInspectOptions } from "./interpreter-inspect-options.ts";
import type { CommandNode } from "./tree.ts";

export const interpreterInspect: CommandNode = {
  name: "inspect",
  help: "Tell the path, tags and markers of interpreters, in the form that --complete-platform reads.",
  options: [interpreterInspectOptions],
  async run(session, args) {
    // The command's own -v stands for the JSON, not for more lines on stderr.
    const table = optionTable([globalOptions, interpreterInspectOptions]);
    const line = readCommandLine(args, table, session.host.cwd);
    if (line.kind === "action") return { status: EXIT_OK };
    const { options, words } = line;
    if (words.length > 0) throw new UsageError(`Unexpected arguments: ${words.join(" ")}`);
    refuseUnavailable(options);
    const host = withConfiguration(session.host, options.text("--rcfile"));
    const { stderr } = session;
    const progress = new Progress({
      stderr,
      style: styleFor(stderr, host.env),
      env: host.env,
      quiet: options.has("--quiet"),
      verbosity: readVerbosity(host),
    });
    for (const warning of deprecationWarnings(options)) progress.listener(warning);
    const request = requestOf(options);
    const isJson = ["--verbose", "--tags", "--markers", "--distributions"].some((flag) => options.has(flag));
    const indent = options.integer("--indent", 0);
    if (indent !== undefined && !isJson) {
      const text = `Ignoring --indent=${indent} since --verbose mode is not enabled.`;
      progress.listener({ kind: "warning", text });
    }
    const reports = await session
      .interruptible(async (signal) => {
        const application = await session.loadApplication();
        return application.inspectInterpreters(request, { host, signal, onEvent: progress.listener });
      })
      .finally(() => progress.stop());
    const text = reports.map((report) => `${isJson ? jsonOf(report, indent) : report.path}\n`).join("");
    const output = options.text("--output") ?? "-";
    if (output === "-") session.stdout.write(text);
    else writeFileAtomically(resolve(host.cwd, output), text);
    return { status: EXIT_OK };
  },
};

function requestOf(options: OptionValues): InspectRequest {
  const lists = { python: options.list("--python"), interpreterConstraints: options.list("--interpreter-constraint") };
  const texts = {
    pythonPath: options.text("--python-path"),
    pexRoot: options.text("--pex-root") ?? options.text("--cache-dir"),
  };
  const strategy = options.choice("--interpreter-selection-strategy", ["oldest", "newest"]);
  return {
    all: options.has("--all"),
    verbose: options.has("--verbose"),
    tags: options.has("--tags"),
    markers: options.has("--markers"),
    distributions: options.has("--distributions"),
    disableCache: options.has("--disable-cache"),
    ...(lists.python && { python: lists.python }),
    ...(lists.interpreterConstraints && { interpreterConstraints: lists.interpreterConstraints }),
    ...(strategy && { interpreterSelectionStrategy: strategy }),
    ...(texts.pythonPath !== undefined && { pythonPath: texts.pythonPath }),
    ...(texts.pexRoot !== undefined && { pexRoot: texts.pexRoot }),
  };
}

/** One line with a blank behind each comma and colon, as Python writes it, unless indented. */
function jsonOf(report: InterpreterReport, indent: number | undefined): string {
  if (indent !== undefined && indent > 0) return JSON.stringify(report, null, indent);
  // Only the layout has line breaks: those in texts are escaped.
  return JSON.stringify(report, null, 1)
    .replaceAll(/,\n\s*/g, ", ")
    .replaceAll(/\n\s*/g, "");
}
