/**
 * How long solving takes with everything in memory: `node bench/solver.mjs [runs]`.
 *
 * Each run is a fresh process, so that the code is as cold as in a build. The first world has the size and shape of
 * jupyterlab, the others are those that make resolvers despair.
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { bundleProgram } from "./lib/bundle.mjs";

const PROGRAM = `
import { resolve } from "./src/resolver/resolve.ts";
import { botoWorld, deepConflictWorld, lockstepWorld } from "./test/support/hard-worlds.ts";
import { requestOf, WorldSource } from "./test/support/resolver-world.ts";
import { syntheticWorld } from "./test/support/synthetic-world.ts";

const cases = {
  "91 projects, no conflict": () => [syntheticWorld(), ["p0"]],
  "300 boto3, wrong order": () => [botoWorld(300, 10), ["urllib3", "boto3"]],
  "300 boto3, one by one": () => [botoWorld(300, 10), ["boto3", "newcomer"]],
  "500 in lockstep": () => [lockstepWorld(500), ["boto3", "s3fs<2.50"]],
  "12 deep, 12 wide": () => [deepConflictWorld(12, 12), ["link0"]],
};
const [world, requirements] = cases[process.argv[2]]();
const source = new WorldSource(world);
const request = requestOf({ requirements });
globalThis.gc?.();
const start = performance.now();
const { tries } = await resolve(request, source);
console.log(JSON.stringify({ milliseconds: performance.now() - start, tries }));
`;

const CASES = [...PROGRAM.matchAll(/^ {2}"(.*)": \(\)/gm)].map(([, name]) => name);
const folder = mkdtempSync(join(tmpdir(), "pexjs-solver-"));
try {
  const outfile = join(folder, "program.mjs");
  await bundleProgram({ contents: PROGRAM, outfile });
  const runs = Number(process.argv[2] ?? 11);
  console.log("| World | Tries | Fastest (ms) | Median (ms) |\n|---|---|---|---|");
  for (const name of CASES) {
    const results = Array.from({ length: runs }, () => runOnce(outfile, name));
    const times = results.map(({ milliseconds }) => milliseconds).sort((left, right) => left - right);
    const median = times[Math.floor(runs / 2)];
    console.log(`| ${name} | ${results[0].tries} | ${times[0].toFixed(1)} | ${median.toFixed(1)} |`);
  }
} finally {
  rmSync(folder, { recursive: true });
}

function runOnce(program, name) {
  return JSON.parse(execFileSync(process.execPath, ["--expose-gc", program, name], { encoding: "utf8" }));
}
