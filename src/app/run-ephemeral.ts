/** A PEX that lives as long as one run: built in a temporary directory, started, removed. */

import { join } from "node:path";

import { makeTemporaryDirectory, remove } from "../base/fs.ts";
import { writeZipapp } from "../pex/layout-zipapp.ts";
import { isMatch } from "../targets/foreign-targets.ts";
import type { Interpreter } from "../targets/interpreter.ts";
import type { Target } from "../targets/target.ts";
import { makeImageOf, withPlan } from "./build-pex.ts";
import type { BuildRequest } from "./build-request.ts";
import type { AppContext } from "./context.ts";
import { localInterpreter } from "./request-targets.ts";
import { runtimeEnvironment } from "./runtime-environment.ts";
import { checkValidation, validateEntryPoint } from "./validate-entry-point.ts";
import { temporaryDirectory, type Workshop } from "./workshop.ts";

/** How to start the program; `cleanup` must be called when it has ended. */
export interface EphemeralRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  cleanup(): void;
}

/**
 * Builds the environment of a run without an output file.
 *
 * @param args What goes to the program, or to the interpreter when the PEX has none.
 * @throws PexError; nothing stays behind then
 */
export async function prepareEphemeral(
  request: BuildRequest,
  args: readonly string[],
  context: AppContext,
): Promise<EphemeralRun> {
  checkValidation(request);
  return withPlan(request, context, async (plan, workshop) => {
    const interpreter =
      plan.targets.find((target) => target.interpreter)?.interpreter ??
      (await interpreterFor(plan.targets, { request, context, workshop }));
    const { image } = await makeImageOf(plan, { workshop, context, ephemeral: true });
    if (request.validateEntryPoint) await validateEntryPoint(image, [interpreter], { request, context });
    const directory = makeTemporaryDirectory(temporaryDirectory(request, context.host), "pexjs-run-");
    const cleanup = (): void => remove(directory);
    try {
      const path = join(directory, "app.pex");
      await writeZipapp(image, path, { signal: context.signal, digest: false });
      return {
        command: interpreter.path,
        args: [path, ...args],
        env: runtimeEnvironment(request, context, directory),
        cleanup,
      };
    } catch (error) {
      cleanup();
      throw error;
    }
  });
}

/** What is built for other machines runs under the default interpreter, with a warning where that one is no such machine. */
async function interpreterFor(
  targets: readonly Target[],
  { request, context, workshop }: { request: BuildRequest; context: AppContext; workshop: Workshop },
): Promise<Interpreter> {
  const interpreter = await localInterpreter(request, { context, workshop });
  if (!targets.some((target) => isMatch(interpreter, target))) {
    const list = targets.map((target) => target.description).join(" and ");
    const text = `Running on ${interpreter.description} what was built for ${list}`;
    context.onEvent({ kind: "warning", text, hint: "save it with -o to run it there" });
  }
  return interpreter;
}
