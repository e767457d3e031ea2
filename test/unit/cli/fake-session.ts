/** A session whose application is a recorder, for commands under test. */

import type { BuildRequest, BuildResult } from "../../../src/app/build-request.ts";
import type { AppContext } from "../../../src/app/context.ts";
import type { PrunedEntry, PruneRequest } from "../../../src/app/prune-cache.ts";
import type { Host } from "../../../src/base/host.ts";
import { type CommandName, runCommand } from "../../../src/cli/run-command.ts";
import type { ChildCommand, Outcome, Output, Session } from "../../../src/cli/session.ts";

const RESULT: BuildResult = {
  path: "/some/where/app.pex",
  sha256: "0".repeat(64),
  size: 1_234_567,
  targets: ["CPython 3.11.7 at /usr/bin/python3.11"],
  distributions: [
    {
      project: "click",
      version: "8.1.7",
      file: "click-8.1.7-py3-none-any.whl",
      sha256: undefined,
      size: 97_941,
      source: undefined,
      built: false,
      requiredBy: ["flask"],
    },
    {
      project: "flask",
      version: "3.0.3",
      file: "flask-3.0.3-py3-none-any.whl",
      sha256: undefined,
      size: 101_735,
      source: undefined,
      built: false,
      requiredBy: [],
    },
  ],
};

const PRUNED: readonly PrunedEntry[] = [
  { kind: "run/sites", name: "a", bytes: 2_000_000, outcome: "removed" },
  { kind: "run/venvs", name: "b", bytes: 1000, outcome: "in use" },
  { kind: "build/wheels", name: "c", bytes: 500, outcome: "kept" },
];
const REPORTS = [{ path: "/usr/bin/python3.11" }, { path: "/usr/bin/python3.9" }];

export interface Ran {
  readonly outcome: Outcome;
  readonly stdout: string;
  readonly stderr: string;
  /** What the application was asked to build. */
  readonly request: BuildRequest | undefined;
  readonly context: AppContext | undefined;
  /** The program that was started. */
  readonly child: ChildCommand | undefined;
  /** Whether the deleted run was deleted. */
  readonly cleanups: number;
  /** What the cache was asked to remove. */
  readonly pruned: PruneRequest | undefined;
}

export interface FakeOptions {
  readonly host?: Partial<Host>;
  /** Replaces the work of the application. */
  readonly build?: (request: BuildRequest, context: AppContext) => Promise<BuildResult>;
  readonly childOutcome?: Outcome;
  readonly isTTY?: boolean;
}

export const HOST: Host = {
  platform: "linux",
  env: {},
  cwd: "/nowhere/cwd",
  home: "/nowhere/home",
  tmp: "/tmp",
  cores: 2,
};

/** Runs a command as a user would type it. */
export async function runFake(name: CommandName, args: readonly string[], options: FakeOptions = {}): Promise<Ran> {
  const written = { stdout: "", stderr: "" };
  const output = (stream: "stdout" | "stderr"): Output => ({
    isTTY: options.isTTY ?? false,
    columns: 80,
    write: (text) => (written[stream] += text),
  });
  let request: BuildRequest | undefined;
  let context: AppContext | undefined;
  let child: ChildCommand | undefined;
  let cleanups = 0;
  let pruned: PruneRequest | undefined;
  const session: Session = {
    args,
    host: { ...HOST, ...options.host },
    stdout: output("stdout"),
    stderr: output("stderr"),
    loadApplication: async () => ({
      async buildPex(asked, given) {
        [request, context] = [asked, given];
        return options.build ? options.build(asked, given) : RESULT;
      },
      async bdistPex(asked, given) {
        [request, context] = [asked, given];
        return ["one", "two"].map((name) => ({ ...RESULT, path: `/nowhere/cwd/dist/${name}` }));
      },
      async prepareEphemeral(asked, programArguments, given) {
        [request, context] = [asked, given];
        await options.build?.(asked, given);
        return {
          command: "/usr/bin/python3",
          args: ["app.pex", ...programArguments],
          env: given.host.env,
          cleanup: () => void cleanups++,
        };
      },
      listTargets: () => [
        { system: "debian12", about: "Debian 12", pythons: ["py311"], machines: ["x86_64"], own: { py311: "3.11.2" } },
      ],
      async prepareTools(path, toolArguments, given) {
        return { command: "/usr/bin/python3", args: [path, ...toolArguments], env: given.host.env };
      },
      async pruneCache(asked) {
        pruned = asked;
        return PRUNED;
      },
      async inspectInterpreters(asked, given) {
        context = given;
        return REPORTS.map((report) => ({ ...report, ...(asked.verbose && { venv: false }) }));
      },
    }),
    interruptible: (work) => work(new AbortController().signal),
    runChild: async (started) => {
      child = started;
      return options.childOutcome ?? { status: 0 };
    },
  };
  const outcome = await runCommand(name, session);
  return { outcome, ...written, request, context, child, cleanups, pruned };
}
