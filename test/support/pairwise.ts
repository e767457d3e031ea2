/** Few combinations that hold every pair of values. */

type Axes = Readonly<Record<string, readonly unknown[]>>;
export type Combination<Of extends Axes> = { readonly [Axis in keyof Of]: Of[Axis][number] };

/** Every combination, the last axis changing fastest. */
export function product<const Of extends Axes>(axes: Of): Combination<Of>[] {
  let rows: Record<string, unknown>[] = [{}];
  for (const [axis, values] of Object.entries(axes)) {
    rows = rows.flatMap((row) => values.map((value) => ({ ...row, [axis]: value })));
  }
  return rows as Combination<Of>[];
}

/** Combinations of which, for any two axes, at least one holds each pair of their values: greedy, and always the same ones. */
export function pairwise<const Of extends Axes>(axes: Of): Combination<Of>[] {
  const sizes = Object.values(axes).map((values) => values.length);
  const missing = new Set(allPairs(sizes));
  const rows: Record<string, unknown>[] = [];
  for (const first of missing) {
    const row = first.split(/[= ]/).map(Number);
    const chosen = new Map([
      [row[0] ?? 0, row[1] ?? 0],
      [row[2] ?? 0, row[3] ?? 0],
    ]);
    for (const [axis, size] of sizes.entries()) {
      if (!chosen.has(axis)) chosen.set(axis, mostMissing(axis, size, chosen, missing));
    }
    for (const pair of pairsOf(chosen)) missing.delete(pair);
    const named = Object.entries(axes).map(([name, values], axis) => [name, values[chosen.get(axis) ?? 0]]);
    rows.push(Object.fromEntries(named) as Record<string, unknown>);
  }
  return rows as Combination<Of>[];
}

/** The value of an axis that makes the most new pairs with what is chosen already. */
function mostMissing(
  axis: number,
  size: number,
  chosen: ReadonlyMap<number, number>,
  missing: ReadonlySet<string>,
): number {
  const gains = Array.from(
    { length: size },
    (_, value) =>
      [...chosen].filter(([other, otherValue]) => missing.has(pair([axis, value], [other, otherValue]))).length,
  );
  return gains.indexOf(Math.max(...gains));
}

function allPairs(sizes: readonly number[]): string[] {
  const points = sizes.flatMap((size, axis) => Array.from({ length: size }, (_, value) => [axis, value] as const));
  return points.flatMap((left) => points.filter(([axis]) => axis > left[0]).map((right) => pair(left, right)));
}

function pairsOf(chosen: ReadonlyMap<number, number>): string[] {
  const points = [...chosen];
  return points.flatMap((left) => points.filter(([axis]) => axis > left[0]).map((right) => pair(left, right)));
}

/** `axis=value axis=value`, the lower axis first. */
function pair(left: readonly [number, number], right: readonly [number, number]): string {
  const [low, high] = left[0] < right[0] ? [left, right] : [right, left];
  return `${low[0]}=${low[1]} ${high[0]}=${high[1]}`;
}
