/** What a request says about interpreters and machines, put to the layer that finds them. */

import { PexError } from "../base/errors.ts";
import { acceptsPython, describePython } from "../resolver/candidate.ts";
import type { Interpreter } from "../targets/interpreter.ts";
import { selectDefault, selectTargets } from "../targets/select.ts";
import type { Target } from "../targets/target.ts";
import type { BuildRequest } from "./build-request.ts";
import type { AppContext } from "./context.ts";
import type { Inputs } from "./read-inputs.ts";
import type { Workshop } from "./workshop.ts";

interface Tools {
  readonly context: AppContext;
  readonly workshop: Workshop;
}

/** Targets were named that the script, by its own word, does not run on. */
export class UnfitTargets extends PexError {
  readonly code = "UNFIT_TARGETS";
}

/** The targets of a request; `pythons` are meant when nothing is named. @throws UnfitTargets, what `selectTargets` throws */
export async function requestTargets(
  request: BuildRequest,
  inputs: Inputs,
  { pythons, ...tools }: Tools & { readonly pythons: readonly string[] },
): Promise<Target[]> {
  const { platforms = [], completePlatforms = [], namedTargets, manylinux, resolveLocalPlatforms = false } = request;
  const targets = await selectTargets(
    {
      python: request.python ?? (isOpen(request) ? pythons : []),
      pythonPath: request.pythonPath,
      interpreterConstraints: [
        ...(request.interpreterConstraints ?? []),
        ...(pythons.length > 0 ? [] : scriptConstraint(request, inputs)),
      ],
      strategy: request.interpreterSelectionStrategy,
      foreign: { platforms, completePlatforms, namedTargets, manylinux, resolveLocalPlatforms },
    },
    searchContext(tools),
  );
  const unfit = targets.filter((target) => !acceptsPython(inputs.requiresPython, target));
  if (unfit.length === 0) return targets;
  const list = unfit.map(({ description }) => description).join(" and ");
  throw new UnfitTargets(`The script is ${describePython(inputs.requiresPython ?? "")}, which leaves out ${list}`, {
    hint: "name other targets, or correct `requires-python` in the script",
  });
}

/** The interpreter of this machine for what cannot be done on another one. @throws what `selectDefault` throws */
export function localInterpreter(request: BuildRequest, tools: Tools): Promise<Interpreter> {
  return selectDefault({ pythonPath: request.pythonPath }, searchContext(tools));
}

function searchContext({ context: { host, signal }, workshop }: Tools) {
  return { env: host.env, cwd: host.cwd, cacheDirectory: workshop.layout.root, signal };
}

/** A script's `requires-python` chooses the interpreter, unless a target was named. */
function scriptConstraint(request: BuildRequest, inputs: Inputs): string[] {
  return inputs.requiresPython !== undefined && isOpen(request) ? [inputs.requiresPython] : [];
}

/** Whether no target was named. */
function isOpen(request: BuildRequest): boolean {
  const {
    python = [],
    interpreterConstraints = [],
    platforms = [],
    completePlatforms = [],
    namedTargets = [],
  } = request;
  const named = [...python, ...interpreterConstraints, ...platforms, ...completePlatforms, ...namedTargets];
  return named.length === 0;
}
