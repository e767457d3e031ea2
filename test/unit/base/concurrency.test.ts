import { expect, test } from "vitest";

import { mapConcurrently, Semaphore } from "../../../src/base/concurrency.ts";
import { OnceMap } from "../../../src/base/once-map.ts";

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("mapConcurrently keeps the order and never exceeds the limit", async () => {
  let running = 0;
  let most = 0;
  const results = await mapConcurrently([5, 1, 4, 2, 3], 2, async (item) => {
    most = Math.max(most, ++running);
    for (let count = 0; count < item; count++) await tick();
    running--;
    return item * 10;
  });
  expect(results).toEqual([50, 10, 40, 20, 30]);
  expect(most).toBe(2);
});

test("mapConcurrently starts nothing after a failure and throws that failure", async () => {
  const started: number[] = [];
  const work = mapConcurrently([1, 2, 3, 4, 5, 6], 2, async (item) => {
    started.push(item);
    await tick();
    if (item === 2) throw new Error("second");
  });
  await expect(work).rejects.toThrow("second");
  expect(started.length).toBeLessThan(5);
});

test("a semaphore hands its places on in order", async () => {
  const semaphore = new Semaphore(1);
  const order: string[] = [];
  await Promise.all(
    ["a", "b", "c"].map((name) =>
      semaphore.run(async () => {
        order.push(`${name} in`);
        await tick();
        order.push(`${name} out`);
      }),
    ),
  );
  expect(order).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
});

test("a once-map runs a task once per key, and again after a failure", async () => {
  const map = new OnceMap<string, number>();
  let runs = 0;
  const task = async (): Promise<number> => {
    await tick();
    if (++runs === 1) throw new Error("first");
    return runs;
  };
  const both = await Promise.allSettled([map.get("key", task), map.get("key", task)]);
  expect(both.map((each) => each.status)).toEqual(["rejected", "rejected"]);
  await tick();
  expect(await Promise.all([map.get("key", task), map.get("key", task)])).toEqual([2, 2]);
});
