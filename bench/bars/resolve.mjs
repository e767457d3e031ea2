/** A dry run of the widest set, caches warm, local index: against pip 26. */
import { join } from "node:path";

import { compare, takeTurns } from "../lib/measure.mjs";
import { SETS } from "../lib/sets.mjs";

export async function resolve(context) {
  if (!context.sets.includes("wide")) return [];
  const { index, publish, python, work } = context;
  const requirements = [...SETS.wide.requirements, "bench-canary"];
  let version;
  const check = (sample) => {
    if (!new RegExp(`bench.canary\\W+${version.replaceAll(".", "\\.")}\\b`, "i").test(sample.stdout + sample.stderr)) {
      throw new Error(
        `bench-canary ${version}, published a moment ago, was not chosen:\n${sample.stdout}${sample.stderr}`,
      );
    }
  };
  const sides = [
    {
      name: "pexjs",
      check,
      step() {
        version = publish();
        const command = [
          ...context.ours,
          ...requirements,
          "--dry-run",
          "--no-pypi",
          "-i",
          index.url,
          "--python",
          python,
        ];
        return { command, env: context.environment({ PEX_ROOT: join(work, "roots", "pexjs") }) };
      },
    },
    {
      name: "pip",
      check,
      step() {
        version = publish();
        const options = ["--dry-run", "--ignore-installed", "--disable-pip-version-check", "--index-url", index.url];
        return { command: [context.peers.pip, "install", ...options, ...requirements], env: context.environment() };
      },
    },
  ];
  const samples = await takeTurns(context, sides, { warmups: 2 });
  return [
    {
      bar: "resolve, warm, --dry-run",
      set: "wide",
      peer: "pip",
      ...compare(samples, ["pexjs", "pip"]),
      must: 0.2,
      aim: 0.06,
    },
  ];
}
