import { expect, test } from "vitest";

import { WriteBehind } from "../../../src/cache/write-behind.ts";

test("tasks run in their order, one in each turn of the event loop", async () => {
  const done: string[] = [];
  const writing = new WriteBehind();
  for (const name of ["first", "second"]) writing.add(() => void done.push(name));
  expect(done).toEqual([]);
  await new Promise(setImmediate);
  expect(done).toEqual(["first"]);
  await new Promise(setImmediate);
  expect(done).toEqual(["first", "second"]);
});

test("a flush runs all that is left, and later tasks run as before", async () => {
  const done: string[] = [];
  const writing = new WriteBehind();
  for (const name of ["first", "second"]) writing.add(() => void done.push(name));
  writing.flush();
  expect(done).toEqual(["first", "second"]);
  writing.add(() => void done.push("third"));
  await new Promise(setImmediate);
  expect(done).toEqual(["first", "second", "third"]);
});
