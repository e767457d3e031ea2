/**
 * Tiny worlds as numbers, and brute force over them: nothing here is shared with the resolver.
 *
 * Version n is the final release n; n - 0.5 is `nb1`, the pre-release that leads up to it.
 */

import fc from "fast-check";

import type { World } from "./resolver-world.ts";

export interface Clause {
  readonly operator: "" | "==" | "!=" | ">=" | "<=" | "<" | ">";
  readonly bound: number;
}

export interface Need {
  readonly project: string;
  readonly extra: "x" | undefined;
  readonly clause: Clause;
}

export interface ModelVersion {
  readonly version: number;
  readonly needs: readonly Need[];
  /** What the extra `x` needs in addition. */
  readonly extraNeeds: readonly Need[];
  readonly yanked: boolean;
}

export interface Model {
  readonly projects: ReadonlyMap<string, readonly ModelVersion[]>;
  readonly roots: readonly Need[];
  readonly constraints: readonly Need[];
}

/** A version for each project. */
export type Assignment = ReadonlyMap<string, ModelVersion>;

/** What a solution consists of: chosen versions and everything that is required of each project. */
export interface Closure {
  readonly chosen: ReadonlyMap<string, ModelVersion>;
  readonly required: ReadonlyMap<string, readonly Clause[]>;
}

const NAMES = ["a", "b", "c", "d", "e"];

/** Whether a clause accepts a version, as PEP 440 has it. */
export function accepts({ operator, bound }: Clause, version: number): boolean {
  switch (operator) {
    case "":
      return true;
    case "==":
      return version === bound;
    case "!=":
      return version !== bound;
    case ">=":
      return version >= bound;
    case "<=":
      return version <= bound;
    case "<":
      return version < bound && (isPre(bound) || version !== bound - 0.5);
    case ">":
      return version > bound;
  }
}

export function isPre(version: number): boolean {
  return !Number.isInteger(version);
}

/** All that follows from the roots if these versions are chosen; `undefined` when something does not fit. */
export function closureOf(model: Model, assignment: Assignment): Closure | undefined {
  const chosen = new Map<string, ModelVersion>();
  const required = new Map<string, Clause[]>();
  for (const { project, clause } of model.constraints)
    required.set(project, [...(required.get(project) ?? []), clause]);
  const seen = new Set<string>();
  const open = [...model.roots];
  for (let need = open.pop(); need !== undefined; need = open.pop()) {
    const version = assignment.get(need.project);
    if (version === undefined) return undefined;
    const clauses = [...(required.get(need.project) ?? []), need.clause];
    required.set(need.project, clauses);
    if (!clauses.every((clause) => accepts(clause, version.version))) return undefined;
    chosen.set(need.project, version);
    for (const extra of [undefined, need.extra]) {
      const key = `${need.project}[${extra ?? ""}]`;
      if (seen.has(key)) continue;
      seen.add(key);
      open.push(...(extra === undefined ? version.needs : version.extraNeeds));
    }
  }
  return { chosen, required };
}

/** Every assignment whose closure fits. */
export function* solutions(model: Model): Generator<Closure> {
  const names = [...model.projects.keys()];
  const counters = names.map(() => 0);
  const total = names.reduce((product, name) => product * (model.projects.get(name)?.length ?? 1), 1);
  for (let round = 0; round < total; round++) {
    const closure = closureOf(
      model,
      new Map(names.map((name, index) => [name, model.projects.get(name)![counters[index]!]!])),
    );
    if (closure !== undefined) yield closure;
    for (let index = 0; index < names.length; index++) {
      counters[index] = (counters[index]! + 1) % model.projects.get(names[index]!)!.length;
      if (counters[index] !== 0) break;
    }
  }
}

export function textOfVersion(version: number): string {
  return isPre(version) ? `${version + 0.5}b1` : `${version}`;
}

export function textOfNeed({ project, extra, clause }: Need): string {
  const specifier = clause.operator === "" ? "" : clause.operator + textOfVersion(clause.bound);
  return `${project}${extra === undefined ? "" : `[${extra}]`}${specifier}`;
}

/** The same world for the resolver. */
export function worldOf(model: Model): World {
  return Object.fromEntries(
    [...model.projects].map(([name, versions]) => [
      name,
      Object.fromEntries(versions.map((version) => [textOfVersion(version.version), worldVersion(version)])),
    ]),
  );
}

function worldVersion({ needs, extraNeeds, yanked }: ModelVersion): World[string][string] {
  return {
    requires: [...needs.map(textOfNeed), ...extraNeeds.map((need) => `${textOfNeed(need)} ; extra == "x"`)],
    extras: ["x"],
    ...(yanked ? { yanked: "broken" } : {}),
  };
}

/** Models of up to five projects with up to four versions each. */
export function models(options: { readonly reluctant: boolean }): fc.Arbitrary<Model> {
  const bounds = options.reluctant ? [1, 2, 3, 4, 1.5, 2.5, 3.5] : [1, 2, 3, 4];
  const clause: fc.Arbitrary<Clause> = fc.oneof(
    { weight: 1, arbitrary: fc.constant({ operator: "", bound: 1 } as const) },
    {
      weight: 1,
      arbitrary: fc.record({
        operator: fc.constantFrom("==", "!=", ">=", "<=", "<", ">"),
        bound: fc.constantFrom(...bounds),
      }),
    },
  );
  const extra = fc.option(fc.constant("x" as const), { nil: undefined, freq: 3 });
  const need: fc.Arbitrary<Need> = fc.record({ project: fc.constantFrom(...NAMES), extra, clause });
  const version = fc.record({
    version: fc.constantFrom(...bounds),
    needs: fc.array(need, { maxLength: 3 }),
    extraNeeds: fc.array(need, { maxLength: 2 }),
    yanked: options.reluctant ? fc.integer({ max: 3, min: 0 }).map((dice) => dice === 0) : fc.constant(false),
  });
  const versions = fc.uniqueArray(version, { selector: (item) => item.version, minLength: 1, maxLength: 4 });
  return fc.record({
    projects: fc
      .tuple(versions, versions, versions, versions, versions)
      .map((all) => new Map(all.map((list, index) => [NAMES[index]!, list]))),
    roots: fc.array(need, { minLength: 1, maxLength: 3 }),
    constraints: fc.array(
      need.map((item) => ({ ...item, extra: undefined })),
      { maxLength: 2 },
    ),
  });
}
