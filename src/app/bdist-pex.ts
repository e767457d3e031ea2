/** The PEX files of a project, named after its metadata: what `python setup.py bdist_pex` makes. */

import { basename, join, resolve } from "node:path";

import { PexError, UsageError } from "../base/errors.ts";
import { TextCache } from "../cache/text-cache.ts";
import type { StoredWheel } from "../cache/wheel-store.ts";
import { readWheelMetadata } from "../index/remote-metadata.ts";
import { parseProjectPath } from "../inputs/requirement-argument.ts";
import { parseCoreMetadata } from "../standards/core-metadata.ts";
import { normalizeName } from "../standards/project-name.ts";
import { wheelContents, type WheelContents } from "../wheel/wheel-contents.ts";
import type { BuildRequest, BuildResult } from "./build-request.ts";
import { savePex, withPlan, type BuildPlan } from "./build-pex.ts";
import type { AppContext } from "./context.ts";
import type { Workshop } from "./workshop.ts";

/** A build whose entry points and output files follow from the one project in `projects`. */
export interface BdistRequest extends Omit<
  BuildRequest,
  "outputFile" | "entryPoint" | "script" | "executable" | "dryRun"
> {
  /** One PEX for each console script, instead of one for the project; default false. */
  readonly all?: boolean;
  /** Where the files are put; default `dist`. */
  readonly directory?: string;
}

/** One PEX for each console script was asked for, and there is none. */
export class NoScripts extends PexError {
  readonly code = "NO_SCRIPTS";
}

type Command = WheelContents["commands"][number];

/** A file to make. */
interface Output {
  readonly path: string;
  /** What it runs; `undefined` makes it an interpreter. */
  readonly command: Command | undefined;
}

/**
 * Builds the project and makes `NAME-VERSION.pex` of it, which runs the script of that name, else is an interpreter; or
 * one PEX for each script.
 *
 * @throws PexError; each file is whole or not there
 */
export async function bdistPex(request: BdistRequest, context: AppContext): Promise<readonly BuildResult[]> {
  const { projects = [], all = false, directory = "dist" } = request;
  const [project, ...others] = projects;
  if (project === undefined || others.length > 0) {
    throw new UsageError(`One project is wanted with --bdist, not ${projects.length}`, {
      hint: "name it with --project, as in `--project .`; more can be requirements: `./other`",
    });
  }
  return withPlan(request, context, async (plan, workshop) => {
    const wheel = await wheelOf(project, plan, context);
    const metadata = parseCoreMetadata(await readWheelMetadata(wheel));
    const { commands } = await wheelContents(wheel, new TextCache(workshop.layout.contents));
    const outputs = all
      ? everyScript(commands, { directory, shown: `${metadata.name} ${metadata.version}` })
      : [
          {
            path: join(directory, `${metadata.name}-${metadata.version}.pex`),
            command: namesake(metadata.name, commands),
          },
        ];
    return saveAll(outputs, plan, { workshop, context });
  });
}

/** The wheel that the project was built to, or is. */
async function wheelOf(project: string, plan: BuildPlan, { host }: AppContext): Promise<StoredWheel> {
  const argument = parseProjectPath(project, host.cwd);
  const pin =
    argument.kind === "source"
      ? plan.direct.find(({ source }) => source.shown === argument.source.shown)?.pin
      : argument.requirement;
  for (const [distribution, wheel] of await plan.fetch()) {
    if (distribution.project === pin?.project) return wheel;
  }
  throw new UsageError(`Nothing is left of the project: ${project}`, {
    hint: "leave out what excludes it, such as its marker or --exclude",
  });
}

/** The script with the project's own name; spellings that mean the same project will do. */
function namesake(project: string, commands: readonly Command[]): Command | undefined {
  return (
    commands.find(({ name }) => name === project) ??
    commands.find(({ name }) => normalizeName(name) === normalizeName(project))
  );
}

function everyScript(
  commands: readonly Command[],
  { directory, shown }: { readonly directory: string; readonly shown: string },
): Output[] {
  if (commands.length === 0) {
    throw new NoScripts(`The project has no console scripts: ${shown}`, {
      hint: "leave out --bdist-all for a PEX that is an interpreter with the project",
    });
  }
  const unsafe = commands.find(({ name }) => name !== basename(name) || name === "." || name === "..");
  if (unsafe) throw new NoScripts(`The name of a script is no name of a file: ${unsafe.name}`);
  return commands.map((command) => ({ path: join(directory, command.name), command }));
}

async function saveAll(
  outputs: readonly Output[],
  plan: BuildPlan,
  on: { readonly workshop: Workshop; readonly context: AppContext },
): Promise<BuildResult[]> {
  const results: BuildResult[] = [];
  for (const { path, command } of outputs) {
    on.context.onEvent({ kind: "writing", script: command?.name, path: resolve(on.context.host.cwd, path) });
    const entryPoint = command && [command.module, command.attribute].filter((part) => part !== undefined).join(":");
    const request = entryPoint === undefined ? plan.request : { ...plan.request, entryPoint };
    results.push(await savePex({ ...plan, request }, path, on));
  }
  return results;
}
