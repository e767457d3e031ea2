/** `pex`: builds a PEX and saves it, or runs it once. */

import { basename, dirname, join, resolve } from "node:path";

import type { BuildRequest, BuildResult } from "../../app/build-request.ts";
import type { AppContext } from "../../app/context.ts";
import { UsageError } from "../../base/errors.ts";
import type { Host } from "../../base/host.ts";
import type { Listener } from "../../base/log.ts";
import { VERSION } from "../../base/product.ts";
import { plural } from "../../base/text.ts";

import { BuildLog } from "../build-log.ts";
import { readCommandLine } from "../argv.ts";
import { readVerbosity, withConfiguration } from "../config.ts";
import { EXIT_OK } from "../exit-code.ts";
import { formatBytes } from "../format-bytes.ts";
import { optionTable } from "../option-table.ts";
import type { OptionValues } from "../option-values.ts";
import { pexOptions } from "../options/pex-options.ts";
import { Progress } from "../progress.ts";
import type { Outcome, Session } from "../session.ts";
import { styleFor } from "../style.ts";
import { deprecationWarnings, refuseUnavailable } from "./availability.ts";
import { printDocumentation } from "./docs.ts";
import { pexHelp } from "./pex-help.ts";
import { bdistForm, seedMode, toBuildRequest } from "./pex-request.ts";
import { formatTargets } from "./target-list.ts";
import { variablesHelp } from "./variables-help.ts";

/** Runs the command. @throws PexError */
export async function pexCommand(session: Session): Promise<Outcome> {
  if (session.args[0] === "completion") {
    const { completionScript } = await import("./completion.ts");
    const script = completionScript(session.args);
    if (script !== undefined) {
      session.stdout.write(script);
      return { status: EXIT_OK };
    }
  }
  const line = readCommandLine(session.args, optionTable(pexOptions), session.host.cwd);
  if (line.kind === "action") {
    session.stdout.write(line.option.action === "version" ? `${VERSION}\n` : pexHelp());
    return { status: EXIT_OK };
  }
  const { options, words, programArguments } = line;
  if (options.has("--help-variables")) {
    session.stdout.write(variablesHelp());
    return { status: EXIT_OK };
  }
  if (options.has("--docs")) return printDocumentation(session);
  if (options.has("--list-targets")) {
    const systems = (await session.loadApplication()).listTargets();
    session.stdout.write(options.has("--json") ? `${JSON.stringify(systems)}\n` : formatTargets(systems));
    return { status: EXIT_OK };
  }
  refuseUnavailable(options);
  const request = toBuildRequest(words, options);
  const named = bdistForm(options);
  const bdist = request.dryRun === true ? undefined : named;
  const isSaved = request.outputFile !== undefined || request.dryRun === true || bdist !== undefined;
  if (options.has("--json") && !isSaved) throw jsonWithoutFile();
  const host = hostFor(session.host, options);
  const progress = progressFor(session, host, options);
  for (const warning of deprecationWarnings(options)) progress.listener(warning);
  const log = logFor(host, options);
  if (!isSaved) return runOnce(session, { host, progress, log, request, programArguments });
  if (programArguments.length > 0) {
    progress.listener({ kind: "warning", text: `Ignored, because nothing is run: -- ${programArguments.join(" ")}` });
  }
  const work = { host, progress, log, request: { ...request, digest: options.has("--json") }, bdist };
  const results = await build(session, work);
  const isVerbose = seedMode(options) === "verbose";
  session.stdout.write(
    options.has("--json")
      ? `${JSON.stringify(bdist ? results : results[0])}\n`
      : results.map((result) => plainResult(request, result, { isVerbose })).join(""),
  );
  return { status: EXIT_OK };
}

function jsonWithoutFile(): UsageError {
  return new UsageError(
    "Option --json needs -o/--output-file, --bdist or --dry-run: without them stdout belongs to the program",
    { hint: "Add `-o FILE`, or leave out `--json`." },
  );
}

