import * as fc from "fast-check";
import { expect, test } from "vitest";

import {
  comparePublic,
  compareVersions,
  formatVersion,
  makeVersion,
  parseVersion,
  trimRelease,
} from "../../src/standards/version.ts";
import { anyVersions } from "../support/version-arbitraries.ts";

const huge = fc.constantFrom(0, 1, 2 ** 12 - 1, 2 ** 12, 2 ** 13 - 1, 2 ** 13, 2 ** 25 - 1, 2 ** 25, 2 ** 53 - 1);

test("the order is antisymmetric and transitive", () => {
  fc.assert(
    fc.property(anyVersions, anyVersions, anyVersions, (a, b, c) => {
      expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
      if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
        expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
    }),
    { numRuns: 2_000 },
  );
});

test("the normal form reads back as the same version", () => {
  fc.assert(
    fc.property(anyVersions, (version) => {
      expect(parseVersion(formatVersion(version))).toEqual(version);
      expect(compareVersions(trimRelease(version), version)).toBe(0);
    }),
  );
});

test("releases compare number by number also where the packed order runs out of bits", () => {
  fc.assert(
    fc.property(
      fc.array(huge, { minLength: 4, maxLength: 4 }),
      fc.array(huge, { minLength: 4, maxLength: 4 }),
      (a, b) => {
        const difference = a.map((number, index) => number - b[index]!).find((each) => each !== 0) ?? 0;
        const [left, right] = [a, b].map((release) => parseVersion(release.join(".")));
        expect(Math.sign(compareVersions(left!, right!))).toBe(Math.sign(difference));
      },
    ),
  );
});

test("without local labels, public and full order are the same", () => {
  fc.assert(
    fc.property(anyVersions, anyVersions, (a, b) => {
      const [left, right] = [makeVersion({ ...a, local: [] }), makeVersion({ ...b, local: [] })];
      expect(comparePublic(a, b)).toBe(compareVersions(left, right));
    }),
  );
});
