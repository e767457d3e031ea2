import fc from "fast-check";
import { expect, test } from "vitest";

import { PexError } from "../../src/base/errors.ts";
import type { Soon } from "../../src/resolver/package-source.ts";
import { resolve } from "../../src/resolver/resolve.ts";
import { SeededRandom } from "../support/seeded-random.ts";
import {
  accepts,
  type Clause,
  type Closure,
  closureOf,
  isPre,
  type Model,
  models,
  type ModelVersion,
  solutions,
  textOfNeed,
  textOfVersion,
  worldOf,
} from "../support/resolver-oracle.ts";
import { pinsOf, type Question, requestOf, WorldSource } from "../support/resolver-world.ts";

type Answer = { readonly pins: readonly string[]; readonly tries: number } | { readonly error: string };

test("there is an answer exactly when brute force finds one, and every answer is closed and consistent", async () => {
  await fc.assert(
    fc.asyncProperty(models({ reluctant: false }), async (model) => {
      const answer = await answerTo(model);
      const [solution] = solutions(model);
      expect("pins" in answer).toBe(solution !== undefined);
      if ("pins" in answer)
        expect(pinsOfClosure(closureOfPins(model, answer.pins))).toEqual(withoutExtras(answer.pins));
    }),
    { numRuns: 1_500 },
  );
});

test("when the newest of everything fits together, it is taken at the first try", async () => {
  await fc.assert(
    fc.asyncProperty(models({ reluctant: false }), async (model) => {
      const newest = closureOf(model, newestOfAll(model));
      fc.pre(newest !== undefined);
      const answer = await answerTo(model);
      expect("pins" in answer && withoutExtras(answer.pins)).toEqual(pinsOfClosure(newest));
      expect("tries" in answer && answer.tries).toBe(newest?.chosen.size);
    }),
    { numRuns: 600 },
  );
});

test("answers, errors and effort do not depend on the order in which the network delivers", async () => {
  await fc.assert(
    fc.asyncProperty(models({ reluctant: true }), fc.nat(), async (model, seed) => {
      const patient = await answerTo(model);
      const random = new SeededRandom(seed);
      const soon = <Value>(value: Value): Soon<Value> => (random.chance(0.2) ? value : later(value, random.below(6)));
      expect(await answerTo(model, soon)).toEqual(patient);
    }),
    { numRuns: 400 },
  );
});

test("a pre-release is only taken when somebody mentions one or no final release meets the requirements", async () => {
  await fc.assert(
    fc.asyncProperty(models({ reluctant: true }), async (model) => {
      const answer = await answerTo(model);
      if (!("pins" in answer)) return;
      const closure = closureOfPins(model, answer.pins);
      expect(pinsOfClosure(closure)).toEqual(withoutExtras(answer.pins));
      for (const [project, { version, yanked }] of closure?.chosen ?? []) {
        if (isPre(version)) expect(mayBePrerelease(model, project, closure)).toBe(true);
        if (yanked)
          expect(
            everythingSaid(model, project).some(({ operator, bound }) => operator === "==" && bound === version),
          ).toBe(true);
      }
    }),
    { numRuns: 1_000 },
  );
});

test("pre-releases and yanked releases never stand in the way of an answer without them", async () => {
  await fc.assert(
    fc.asyncProperty(models({ reluctant: true }), async (model) => {
      const without = withoutReluctant(model);
      fc.pre([...without.projects.values()].every((versions) => versions.length > 0));
      const [solution] = solutions(without);
      fc.pre(solution !== undefined);
      expect(await answerTo(model)).toHaveProperty("pins");
    }),
    { numRuns: 400 },
  );
});

test("with --pre there is an answer exactly when brute force over all releases finds one", async () => {
  await fc.assert(
    fc.asyncProperty(models({ reluctant: true }), async (model) => {
      const plain = mapVersions(model, (version) => ({ ...version, yanked: false }));
      const [solution] = solutions(plain);
      expect("pins" in (await answerTo(plain, undefined, { prereleases: true }))).toBe(solution !== undefined);
    }),
    { numRuns: 400 },
  );
});

async function answerTo(
  model: Model,
  soon?: <Value>(value: Value) => Soon<Value>,
  options: Partial<Question> = {},
): Promise<Answer> {
  const question = {
    requirements: model.roots.map(textOfNeed),
    constraints: model.constraints.map(textOfNeed),
    ...options,
  };
  try {
    const resolution = await resolve(requestOf(question), new WorldSource(worldOf(model), soon));
    return { pins: pinsOf(resolution), tries: resolution.tries };
  } catch (error) {
    if (!(error instanceof PexError)) throw error;
    return { error: `${error.code} ${error.message}` };
  }
}

async function later<Value>(value: Value, ticks: number): Promise<Value> {
  for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
  return value;
}

function closureOfPins(model: Model, pins: readonly string[]): Closure | undefined {
  const chosen = withoutExtras(pins).map((pin): [string, ModelVersion] => {
    const [project = "", text] = pin.split(" ");
    return [project, model.projects.get(project)!.find(({ version }) => textOfVersion(version) === text)!];
  });
  return closureOf(model, new Map(chosen));
}

function pinsOfClosure(closure: Closure | undefined): string[] {
  return [...(closure?.chosen ?? [])].map(([project, { version }]) => `${project} ${textOfVersion(version)}`).sort();
}

function withoutExtras(pins: readonly string[]): string[] {
  return pins.map((pin) => pin.replace("[x]", ""));
}

function newestOfAll(model: Model): ReadonlyMap<string, ModelVersion> {
  const limit = (project: string): ((version: ModelVersion) => boolean) => {
    const clauses = [...model.constraints, ...model.roots].filter((need) => need.project === project);
    return ({ version }) => clauses.every(({ clause }) => accepts(clause, version));
  };
  return new Map(
    [...model.projects].flatMap(([project, versions]) => {
      const newest = versions.filter(limit(project)).sort((left, right) => right.version - left.version)[0];
      return newest === undefined ? [] : [[project, newest] as const];
    }),
  );
}

/** Clauses about a project in the whole world, of versions that were not chosen too. */
function everythingSaid(model: Model, project: string): Clause[] {
  const needs = [...model.projects.values()].flat().flatMap((version) => [...version.needs, ...version.extraNeeds]);
  return [...needs, ...model.roots, ...model.constraints]
    .filter((need) => need.project === project)
    .map(({ clause }) => clause);
}

/** Requirements of versions that were given up count too: what they let in stays a last resort. */
function mayBePrerelease(model: Model, project: string, closure: Closure | undefined): boolean {
  const said = everythingSaid(model, project);
  if (said.some(({ operator, bound }) => isPre(bound) && operator !== "!=" && operator !== "")) return true;
  const finals = model.projects.get(project)!.filter(({ version }) => !isPre(version));
  const together = closure?.required.get(project) ?? [];
  return [together, ...said.map((clause) => [clause])].some(
    (clauses) => !finals.some(({ version }) => clauses.every((clause) => accepts(clause, version))),
  );
}

function withoutReluctant(model: Model): Model {
  const kept = [...model.projects].map(
    ([project, versions]) => [project, versions.filter(({ version, yanked }) => !isPre(version) && !yanked)] as const,
  );
  return { ...model, projects: new Map(kept) };
}

function mapVersions(model: Model, map: (version: ModelVersion) => ModelVersion): Model {
  return {
    ...model,
    projects: new Map([...model.projects].map(([project, versions]) => [project, versions.map(map)])),
  };
}
