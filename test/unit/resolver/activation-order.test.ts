import { expect, test } from "vitest";

import { activationOrder } from "../../../src/resolver/activation-order.ts";
import { resolveWorld, type World } from "../../support/resolver-world.ts";

const world: World = {
  zebra: { "1.0": ["mouse", "ant ; sys_platform == 'win32'", "bee"] },
  cat: { "1.0": { requires: ["mouse", "dog; extra == 'pets'", "ant"], extras: ["pets"] } },
  mouse: { "1.0": ["cheese"] },
  ant: { "1.0": ["zebra"] },
  bee: { "1.0": [] },
  dog: { "1.0": [] },
  cheese: { "1.0": [] },
};

test("roots come in the order given, then their dependencies breadth first in the order of the metadata", async () => {
  const resolution = await resolveWorld(world, { requirements: ["zebra", "cat[pets]"] });
  const order = activationOrder(resolution).map(({ project }) => project);
  expect(order).toEqual(["zebra", "cat", "mouse", "bee", "ant", "dog", "cheese"]);
});

test("metadata that was not looked at for want of dependencies does no harm", async () => {
  const broken: World = { b: { "1.0": ["<< nonsense"] }, a: { "1.0": ["b"] } };
  const resolution = await resolveWorld(broken, { requirements: ["b", "a"], transitive: false });
  expect(activationOrder(resolution).map(({ project }) => project)).toEqual(["b", "a"]);
});
