/** `--validate-entry-point`: imports what the PEX is going to run, before the PEX takes its place. */

import { join } from "node:path";

import { PexError, UsageError } from "../base/errors.ts";
import { makeTemporaryDirectory, remove } from "../base/fs.ts";
import { run } from "../base/subprocess.ts";
import type { PexImage } from "../pex/image.ts";
import { writeZipapp } from "../pex/layout-zipapp.ts";
import { pythonLiteral } from "../pex/python-literal.ts";
import type { Interpreter } from "../targets/interpreter.ts";
import type { BuildRequest } from "./build-request.ts";
import type { AppContext } from "./context.ts";
import { runtimeEnvironment } from "./runtime-environment.ts";
import { temporaryDirectory } from "./workshop.ts";

/** What the PEX is to run cannot be imported. */
export class InvalidEntryPoint extends PexError {
  readonly code = "INVALID_ENTRY_POINT";
}

/** @throws UsageError when the request names nothing that could be imported. */
export function checkValidation({ validateEntryPoint, entryPoint, script }: BuildRequest): void {
  if (!validateEntryPoint || entryPoint !== undefined || script !== undefined) return;
  throw new UsageError("Option --validate-entry-point has nothing to validate", {
    hint: "say with -m/--entry-point or -c/--script what the PEX runs, or leave it out",
  });
}

/**
 * Imports the entry point in the environment of the PEX, under each of the interpreters.
 *
 * @throws InvalidEntryPoint, UsageError without an interpreter, SubprocessError, Cancelled
 */
export async function validateEntryPoint(
  image: PexImage,
  interpreters: readonly Interpreter[],
  { request, context }: { readonly request: BuildRequest; readonly context: AppContext },
): Promise<void> {
  const { entryPoint } = image.info;
  if (entryPoint === undefined) return; // a script file, of which only running it tells anything
  if (interpreters.length === 0) {
    throw new UsageError("Option --validate-entry-point needs an interpreter of a target on this machine", {
      hint: "leave it out, or let --resolve-local-platforms find one",
    });
  }
  const directory = makeTemporaryDirectory(temporaryDirectory(request, context.host), "pexjs-validate-");
  try {
    const path = join(directory, "app.pex");
    await writeZipapp(image, path, { signal: context.signal, digest: false });
    const env = { ...runtimeEnvironment(request, context, directory), PEX_INTERPRETER: "1", PEX_TOOLS: "0" };
    for (const interpreter of interpreters) {
      const args = [path, "-c", `entry_point = ${pythonLiteral(entryPoint)}\n${IMPORT}`];
      const { status, stderr } = await run(interpreter.path, args, { env, signal: context.signal });
      if (status !== 0) throw invalid(entryPoint, interpreter, stderr);
    }
  } finally {
    remove(directory);
  }
}

/** As the runtime finds it: the module, then attribute by attribute. */
const IMPORT = `
import sys
module, _, attributes = entry_point.partition(":")
__import__(module)
found = sys.modules[module]
for name in attributes.split(".") if attributes else ():
    found = getattr(found, name)
`;

function invalid(entryPoint: string, interpreter: Interpreter, stderr: string): InvalidEntryPoint {
  const [module = "", attributes] = entryPoint.split(":", 2);
  const lines = stderr.trimEnd().split("\n");
  const statement = attributes === undefined ? `import ${module}` : `from ${module} import ${attributes}`;
  const text = `Invalid entry point \`${entryPoint}\`: \`${statement}\` failed under ${interpreter.description}: ${lines.at(-1) ?? ""}`;
  return new InvalidEntryPoint(text, {
    hint: "correct --entry-point, or add what it imports with -D, -P, -M or a requirement",
  });
}
