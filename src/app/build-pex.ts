/** Requirements in, one file out: the road from a request to a PEX. */

import { resolve } from "node:path";

import type { ArchiveFile } from "../archive/archive-file.ts";
import { Cancelled, messageOf, PexError, UsageError } from "../base/errors.ts";
import { timed } from "../base/log.ts";
import { TextCache } from "../cache/text-cache.ts";
import type { HeldWheel } from "../index/held-wheels.ts";
import type { ProjectIndex } from "../index/project-index.ts";
import type { ImageWheel, PexImage } from "../pex/image.ts";
import { expandPlatform } from "../pex/platform-tag.ts";
import type { Resolution } from "../resolver/resolution.ts";
import type { Interpreter } from "../targets/interpreter.ts";
import type { Target } from "../targets/target.ts";
import { buildProperties } from "./build-properties.ts";
import type { BuildRequest, BuildResult, SeededPex } from "./build-request.ts";
import { checkPex } from "./check-pex.ts";
import { composeImage } from "./compose-image.ts";
import type { AppContext } from "./context.ts";
import { distributionSource } from "./distribution-source.ts";
import { findScript } from "./entry-point.ts";
import { fetchWheels, type DirectPin, type FetchedWheels } from "./fetch-wheels.ts";
import { remainingWheels, requirementsPexes } from "./pex-source.ts";
import { placesToSearch } from "./places.ts";
import { readInputs, withOthers, type Inputs } from "./read-inputs.ts";
import { reportDistributions } from "./report.ts";
import { requestPolicy } from "./request-policy.ts";
import { localInterpreter, requestTargets } from "./request-targets.ts";
import { resolveFromSets } from "./resolve-sets.ts";
import { resolveTargets } from "./resolve-targets.ts";
import { surveyWheels } from "./survey-wheels.ts";
import { checkValidation, validateEntryPoint } from "./validate-entry-point.ts";
import { Workshop } from "./workshop.ts";
import { writePex } from "./write-pex.ts";

/**
 * Builds a PEX file, or only resolves with `dryRun`.
 *
 * @throws PexError; nothing half-written stays
 */
export async function buildPex(request: BuildRequest, context: AppContext): Promise<BuildResult> {
  const { outputFile } = request;
  if (outputFile === undefined && !request.dryRun) throw new UsageError("No output file was given");
  checkValidation(request);
  return withPlan(request, context, async (plan, workshop) => {
    if (request.dryRun || outputFile === undefined) {
      const targets = plan.targets.map((target) => target.description);
      const distributions = reportDistributions(plan, new Map());
      return { path: undefined, sha256: undefined, size: undefined, targets, distributions };
    }
    return savePex(plan, outputFile, { workshop, context });
  });
}

/** Makes the file that is planned; a plan may become several that run different things. */
export async function savePex(
  plan: BuildPlan,
  outputFile: string,
  { workshop, context }: { readonly workshop: Workshop; readonly context: AppContext },
): Promise<BuildResult> {
  const { request } = plan;
  const { image, wheels, remaining } = await makeImageOf(plan, { workshop, context, ephemeral: false });
  if (request.validateEntryPoint) await validateEntryPoint(image, localInterpreters(plan), { request, context });
  const name = expandPlatform(
    outputFile,
    plan.targets,
    image.wheels.map(({ stored }) => stored.filename),
  );
  const path = resolve(context.host.cwd, name);
  const options = {
    signal: context.signal,
    listener: context.onEvent,
    digest: request.digest ?? true,
    digests: new TextCache(workshop.layout.digests),
  };
  const written = await timed(context.onEvent, "write", () =>
    writePex(image, path, { ...options, layout: request.layout ?? "zipapp" }),
  );
  await checkPex(path, localInterpreters(plan), { request, context });
  const seeded = request.seed ? await seedPex(path, plan, { workshop, context }) : undefined;
  const targets = plan.targets.map((target) => target.description);
  const distributions = reportDistributions(plan, wheels, remaining);
  const { sha256, size } = written;
  return { path, sha256, size, targets, distributions, ...(seeded && { seeded }) };
}

/** A request as far as it is decided before any wheel is fetched. */
export interface BuildPlan {
  readonly request: BuildRequest;
  readonly inputs: Inputs;
  readonly targets: readonly Target[];
  readonly resolutions: readonly Resolution[];
  /** What was named by path or URL. */
  readonly direct: readonly DirectPin[];
  /** As in `Resolved`, of all targets. */
  readonly built: ReadonlyMap<string, string>;
  /** Wheels of other PEX files, all of which go in. */
  readonly added: readonly HeldWheel[];
  /** Fetches the wheels of the resolutions. */
  fetch(): Promise<FetchedWheels>;
}

/**
 * Decides what goes in, hands that over, and cleans up when the task has ended. If a damaged file of the cache was the
 * reason that it failed, it is done again without that file.
 */
export async function withPlan<Value>(
  request: BuildRequest,
  context: AppContext,
  task: (plan: BuildPlan, workshop: Workshop) => Promise<Value>,
): Promise<Value> {
  for (;;) {
    const workshop = new Workshop(request, context);
    try {
      return await task(await makePlan(request, context, workshop), workshop);
    } catch (error) {
      if (context.signal.aborted) throw new Cancelled("Cancelled", { cause: error });
      if (!tellsOfDamage(error) || !(await workshop.store.dropDamaged(context.signal))) throw error;
      context.onEvent({ kind: "step", level: 1, text: `dropped damaged files from the cache: ${messageOf(error)}` });
    } finally {
      workshop.close();
    }
  }
}

