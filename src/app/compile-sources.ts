/** `--compile`: the user's own code as Python keeps it after its first import, for the interpreters at hand. */

import type { ArchiveFile } from "../archive/archive-file.ts";
import { PexError } from "../base/errors.ts";
import { plural } from "../base/text.ts";
import { run } from "../base/subprocess.ts";
import type { Interpreter } from "../targets/interpreter.ts";
import { probeScript } from "../targets/probe-script.ts";
import type { AppContext } from "./context.ts";

/** An interpreter does not compile at all; what it finds wrong with a single file is only a warning. */
export class CompilationFailed extends PexError {
  readonly code = "COMPILATION_FAILED";
}

/** What `python/probes/compile_sources.py` prints. */
interface Answer {
  /** In base64. */
  readonly compiled: Readonly<Record<string, string>>;
  readonly failed: Readonly<Record<string, string>>;
}

/** The first Python whose compiled files need not carry the date of their source (PEP 552). */
const SINCE_MINOR = 7;

/**
 * Files for `__pycache__` folders; a source that is no valid Python for an interpreter has none for it.
 *
 * @throws CompilationFailed, SubprocessError, Cancelled
 */
export async function compileSources(
  sources: readonly ArchiveFile[],
  interpreters: readonly Interpreter[],
  context: AppContext,
): Promise<ArchiveFile[]> {
  const modules = sources.filter(({ path }) => path.endsWith(".py"));
  const compiled = new Map<string, ArchiveFile>();
  for (const interpreter of modules.length === 0 ? [] : interpreters) {
    const [major, minor] = interpreter.version;
    if (major < 3 || minor < SINCE_MINOR) {
      const text = `Nothing is compiled for ${interpreter.description}: it wants to compare dates`;
      context.onEvent({ kind: "warning", text });
      continue;
    }
    const answer = await ask(interpreter, modules, context);
    for (const [path, content] of Object.entries(answer.compiled)) {
      if (!compiled.has(path)) compiled.set(path, fileOf(path, content));
    }
    warnOfFailures(answer, interpreter, context);
  }
  return [...compiled.values()];
}

async function ask(interpreter: Interpreter, modules: readonly ArchiveFile[], context: AppContext): Promise<Answer> {
  const texts = modules.map((file) => [file.path, Buffer.from(file.read()).toString("base64")]);
  const { status, stdout, stderr } = await run(interpreter.path, ["-s", "-S", probeScript("compile_sources.py")], {
    // Equal sources give equal bytes only with a fixed order of sets.
    env: { PATH: context.host.env["PATH"], PYTHONHASHSEED: "0" },
    stdin: JSON.stringify(Object.fromEntries(texts)),
    signal: context.signal,
  });
  if (status === 0) return JSON.parse(stdout) as Answer;
  throw new CompilationFailed(`Cannot compile with ${interpreter.description}: ${stderr.trimEnd()}`, {
    hint: "leave out --compile",
  });
}

function fileOf(path: string, base64: string): ArchiveFile {
  const content = Buffer.from(base64, "base64");
  return { path, mode: 0o644, read: () => content };
}

function warnOfFailures({ failed }: Answer, interpreter: Interpreter, context: AppContext): void {
  const lines = Object.entries(failed).map(([path, why]) => `\n  ${path}: ${why}`);
  if (lines.length === 0) return;
  const text = `${plural(lines.length, "file")} cannot be compiled for ${interpreter.description}:${lines.join("")}`;
  context.onEvent({ kind: "warning", text });
}