/** The host as files of settings and options change it. */
function hostFor(host: Host, options: OptionValues): Host {
  const configured = withConfiguration(host, options.text("--rcfile"));
  const verbosity = options.count("-v");
  const env =
    verbosity > 0 && configured.env["PEX_VERBOSE"] === undefined
      ? { ...configured.env, PEX_VERBOSE: String(verbosity) }
      : configured.env;
  const tmpdir = options.text("--tmpdir");
  if (tmpdir === undefined) return { ...configured, env };
  const tmp = resolve(host.cwd, tmpdir);
  return { ...configured, env: { ...env, TMPDIR: tmp }, tmp };
}

function progressFor(session: Session, host: Host, options: OptionValues): Progress {
  const { stderr } = session;
  return new Progress({
    stderr,
    style: styleFor(stderr, host.env),
    env: host.env,
    quiet: options.has("--quiet"),
    verbosity: readVerbosity(host),
  });
}

function logFor(host: Host, options: OptionValues): BuildLog | undefined {
  const path = options.text("--pip-log");
  return path === undefined ? undefined : new BuildLog(resolve(host.cwd, path));
}

interface Work {
  readonly host: Host;
  readonly progress: Progress;
  readonly log: BuildLog | undefined;
  readonly request: BuildRequest;
  /** When the files are named after a project. */
  readonly bdist?: ReturnType<typeof bdistForm>;
}

async function build(session: Session, work: Work): Promise<readonly BuildResult[]> {
  const { progress, request, bdist } = work;
  try {
    const results = await session.interruptible(async (signal) => {
      const application = await session.loadApplication();
      const context = contextOf(work, signal);
      return bdist
        ? application.bdistPex({ ...request, ...bdist }, context)
        : [await application.buildPex(request, context)];
    });
    progress.stop();
    for (const result of progress.isLive ? results : []) {
      session.stderr.write(`${summary(result, progress.elapsed)}\n`);
    }
    return results;
  } finally {
    endBuild(work);
  }
}

/** What is told of the build has been told. */
function endBuild({ progress, log }: Work): void {
  progress.stop();
  if (log === undefined) return;
  log.save();
  progress.listener({ kind: "step", level: 1, text: `the log of this build is ${log.path}` });
}

async function runOnce(
  session: Session,
  work: Work & { readonly programArguments: readonly string[] },
): Promise<Outcome> {
  const run = await session
    .interruptible(async (signal) => {
      const application = await session.loadApplication();
      return application.prepareEphemeral(work.request, work.programArguments, contextOf(work, signal));
    })
    .finally(() => endBuild(work));
  try {
    return await session.runChild(run);
  } finally {
    run.cleanup();
  }
}

function contextOf({ host, progress, log }: Work, signal: AbortSignal): AppContext {
  const onEvent: Listener = (event) => {
    log?.listener(event);
    progress.listener(event);
  };
  return { host, signal, onEvent };
}

/**
 * The path as the user typed it, whole where the project named it; or the distributions of a dry run as lines that `-r` reads; with --seed, what starts
 * the PEX from the cache.
 */
function plainResult(
  request: BuildRequest,
  result: BuildResult,
  { isVerbose }: { readonly isVerbose: boolean },
): string {
  if (result.path === undefined) {
    return result.distributions.map(({ project, version }) => `${project}==${version}\n`).join("");
  }
  const typed = request.outputFile ?? result.path;
  const shown = typed.includes("{platform}") ? join(dirname(typed), basename(result.path)) : typed;
  if (result.seeded === undefined) return `${shown}\n`;
  const { pexRoot, python, pex } = result.seeded;
  return isVerbose ? `${spacedJson({ seeded_from: shown, pex_root: pexRoot, python, pex })}\n` : `${pex}\n`;
}

/** As Python prints JSON: those who read it with a pattern may have counted on its blanks. */
function spacedJson(values: Readonly<Record<string, string>>): string {
  const fields = Object.entries(values).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  return `{${fields.join(", ")}}`;
}

function summary(result: BuildResult, milliseconds: number): string {
  const count = plural(result.distributions.length, "distribution");
  const seconds = `${(milliseconds / 1000).toFixed(2)} s`;
  if (result.path === undefined) return `Resolved ${count} in ${seconds}`;
  return `Built ${basename(result.path)}: ${count}, ${formatBytes(result.size ?? 0)}, in ${seconds}`;
}
