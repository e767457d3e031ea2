import { describe, expect, test } from "vitest";

import { Cancelled, PexError, UsageError } from "../../../src/base/errors.ts";
import { DirectReference } from "../../../src/resolver/direct-reference.ts";
import { UndecidableRequirement } from "../../../src/resolver/errors.ts";
import type { PackageSource, Soon } from "../../../src/resolver/package-source.ts";
import { resolve } from "../../../src/resolver/resolve.ts";
import { formatVersion } from "../../../src/standards/version.ts";
import { linuxTarget, pinsOf, requestOf, resolveWorld, type World, WorldSource } from "../../support/resolver-world.ts";
import { syntheticWorld } from "../../support/synthetic-world.ts";
import { botoWorld } from "../../support/hard-worlds.ts";

describe("direct references end the resolve by name", () => {
  test("of the user, without showing a password", async () => {
    const answer = resolveWorld({}, { requirements: ["foo @ https://me:secret@index.example/foo.zip"] });
    await expect(answer).rejects.toThrow(DirectReference);
    await expect(answer).rejects.toThrow("lies there: `foo @ https://****@index.example/foo.zip`");
  });

  test("of a dependency, with who requires it", async () => {
    const world: World = { app: { "1.0": ["foo @ https://index.example/foo.zip"] } };
    await expect(resolveWorld(world, { requirements: ["app"] })).rejects.toThrow(/foo\.zip`, required by app 1\.0$/);
  });

  test("but not where their marker is false", async () => {
    const world: World = { app: { "1.0": ["foo @ https://index.example/foo.zip ; sys_platform == 'win32'"] } };
    expect(pinsOf(await resolveWorld(world, { requirements: ["app"] }))).toEqual(["app 1.0"]);
  });
});

describe("constraints", () => {
  test.each([
    ["foo[bar]<2", UsageError, "Constraints cannot have extras: foo[bar]<2"],
    ["foo @ https://index.example/foo.zip", UsageError, "Constraints limit versions, they cannot have URLs: foo"],
  ])("%s is refused", async (constraint, type, message) => {
    const answer = resolveWorld({ foo: { "1.0": [] } }, { requirements: ["foo"], constraints: [constraint] });
    await expect(answer).rejects.toThrow(type);
    await expect(answer).rejects.toThrow(message);
  });
});

class Unbuildable extends PexError {
  readonly code = "CANNOT_BUILD";
}

describe("failures of the source", () => {
  test("an sdist that would have to be built is not avoided by taking an older version", async () => {
    const source = new WorldSource({ foo: { "2.0": { sdist: true }, "1.0": [] } });
    const failing: PackageSource = override(source, {
      metadata: (candidate) => {
        if (candidate.kind === "sdist") throw new Unbuildable("Cannot build foo 2.0");
        return source.metadata(candidate);
      },
    });
    await expect(resolve(requestOf({ requirements: ["foo"] }), failing)).rejects.toThrow("foo 2.0");
  });

  test("are thrown as they are, also when the scout has met them first", async () => {
    const source = new WorldSource({ app: { "1.0": ["foo"] } });
    const failing = override(source, {
      releases: async (project) => {
        await Promise.resolve();
        if (project === "foo") throw new Error("The network is down");
        return source.releases(project);
      },
    });
    await expect(resolve(requestOf({ requirements: ["app"] }), failing)).rejects.toThrow("The network is down");
  });

  test("about what turns out not to be needed do not matter", async () => {
    const source = new WorldSource({ app: { "2.0": ["dead-end", "gone>=9"], "1.0": [] }, gone: { "1.0": [] } });
    const failing = override(source, {
      releases: async (project) => {
        await Promise.resolve();
        if (project === "dead-end") throw new Error("The network is down");
        return source.releases(project);
      },
    });
    const request = requestOf({ requirements: ["app", "gone"] });
    await expect(
      resolve({ ...request, requirements: request.requirements.toReversed() }, failing),
    ).resolves.toMatchObject({ distributions: [{ project: "app" }, { project: "gone" }] });
  });
});

test("a cancelled signal stops the search", async () => {
  const controller = new AbortController();
  const source = new WorldSource(botoWorld(50, 0), async <Value>(value: Value) => value);
  let steps = 0;
  const onEvent = (): void => {
    steps++;
    if (steps === 10) controller.abort();
  };
  const answer = resolve(requestOf({ requirements: ["boto3", "newcomer"] }), source, {
    signal: controller.signal,
    onEvent,
  });
  await expect(answer).rejects.toThrow(Cancelled);
  expect(steps).toBeLessThan(15);
});

test("a marker that the target cannot decide is an error that says whose", async () => {
  const { platform_release: _, ...markers } = linuxTarget.markers;
  const question = { requirements: ["foo"], target: { ...linuxTarget, markers } };
  const answer = resolveWorld({ foo: { "1.0": ["bar ; platform_release > '5'"] } }, question);
  await expect(answer).rejects.toThrow(UndecidableRequirement);
  await expect(answer).rejects.toThrow("Cannot tell what foo 1.0 requires");
});

test("the answer tells who requires what, once each and not itself", async () => {
  const world: World = {
    app: { "1.0": { requires: ["lib", "lib>0 ; extra == 'x'", "app[x]"], extras: ["x"] } },
    lib: { "1.0": ["base"] },
    base: { "1.0": [] },
  };
  const resolution = await resolveWorld(world, { requirements: ["app", "base"] });
  expect(resolution.distributions.map(({ project, requiredBy }) => [project, requiredBy])).toEqual([
    ["app", []],
    ["base", ["lib"]],
    ["lib", ["app"]],
  ]);
});

test("explanations neutralise what an index could write to a terminal", async () => {
  const world: World = { foo: { "1.0": { yanked: "\u001b[31mred\nalert" }, "0.9": { requiresPython: ">=4" } } };
  const error = await resolveWorld(world, { requirements: ["foo"] }).catch((failure: unknown) => String(failure));
  expect(error).toContain("\\x1b[31mred alert");
  // oxlint-disable-next-line no-control-regex
  expect(error).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
});

describe("fetching ahead", () => {
  test("whole levels of the graph are asked for at once", async () => {
    const network = new Network(new WorldSource(syntheticWorld(63)));
    const resolution = await resolve(requestOf({ requirements: ["p0"] }), network);
    expect(resolution.distributions.length).toBe(63);
    // The tree is six levels deep; each needs a page and then metadata.
    expect(network.rounds).toBeLessThanOrEqual(2 * 6 + 2);
  });

  test("what there was last time is followed before any answer has come", async () => {
    const world = new WorldSource(syntheticWorld(63));
    const network = new Network(world, { latency: 300 });
    const resolution = await resolve(requestOf({ requirements: ["p0"] }), recalling(world, network));
    expect(resolution.distributions.length).toBe(63);
    // One for all pages; more on a machine that is very busy, but nowhere near the twelve without.
    expect(network.rounds).toBeLessThanOrEqual(3);
  });

  test("what there was last time decides nothing", async () => {
    const before = new WorldSource({ app: { "1.0": ["gone", "lib"] }, gone: { "1.0": [] }, lib: { "1.0": [] } });
    const now = new WorldSource({ app: { "1.0": ["gone", "lib"], "2.0": ["lib"] }, lib: { "1.0": [], "1.1": [] } });
    const source = recalling(before, new Network(now));
    const { distributions } = await resolve(requestOf({ requirements: ["app"] }), source);
    expect(distributions.map(({ project, version }) => `${project} ${formatVersion(version)}`)).toEqual([
      "app 2.0",
      "lib 1.1",
    ]);
  });

  test("nothing is fetched that is not needed while answers come at once", async () => {
    const world: World = { lib: { "1.0": [] }, app: { "2.0": ["lib<1", "never"], "1.0": [] }, never: { "1.0": [] } };
    const source = new WorldSource(world);
    await resolve(requestOf({ requirements: ["lib", "app"] }), source);
    expect(source.log).toContain("prefetch releases never");
    expect(source.log).not.toContain("releases never");
    expect(source.log.filter((entry) => entry.startsWith("prefetch metadata"))).toEqual([]);
  });

  test("after five versions the next ones are asked for in one go", async () => {
    const source = new WorldSource(botoWorld(40, 2));
    await resolve(requestOf({ requirements: ["newcomer", "boto3"] }), source);
    const prefetched = source.log.filter((entry) => entry.startsWith("prefetch metadata boto3"));
    expect(prefetched.slice(0, 5)).toEqual(
      [35, 34, 33, 32, 31].map((minor) => `prefetch metadata boto3 1.${minor - 1}.0`),
    );
  });
});

/** A source whose answers to all open questions arrive together, one round trip later. */
class Network implements PackageSource {
  rounds = 0;
  readonly #source: PackageSource;
  readonly #latency: number;
  readonly #answers = new Map<string, { value: unknown } | Promise<unknown>>();
  #open: (() => void)[] = [];

  /** @param options.latency Milliseconds of a round trip. */
  constructor(source: PackageSource, { latency = 5 }: { readonly latency?: number } = {}) {
    this.#source = source;
    this.#latency = latency;
  }

  releases(...[project]: Parameters<PackageSource["releases"]>): ReturnType<PackageSource["releases"]> {
    return this.#ask(project, () => this.#source.releases(project));
  }

  metadata(...[candidate]: Parameters<PackageSource["metadata"]>): ReturnType<PackageSource["metadata"]> {
    return this.#ask(candidate.file.url, () => this.#source.metadata(candidate));
  }

  recall(): undefined {
    return undefined;
  }

  prefetchReleases(): void {}

  prefetchMetadata(): void {}

  #ask<Value>(key: string, answer: () => Soon<Value>): Soon<Value> {
    const known = this.#answers.get(key);
    if (known !== undefined) return known instanceof Promise ? (known as Promise<Value>) : (known.value as Value);
    const promise = new Promise<Value>((deliver) => {
      this.#open.push(() => {
        const value = answer() as Value;
        this.#answers.set(key, { value });
        deliver(value);
      });
      if (this.#open.length === 1) setTimeout(() => this.#deliver(), this.#latency);
    });
    this.#answers.set(key, promise);
    return promise;
  }

  #deliver(): void {
    this.rounds++;
    const open = this.#open;
    this.#open = [];
    for (const deliver of open) deliver();
  }
}

/** The network, by somebody who still knows the world as it was before, metadata included. */
function recalling(before: WorldSource, network: PackageSource): PackageSource {
  return override(network, {
    recall: (project) => before.known(project),
    metadata: (candidate) => before.knownMetadata(candidate) ?? network.metadata(candidate),
  });
}

function override(source: PackageSource, methods: Partial<PackageSource>): PackageSource {
  return {
    releases: (project) => source.releases(project),
    metadata: (candidate) => source.metadata(candidate),
    recall: () => undefined,
    prefetchReleases: () => {},
    prefetchMetadata: () => {},
    ...methods,
  };
}
