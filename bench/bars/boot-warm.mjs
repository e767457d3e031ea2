/** Warm starts: against a plain virtual environment, against upstream's file of the same kind, and how they grow. */
import { join } from "node:path";

import { builtPex } from "../lib/boots.mjs";
import { compare, median, takeTurns } from "../lib/measure.mjs";
import { virtualEnvironment } from "../lib/peers.mjs";
import { SETS } from "../lib/sets.mjs";

/** How a file is started, and what its build is told; the bar is what a plain environment needs for the same script. */
const WAYS = {
  "./x.pex": { options: [], must: 1.08, aim: 1.03 },
  "python x.pex": { options: [], byPython: true, must: 1.08, aim: 1.03 },
  "./x.pex --sh-boot": { options: ["--sh-boot"], must: 1.05, aim: 1 },
  "./x.pex --venv --sh-boot": { options: ["--venv", "--sh-boot"], must: 1.02, aim: 0.98 },
};

export async function bootWarm(context) {
  const rows = [];
  for (const set of context.sets) {
    const { script, requirements } = SETS[set];
    const wheels = { python: context.python, requirements, wheelhouse: context.house };
    const venv = virtualEnvironment(join(context.peersHome, `venv-${set}`), wheels);
    const env = context.environment({ PEX_ROOT: join(context.work, "roots", "boot") });
    const side = (name, ...command) => ({ name, step: () => ({ command: [...command, ...SETS[set].arguments], env }) });
    const sides = [];
    for (const [way, { options, byPython }] of Object.entries(WAYS)) {
      const name = `pexjs${options.join("")}`;
      const pex = await builtPex(context, { set, name, command: context.ours, options, isScript: true });
      sides.push(side(way, ...(byPython ? [context.python] : []), pex));
    }
    sides.splice(sides.length / 2, 0, side("venv", join(venv, "bin", script))); // near to all of them
    const samples = await takeTurns(context, sides, { runs: Math.max(context.runs, 11), warmups: 3 });
    for (const [way, { must, aim }] of Object.entries(WAYS)) {
      const bar = `\`${way}\` (${script}), warm`;
      rows.push({ bar, set, peer: "venv", ...compare(samples, [way, "venv"]), must, aim });
    }
  }
  return rows;
}

const MODES = {
  default: { options: [], file: "", must: 0.15, aim: 0.09 },
  packed: { options: ["--layout", "packed"], file: "__main__.py", must: 1 },
  loose: { options: ["--layout", "loose"], file: "__main__.py", must: 1 },
  "--venv": { options: ["--venv"], file: "", must: 1 },
  "--sh-boot": { options: ["--sh-boot"], file: "", must: 1 },
  "--venv --sh-boot": { options: ["--venv", "--sh-boot"], file: "", must: 1 },
};

/** Each way to run, against the same way of upstream's pex. */
export async function bootModes(context) {
  const rows = [];
  for (const set of context.sets.filter((name) => name === "small" || name === "wide")) {
    for (const [mode, { options, file, must, aim }] of Object.entries(MODES)) {
      if (set === "wide" && mode !== "loose") continue; // the one that has a folder on `sys.path` for each distribution
      const build = (name, command, more) =>
        builtPex(context, { set, name: `${name}${mode.replaceAll(" ", "")}`, command, options: more, isScript: true });
      const ours = await build("pexjs", context.ours, options);
      const theirs = await build("pex", [context.peers.pex], [...options, ...SETS[set].pexOptions]);
      const side = (name, pex) => ({
        name,
        step: () => ({
          command: [join(pex, file), ...SETS[set].arguments],
          env: context.environment({ PEX_ROOT: join(context.work, "roots", `modes-${name}`) }),
        }),
      });
      const samples = await takeTurns(context, [side("pexjs", ours), side("pex", theirs)], { warmups: 2 });
      rows.push({ bar: `${mode}, warm`, set, peer: "pex", ...compare(samples, ["pexjs", "pex"]), must, aim });
    }
  }
  return rows;
}

/** A start must not take longer because there are 15,000 files inside. */
export async function bootGrowth(context) {
  if (!context.bootSets.includes("huge")) return [];
  const sides = [];
  for (const [name, command] of [
    ["pexjs", context.ours],
    ["pex", [context.peers.pex]],
  ]) {
    for (const set of ["small", "huge"]) {
      const pex = await builtPex(context, { set, name, command });
      const env = context.environment({ PEX_ROOT: join(context.work, "roots", `growth-${name}`) });
      sides.push({ name: `${name} ${set}`, step: () => ({ command: [context.python, pex, "-c", ""], env }) });
    }
  }
  const samples = await takeTurns(context, sides, { runs: Math.max(context.runs, 15), warmups: 2 });
  const growth = (name) =>
    median(samples[`${name} huge`].map((sample, index) => sample.seconds - samples[`${name} small`][index].seconds));
  return [
    {
      bar: "`-c ''` warm, huge minus small",
      set: "huge",
      peer: "pex",
      ours: growth("pexjs"),
      theirs: growth("pex"),
      runs: samples["pexjs huge"].length,
      must: 0.002,
      aim: 0,
    },
  ];
}
