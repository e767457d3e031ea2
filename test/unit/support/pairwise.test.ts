import { expect, test } from "vitest";

import { pairwise, product } from "../../support/pairwise.ts";

test("every pair of values of two axes is there, in few rows", () => {
  const axes = {
    layout: ["zipapp", "packed", "loose"],
    venv: [0, 1, 2, 3],
    shell: [true, false],
    way: [1, 2, 3, 4, 5, 6],
  };
  const all = product(axes);
  const few = pairwise(axes);
  const pairsOf = (row: Readonly<Record<string, unknown>>): string[] => {
    const points = Object.entries(row).map(([axis, value]) => `${axis} is ${String(value)}`);
    return points.flatMap((left) => points.map((right) => `${left}, ${right}`));
  };
  expect(new Set(few.flatMap(pairsOf))).toEqual(new Set(all.flatMap(pairsOf)));
  expect(few.length).toBeGreaterThanOrEqual(24);
  expect(few.length).toBeLessThan(all.length / 4);
});
