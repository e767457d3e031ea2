/** Peak memory of builds, also of a huge one. */
import { statfsSync } from "node:fs";
import { join } from "node:path";

import { measure } from "../lib/measure.mjs";
import { RESOLVE_SETS, SETS } from "../lib/sets.mjs";
import { giantWheels } from "../lib/wheels.mjs";

const LIMITS = { unit: "bytes", must: 160e6, aim: 130e6 };
const GIANT_NEEDS = 15e9;

export async function memory(context) {
  const { index, python, work } = context;
  const rows = [];
  for (const set of context.sets) {
    const output = join(work, "out", `${set}-memory.pex`);
    const command = [
      ...context.ours,
      ...SETS[set].requirements,
      "--no-pypi",
      "-i",
      index.url,
      "--python",
      python,
      "-o",
      output,
    ];
    const peak = async (root) =>
      (await measure(context, { command, env: context.environment({ PEX_ROOT: join(work, root) }) })).peak;
    const cold = await peak(`caches/memory-${set}`);
    rows.push({
      bar: "peak memory of a build",
      set,
      ours: Math.max(cold, await peak(`caches/memory-${set}`)),
      ...LIMITS,
    });
  }
  return rows;
}

/** Cold, from the default index, and once more; the larger counts. */
export async function memoryOfResolve(context) {
  const rows = [];
  const index = context.defaultIndex ? ["--no-pypi", "-i", context.defaultIndex] : [];
  for (const set of context.resolveSets) {
    const command = [...context.ours, ...RESOLVE_SETS[set], ...index, "--python", context.python, "--dry-run"];
    const env = context.environment({ PEX_ROOT: join(context.work, "caches", `memory-resolve-${set}`) });
    const peak = async () => (await measure(context, { command, env })).peak;
    const ours = Math.max(await peak(), await peak());
    rows.push({ bar: "peak memory of a resolve", set, ours, unit: "bytes", must: 200e6, aim: 150e6 });
  }
  return rows;
}

export async function memoryGiant(context) {
  const { bavail, bsize } = statfsSync(context.work);
  if (bavail * bsize < GIANT_NEEDS) {
    context.say(`skipped: the build of 3 GB needs ${GIANT_NEEDS / 1e9} GB of free disk`);
    return [];
  }
  const { directory, requirements } = giantWheels(context.peersHome, context.python);
  const output = join(context.work, "out", "giant.pex");
  const fixed = ["--no-pypi", "-f", directory, "--python", context.python, "-o", output];
  const env = context.environment({ PEX_ROOT: join(context.work, "caches", "giant") });
  const sample = await measure(context, { command: [...context.ours, ...requirements, ...fixed], env });
  const probe = `import ${requirements.map((name) => name.replaceAll("-", "_")).join(", ")}`;
  await measure(context, { command: [context.python, output, "-c", probe], env });
  return [
    { bar: "peak memory of a build", set: "3 GB", ours: sample.peak, ...LIMITS },
    { bar: "time of that build", set: "3 GB", ours: sample.seconds },
  ];
}
