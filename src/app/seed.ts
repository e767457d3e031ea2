/** A finished PEX makes itself at home in the cache, so that its next start is a warm one. */

import { PexError } from "../base/errors.ts";
import { run } from "../base/subprocess.ts";
import type { Interpreter } from "../targets/interpreter.ts";
import type { BuildRequest, SeededPex } from "./build-request.ts";
import type { AppContext } from "./context.ts";
import { runtimeEnvironment } from "./runtime-environment.ts";

/** The PEX could not unpack itself; it was written all the same. */
export class SeedFailed extends PexError {
  readonly code = "SEED_FAILED";
}

/**
 * How the runtime is asked to stop before the program, and what stands before its answer. No code of a program runs, so
 * that the Python of a virtual environment need not give way to the one below it: the answer names the one of the build.
 */
const STAGE = { __PEXJS_STAGE: "seed,venv" };
const ANSWER = "\npexjs answers\n";

/**
 * Lets each interpreter do a first start up to the program.
 *
 * @returns What the first of them tells. @throws SeedFailed, SubprocessError, Cancelled
 */
export async function seed(
  path: string,
  interpreters: readonly Interpreter[],
  { request, context }: { readonly request: BuildRequest; readonly context: AppContext },
): Promise<SeededPex> {
  const env = { ...runtimeEnvironment(request, context), ...STAGE };
  const answers: SeededPex[] = [];
  for (const interpreter of interpreters) {
    const { stdout, stderr } = await run(interpreter.path, [path], { env, signal: context.signal });
    const [, answer] = stdout.split(ANSWER);
    if (answer === undefined) {
      throw new SeedFailed(
        `${path} was written, but cannot start under ${interpreter.description}:\n${stderr.trim()}`,
        {
          hint: "see what is missing, or leave out --seed",
        },
      );
    }
    const [root = "", python = "", pex = ""] = answer.split("\0");
    answers.push({ pexRoot: root, python, pex });
  }
  const [first] = answers;
  if (first === undefined) throw new TypeError("No interpreter to seed with");
  return first;
}
