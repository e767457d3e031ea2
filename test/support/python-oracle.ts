/**
 * Python's own `packaging` as the judge of ours.
 *
 * The first test that asks makes a virtual environment below `.test-tools/` with the pinned version; it stays there.
 */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The version whose behaviour ours is defined by. */
const ORACLE_REQUIREMENT = "packaging==26.3";

const TOOLS = fileURLToPath(new URL("../../.test-tools/", import.meta.url));
const VENV = join(TOOLS, "venv");
const PYTHON = join(VENV, "bin", "python");
/** Written last: its presence and content say that the environment is complete. */
const READY = join(VENV, "pexjs-oracle.txt");
const LOCK = join(TOOLS, "venv.lock");
/** Milliseconds after which the maker of an unfinished environment is taken for dead. */
const LOCK_LIFETIME = 240_000;

let isKnownReady = false;

/** Path of a Python that can import the pinned `packaging`. */
export function oraclePython(): string {
  if (!isKnownReady) {
    while (!isReady()) if (!makeUnderLock()) sleep(200);
    isKnownReady = true;
  }
  return PYTHON;
}

/**
 * Answers of Python to many questions in one run: `script` defines `answer(question)`, which is called for each of the
 * questions; what crosses over is JSON.
 */
export function askPython<Answer>(script: string, questions: readonly unknown[]): Answer[] {
  const program = `import sys, json
sys.path[:] = [entry for entry in sys.path if entry]
${script}
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))))
`;
  const run = spawnSync(oraclePython(), ["-I", "-X", "utf8", "-W", "ignore", "-c", program], {
    input: questions.map((question) => JSON.stringify(question)).join("\n"),
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (run.status !== 0) throw new Error(`The oracle failed: ${run.error?.message ?? ""}${run.stderr}`);
  const answers = run.stdout.split("\n").filter((line) => line !== "");
  if (answers.length !== questions.length)
    throw new Error(`${answers.length} answers to ${questions.length} questions`);
  return answers.map((line) => JSON.parse(line) as Answer);
}

function isReady(): boolean {
  return existsSync(READY) && readFileSync(READY, "utf8") === ORACLE_REQUIREMENT;
}

/** Makes the environment unless somebody else is at it; tells whether it did. */
function makeUnderLock(): boolean {
  mkdirSync(TOOLS, { recursive: true });
  try {
    mkdirSync(LOCK);
  } catch {
    if (isAbandoned()) rmSync(LOCK, { recursive: true, force: true });
    return false;
  }
  try {
    if (!isReady()) makeEnvironment();
    return true;
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}

function isAbandoned(): boolean {
  const made = statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs;
  return made !== undefined && Date.now() - made > LOCK_LIFETIME;
}

function makeEnvironment(): void {
  const failures: string[] = [];
  for (const python of ["python3", "python3.13", "python3.12", "python3.11", "python3.10", "python3.9", "python"]) {
    rmSync(VENV, { recursive: true, force: true });
    const failure =
      tryRun(python, ["-c", "import sys; sys.exit(sys.version_info < (3, 9))"]) ??
      tryRun(python, ["-m", "venv", VENV]) ??
      tryRun(PYTHON, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ORACLE_REQUIREMENT]);
    if (failure === undefined) {
      writeFileSync(READY, ORACLE_REQUIREMENT);
      return;
    }
    failures.push(`${python}: ${failure}`);
  }
  throw new Error(`The tests need a Python 3.9 or newer with venv and pip:\n${failures.join("\n")}`);
}

function tryRun(command: string, options: readonly string[]): string | undefined {
  const run = spawnSync(command, options, { encoding: "utf8" });
  if (run.status === 0) return undefined;
  return run.error?.message ?? `${options.join(" ")} exited with ${run.status}: ${run.stderr.trim()}`;
}

/** Blocks: set-up happens inside synchronous tests. */
function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
