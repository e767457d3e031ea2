/** Versions and specifier sets for property tests: few numbers, so that neighbours and equals meet often. */

import * as fc from "fast-check";

import { parseSpecifierSet, type SpecifierSet } from "../../src/standards/specifier.ts";
import { formatVersion, makeVersion, type Version } from "../../src/standards/version.ts";

const number = fc.integer({ min: 0, max: 2 });

function optional<Value>(arbitrary: fc.Arbitrary<Value>, frequency: number): fc.Arbitrary<Value | undefined> {
  return fc.option(arbitrary, { nil: undefined, freq: frequency });
}

/** Any version, mostly a plain one. */
export const anyVersions: fc.Arbitrary<Version> = fc
  .record({
    epoch: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, number),
    release: fc.array(number, { minLength: 1, maxLength: 4 }),
    pre: fc.option(fc.tuple(fc.constantFrom("a" as const, "b" as const, "rc" as const), number), { nil: undefined }),
    post: optional(number, 3),
    dev: optional(number, 3),
    local: fc.oneof(
      { weight: 4, arbitrary: fc.constant<(string | number)[]>([]) },
      fc.array(fc.oneof(number, fc.constantFrom("a", "b", "0a")), { maxLength: 2 }),
    ),
  })
  .map(makeVersion);

const withoutLocal = anyVersions.map((version) => formatVersion(makeVersion({ ...version, local: [] })));
const longReleases = fc.array(number, { minLength: 2, maxLength: 4 }).map((release) => release.join("."));

const clauses: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(fc.constantFrom(">=", "<=", ">", "<", "==", "!="), withoutLocal).map((parts) => parts.join("")),
  fc.tuple(fc.constantFrom("==", "!=", "==="), anyVersions.map(formatVersion)).map((parts) => parts.join("")),
  fc.tuple(fc.constantFrom("==", "!="), longReleases).map(([operator, release]) => `${operator}${release}.*`),
  fc
    .tuple(longReleases, fc.constantFrom("", "a1", ".post1", ".dev0"))
    .map(([release, suffix]) => `~=${release}${suffix}`),
);

/** Any set of up to three clauses. */
export const anySpecifiers: fc.Arbitrary<SpecifierSet> = fc
  .array(clauses, { maxLength: 3 })
  .map((texts) => parseSpecifierSet(texts.join(",")));