/** Codes of errors that an unsound file may be the reason of. */
const DAMAGE: ReadonlySet<string> = new Set(["FILE_CHANGED", "CORRUPT_WHEEL", "ARCHIVE"]);

/** Whether that is what went wrong, however deep below. */
function tellsOfDamage(error: unknown): boolean {
  if (error instanceof PexError && DAMAGE.has(error.code)) return true;
  return error instanceof Error && error.cause !== undefined && tellsOfDamage(error.cause);
}

/** Fetches the wheels and composes the image. */
export async function makeImageOf(
  plan: BuildPlan,
  on: { readonly workshop: Workshop; readonly context: AppContext; readonly ephemeral: boolean },
): Promise<{ readonly image: PexImage; readonly wheels: FetchedWheels; readonly remaining: readonly ImageWheel[] }> {
  const wheels = await timed(on.context.onEvent, "fetch", () => plan.fetch());
  const owners = await surveyWheels(plan.resolutions, wheels, {
    layout: on.workshop.layout,
    onEvent: on.context.onEvent,
    venv: plan.request.venv !== undefined,
  });
  const { script } = plan.request;
  const executable =
    script === undefined
      ? undefined
      : findScript(script, owners, { mayBeElsewhere: (plan.request.pexPath ?? []).length > 0 });
  const remaining = await remainingWheels(plan.added, wheels.values());
  const sources = [...plan.inputs.sources, ...(await compiledSources(plan, on.context))];
  const properties = await buildProperties(plan.request, on.context);
  const inputs = { ...plan.inputs, sources };
  const { ephemeral } = on;
  const image = composeImage(
    { ...plan, inputs, wheels, remaining, executable, buildProperties: properties, ephemeral },
    on.context,
  );
  return { image, wheels, remaining };
}

/** The interpreters of this machine that the PEX is for. */
function localInterpreters({ targets }: BuildPlan): Interpreter[] {
  return targets.flatMap(({ interpreter }) => interpreter ?? []);
}

async function compiledSources(plan: BuildPlan, context: AppContext): Promise<ArchiveFile[]> {
  if (!plan.request.compile) return [];
  const { compileSources } = await import("./compile-sources.ts");
  return compileSources(plan.inputs.sources, localInterpreters(plan), context);
}

/** A PEX for other machines seeds the cache of this one under the default interpreter. */
async function seedPex(
  path: string,
  plan: BuildPlan,
  tools: { readonly workshop: Workshop; readonly context: AppContext },
): Promise<SeededPex> {
  const { seed } = await import("./seed.ts");
  const { request } = plan;
  const local = localInterpreters(plan);
  const interpreters = local.length > 0 ? local : [await localInterpreter(request, tools)];
  return seed(path, interpreters, { request, context: tools.context });
}

async function makePlan(request: BuildRequest, context: AppContext, workshop: Workshop): Promise<BuildPlan> {
  const { host, onEvent } = context;
  const jobs = Math.max(1, request.jobs ?? DOWNLOADS);
  const named = await readInputs(request, context, (url) => workshop.fetchText(url));
  const policy = requestPolicy(request, named.options);
  const open = placesToSearch(request, { files: named.options, pip: workshop.pip }, host);
  const source = await distributionSource(request, open, { context, workshop });
  const added = await requirementsPexes(request, { context, workshop });
  const inputs = withOthers(named, added, source);
  // Opened before the interpreter is looked at, so that connecting and probing overlap.
  const isEmpty = inputs.requirements.length + inputs.directSources.length === 0;
  const sets = isEmpty
    ? []
    : source.sets.map(({ wheels, python }) => {
        return { index: workshop.openIndex(source.places, jobs, [...added.wheels, ...wheels]), python };
      });
  const pythons = source.sets.flatMap(({ python }) => python ?? []);
  const targets = await timed(onEvent, "select targets", () =>
    requestTargets(request, inputs, { context, workshop, pythons }),
  );
  const tools = { request, context, workshop, inputs, source, policy };
  // Projects are built by tools that no closed source need hold.
  let outside: ProjectIndex | undefined;
  const resolved = await resolveFromSets(targets, sets, (some, index) => {
    const buildIndex = (): ProjectIndex => (source.closed ? (outside ??= workshop.openIndex(open, jobs)) : index);
    return resolveTargets(some, { ...tools, index, buildIndex });
  });
  const fetch = (): Promise<FetchedWheels> => fetchWheels(resolved, { jobs, hashed: inputs.hashed });
  // What was named by path or URL counts as the version that was built of it.
  const direct = resolved.flatMap((each) => each.direct ?? []);
  const requirements = [...inputs.requirements, ...direct.map(({ pin }) => pin)];
  const resolutions = resolved.map((each) => each.resolution);
  const built = new Map(resolved.flatMap((each) => [...(each.built ?? [])]));
  const complete = { ...inputs, requirements };
  return { request, inputs: complete, targets, resolutions, direct, built, added: added.wheels, fetch };
}

/** Downloads at the same time, unless `--jobs` says otherwise: they wait for the network, not for a processor. */
const DOWNLOADS = 16;
