import { describe, expect, test } from "vitest";

import { Unsatisfiable } from "../../../src/resolver/errors.ts";
import { botoWorld, deepConflictWorld, lockstepWorld } from "../../support/hard-worlds.ts";
import { pinsOf, resolveWorld } from "../../support/resolver-world.ts";

describe("search effort", () => {
  test("a pair that collides again and again is decided the other way round after five conflicts", async () => {
    const world = botoWorld(300, 10);
    const resolution = await resolveWorld(world, { requirements: ["urllib3", "boto3"] });
    expect(pinsOf(resolution)).toEqual(["boto3 1.299.0", "botocore 1.299.2", "urllib3 1.26"]);
    expect(resolution.tries).toBeLessThan(40);
  });

  test("hundreds of versions that cannot fit are passed once each", async () => {
    const resolution = await resolveWorld(botoWorld(300, 10), { requirements: ["boto3", "newcomer"] });
    expect(pinsOf(resolution)).toEqual(["boto3 1.9.0", "botocore 1.9.2", "newcomer 1.0", "urllib3 2.1"]);
    // 290 versions of boto3 with three of botocore each.
    expect(resolution.tries).toBeLessThan(290 * 5);
  });

  test("projects that must move in lockstep are found in steps, not by trying all pairs", async () => {
    const resolution = await resolveWorld(lockstepWorld(60), { requirements: ["boto3", "s3fs"] });
    expect(pinsOf(resolution)).toEqual(["aiobotocore 1.59.0", "boto3 1.118.0", "botocore 1.118.0", "s3fs 2.59"]);
    expect(resolution.tries).toBeLessThan(60);
  });

  test("a fault at the end of a chain does not multiply along it", async () => {
    const resolution = await resolveWorld(deepConflictWorld(12, 12), { requirements: ["link0"] });
    expect(pinsOf(resolution)).toContain("link0 1");
    expect(resolution.tries).toBeLessThan(12 * 12 * 3);
  });

  test("a hopeless case ends, and its explanation keeps to a readable length", async () => {
    const answer = resolveWorld(botoWorld(300, 0), { requirements: ["boto3", "newcomer"] });
    const error: unknown = await answer.catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(Unsatisfiable);
    expect((error as Unsatisfiable).message.split("\n").length).toBeLessThan(20);
    await expect((error as Unsatisfiable).message).toMatchFileSnapshot("../../goldens/resolver/hopeless.txt");
  });
});
