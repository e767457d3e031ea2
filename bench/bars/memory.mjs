/** Peak memory of builds, also of a huge one. */
import { statfsSync } from "node:fs";
import { join } from "node:path";

import { measure } from "../lib/measure.mjs";
import { SETS } from "../lib/sets.mjs";
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
