/** Worlds in the shape of those that have kept other resolvers busy for hours. */

import type { World, WorldVersion } from "./resolver-world.ts";

type Versions = Record<string, WorldVersion | readonly string[]>;

/**
 * boto3, botocore and urllib3: every boto3 wants its own botocore, every recent botocore an old urllib3, and another
 * project a new one. Only boto3 before `tolerant` goes with it.
 */
export function botoWorld(releases: number, tolerant: number): World {
  const boto3: Versions = {};
  const botocore: Versions = {};
  for (let release = 0; release < releases; release++) {
    boto3[`1.${release}.0`] = [`botocore>=1.${release}.0,<1.${release + 1}.0`];
    for (const patch of [0, 1, 2])
      botocore[`1.${release}.${patch}`] = release < tolerant ? ["urllib3"] : ["urllib3<1.27"];
  }
  return {
    boto3,
    botocore,
    urllib3: { "2.1": [], "2.0": [], "1.26": [], "1.25": [] },
    newcomer: { "1.0": ["urllib3>=2"] },
  };
}

/** s3fs pins aiobotocore, which pins a range of botocore, which boto3 pins too: all must move together. */
export function lockstepWorld(releases: number): World {
  const worlds: Record<string, Versions> = { s3fs: {}, aiobotocore: {}, botocore: {}, boto3: {} };
  for (let release = 0; release < releases; release++) {
    worlds["s3fs"]![`2.${release}`] = [`aiobotocore~=1.${release}.0`];
    worlds["aiobotocore"]![`1.${release}.0`] = [`botocore>=1.${2 * release},<1.${2 * release + 1}`];
  }
  for (let release = 0; release < 2 * releases; release++) {
    worlds["botocore"]![`1.${release}.0`] = [];
    worlds["boto3"]![`1.${release}.0`] = [`botocore~=1.${release}.0`];
  }
  return worlds;
}

/** A chain of projects whose newest versions all work but for the last link, which only the oldest first link suits. */
export function deepConflictWorld(depth: number, versions: number): World {
  const world: Record<string, Versions> = {};
  for (let level = 0; level < depth; level++) {
    const list: Versions = {};
    for (let version = 1; version <= versions; version++) {
      list[`${version}`] =
        level + 1 < depth ? [`link${level + 1}>=${version},<${version + 1}`] : version === 1 ? [] : ["nowhere>=9"];
    }
    world[`link${level}`] = list;
  }
  world["nowhere"] = { "1": [] };
  return world;
}
