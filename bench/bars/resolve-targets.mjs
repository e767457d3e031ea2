/** A dry run for four machines at once, caches warm, local index: against one of them. */
import { join } from "node:path";

import { compare, takeTurns } from "../lib/measure.mjs";
import { SETS } from "../lib/sets.mjs";

/** They take the same wheels, and yet are four targets: each has other tags. */
const SYSTEMS = ["manylinux_2_36", "manylinux_2_37", "manylinux_2_38", "manylinux_2_39"];

export async function resolveTargets(context) {
  const rows = [];
  for (const set of context.sets.filter((name) => name !== "small")) {
    const { index, publish, python, work } = context;
    const version = /python-(3)\.(\d+)\.(\d+)/.exec(python) ?? [];
    const [, major, minor, patch] = version;
    const platform = (system) => `${system}_x86_64-cp-${major}.${minor}.${patch}-cp${major}${minor}`;
    const side = (name, systems) => ({
      name,
      step() {
        publish();
        const wanted = [...SETS[set].requirements, "bench-canary", "--dry-run", "--no-pypi", "-i", index.url];
        const targets = systems.flatMap((system) => ["--platform", platform(system)]);
        const env = context.environment({ PEX_ROOT: join(work, "roots", "pexjs") });
        return { command: [...context.ours, ...wanted, ...targets], env };
      },
    });
    const samples = await takeTurns(context, [side("four", SYSTEMS), side("one", SYSTEMS.slice(-1))], { warmups: 2 });
    rows.push({
      bar: "resolve for four targets",
      set,
      peer: "one target",
      ...compare(samples, ["four", "one"]),
      must: 1.3,
      aim: 1.1,
    });
  }
  return rows;
}
