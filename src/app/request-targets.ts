/** What a request says about interpreters and machines, put to the layer that finds them. */

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

/** The targets of a request; `pythons` are meant when nothing is named. @throws what `selectTargets` throws */
export function requestTargets(
  request: BuildRequest,
  inputs: Inputs,
  { pythons, ...tools }: Tools & { readonly pythons: readonly string[] },
): Promise<Target[]> {
  const { platforms = [], completePlatforms = [], namedTargets, manylinux, resolveLocalPlatforms = false } = request;
  return selectTargets(
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
