/** A Python on this machine and how to find out all about it. */

import { resolve } from "node:path";

import { Cancelled, messageOf, PexError } from "../base/errors.ts";
import type { ErrorDetails } from "../base/errors.ts";
import { isExecutableFile, realPath } from "../base/fs.ts";
import { run } from "../base/subprocess.ts";
import { escapeControl } from "../base/text.ts";
import type { MarkerEnvironment } from "../standards/marker-environment.ts";

import { interpreterKey, readCachedFacts, writeCachedFacts } from "./interpreter-cache.ts";
import { parseProbeAnswer } from "./interpreter-facts.ts";
import type { InterpreterFacts } from "./interpreter-facts.ts";
import { interpreterTags } from "./interpreter-tags.ts";
import { probeScript } from "./probe-script.ts";

/** All that a build needs to know about one Python. */
export interface Interpreter {
  /** Absolute path to run it by: where it was found, or what a wrapper script led to. */
  readonly path: string;
  /** The same with symbolic links resolved. */
  readonly realPath: string;
  /** `CPython`, `PyPy`, or what another implementation calls itself. */
  readonly implementation: string;
  readonly version: readonly [number, number, number];
  /** Such as `3.11.7` or `3.15.0a2`. */
  readonly versionText: string;
  /** Such as `CPython 3.11.7 at /usr/bin/python3.11`. */
  readonly description: string;
  /** All eleven variables. */
  readonly markers: MarkerEnvironment;
  /** Compatibility tags, best first, each once. */
  readonly tags: readonly string[];
  /** Whether this is a build without the global interpreter lock (PEP 703). */
  readonly freeThreaded: boolean;
  readonly isVenv: boolean;
  readonly prefix: string;
  readonly basePrefix: string;
  /** The Python that a virtual environment was made from; otherwise `path`. */
  readonly baseExecutable: string;
  /** `sysconfig.get_paths()`: `purelib`, `platlib`, `scripts`, … */
  readonly paths: Readonly<Record<string, string>>;
  /** What to look for on a PATH: `python3.11`, `python3.13t`, `pypy3.10`. */
  readonly shebangName: string;
}

/** A path is no Python, or one that does not work. */
export class BrokenInterpreter extends PexError {
  readonly code = "BROKEN_INTERPRETER";
  readonly path: string;
  /** What is wrong with it, without the path. */
  readonly reason: string;

  constructor(path: string, reason: string, details?: ErrorDetails) {
    super(`Not a working Python interpreter: ${escapeControl(path)}: ${escapeControl(reason)}`, details);
    this.path = path;
    this.reason = reason;
  }
}

export interface ProbeContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Answers are remembered below it; without it the interpreter is asked. */
  readonly cacheDirectory?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Milliseconds; the first start of a Python from a cold network disk takes seconds. */
const PROBE_TIMEOUT = 30_000;

/**
 * Asks an interpreter about itself, or remembers what it told before.
 *
 * @throws BrokenInterpreter when the path is no working Python; Cancelled when aborted.
 */
export async function probeInterpreter(path: string, context: ProbeContext): Promise<Interpreter> {
  const absolute = resolve(path);
  const key = context.cacheDirectory === undefined ? undefined : interpreterKey(absolute);
  if (context.cacheDirectory !== undefined && key !== undefined) {
    const known = readCachedFacts(context.cacheDirectory, key);
    if (known) return describe(absolute, known);
  }
  if (!isExecutableFile(absolute)) throw new BrokenInterpreter(absolute, "it is no executable file");
  const facts = await askInterpreter(absolute, context);
  // What is behind a wrapper script may change without the wrapper changing.
  const isItself = realPath(facts.executable) === realPath(absolute);
  if (context.cacheDirectory !== undefined && key !== undefined && isItself) {
    writeCachedFacts(context.cacheDirectory, key, facts);
  }
  return describe(isItself ? absolute : facts.executable, facts);
}

/** Without `site`; a legacy virtualenv of Python 2 finds its library only with it. */
const FLAGS: readonly (readonly string[])[] = [
  ["-E", "-s", "-S", "-B"],
  ["-E", "-s", "-B"],
];

async function askInterpreter(path: string, context: ProbeContext): Promise<InterpreterFacts> {
  const script = probeScript("interpreter_info.py");
  let reason = "";
  for (const flags of FLAGS) {
    try {
      const finished = await run(path, [...flags, script], {
        env: probeEnvironment(context.env),
        timeout: PROBE_TIMEOUT,
        signal: context.signal,
      });
      const answer = parseProbeAnswer(finished.stdout);
      if (answer.kind === "facts") return answer.facts;
      const lastLine = finished.stderr.trimEnd().split("\n").at(-1)?.trim();
      reason = finished.status !== 0 && lastLine ? lastLine : answer.reason;
    } catch (error) {
      if (error instanceof Cancelled) throw error;
      throw new BrokenInterpreter(path, messageOf(error), { cause: error });
    }
  }
  const hint = `run \`${escapeControl(path)} --version\` to see what is wrong with it`;
  throw new BrokenInterpreter(path, reason, { hint });
}

/** Variables that would make Python tell about another machine than this one; and macOS shall not pretend to be 10.16. */
function probeEnvironment(env: ProbeContext["env"]): Record<string, string | undefined> {
  const clean: Record<string, string | undefined> = { ...env, SYSTEM_VERSION_COMPAT: "0" };
  delete clean["_PYTHON_HOST_PLATFORM"];
  delete clean["_PYTHON_SYSCONFIGDATA_NAME"];
  delete clean["__PYVENV_LAUNCHER__"];
  return clean;
}

function describe(path: string, facts: InterpreterFacts): Interpreter {
  const { implementation, version } = facts;
  const freeThreaded = facts.abi.freeThreaded;
  // A build from an unreleased checkout ends in `+`, which PEP 440 does not know; `packaging` reads it as a local version.
  const versionText = facts.markers.python_full_version.replace(/\+$/, "+local");
  const family = implementation === "PyPy" ? "pypy" : "python";
  return {
    path,
    realPath: realPath(path),
    implementation,
    version,
    versionText,
    description: `${implementation} ${versionText}${freeThreaded ? " (free-threaded)" : ""} at ${path}`,
    markers: { ...facts.markers, python_full_version: versionText },
    tags: interpreterTags(facts),
    freeThreaded,
    isVenv: facts.isVenv,
    prefix: facts.prefix,
    basePrefix: facts.basePrefix,
    baseExecutable: facts.isVenv ? facts.baseExecutable : path,
    paths: facts.paths,
    shebangName: `${family}${version[0]}.${version[1]}${freeThreaded ? "t" : ""}`,
  };
}
