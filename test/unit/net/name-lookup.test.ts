import { expect, test } from "vitest";

import { NameLookup, type Address } from "../../../src/net/name-lookup.ts";

const six = (address: string): Address => ({ address, family: 6 });
const four = (address: string): Address => ({ address, family: 4 });

test.each([
  ["one family stays as it is", [four("a"), four("b")], "ab"],
  ["families alternate, beginning with the first", [six("a"), six("b"), six("c"), four("x"), four("y")], "axbyc"],
  ["a longer second family is not lost", [four("a"), six("x"), six("y"), six("z")], "axyz"],
  ["no address at all", [], ""],
])("%s", async (_, found, expected) => {
  const names = new NameLookup(() => Promise.resolve(found));
  expect((await names.addresses("index.example")).map(({ address }) => address).join("")).toBe(expected);
});

test("addresses are not looked up", async () => {
  const names = new NameLookup(() => Promise.reject(new Error("asked")));
  expect(await names.addresses("127.0.0.1")).toEqual([four("127.0.0.1")]);
  expect(await names.addresses("[::1]")).toEqual([six("::1")]);
});

test("a failure is not remembered", async () => {
  let asked = 0;
  const names = new NameLookup(() =>
    asked++ === 0 ? Promise.reject(new Error("no")) : Promise.resolve([four("1.2.3.4")]),
  );
  await expect(names.addresses("index.example")).rejects.toThrow("no");
  expect(await names.addresses("index.example")).toHaveLength(1);
});
