/** Starts of built files: warm against a plain virtual environment, and the very first one against pex. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";

import { countFiles, wheelsOfPex } from "../lib/contents.mjs";
import { compare, measure, takeTurns } from "../lib/measure.mjs";
import { virtualEnvironment } from "../lib/peers.mjs";
import { SETS } from "../lib/sets.mjs";
import { filesInside } from "../lib/wheels.mjs";

export async function bootWarm(context) {
  const rows = [];
  for (const set of context.sets) {
    const { script, requirements } = SETS[set];
    const pex = await builtPex(context, { set, name: "pexjs", command: context.ours, isScript: true });
    const wheels = { python: context.python, requirements, wheelhouse: context.house };
    const venv = virtualEnvironment(join(context.peersHome, `venv-${set}`), wheels);
    const env = context.environment({ PEX_ROOT: join(context.work, "roots", "boot") });
    const sides = [
      { name: "pex file", step: () => ({ command: [pex, ...SETS[set].arguments], env }) },
      { name: "python pex", step: () => ({ command: [context.python, pex, ...SETS[set].arguments], env }) },
      {
        name: "venv",
        step: () => ({ command: [join(venv, "bin", script), ...SETS[set].arguments], env: context.environment() }),
      },
    ];
    const samples = await takeTurns(context, sides, { runs: Math.max(context.runs, 11), warmups: 3 });
    const limits = set === "web" || set === "data" ? { must: 1.15, aim: 1.05 } : {};
    rows.push({
      bar: `\`./x.pex\` (${script}), warm`,
      set,
      peer: "venv",
      ...compare(samples, ["pex file", "venv"]),
      ...limits,
    });
    rows.push({
      bar: `\`python x.pex\` (${script}), warm`,
      set,
      peer: "venv",
      ...compare(samples, ["python pex", "venv"]),
      ...limits,
    });
  }
  return rows;
}

export async function bootFirst(context) {
  const rows = [];
  const limits = { small: { must: 0.1, aim: 0.04 }, data: { must: 0.4, aim: 0.25 } };
  for (const set of context.sets) {
    const ours = await builtPex(context, { set, name: "pexjs", command: context.ours });
    const theirs = await builtPex(context, {
      set,
      name: "pex",
      command: [context.peers.pex],
      options: SETS[set].pexOptions,
    });
    const wheels = wheelsOfPex(context, ours);
    const sides = [
      firstBoot(context, { name: "pexjs", pex: ours, wheels }),
      firstBoot(context, { name: "pex", pex: theirs, wheels: [] }),
    ];
    const samples = await takeTurns(context, sides);
    rows.push({ bar: "first boot, `-c ''`", set, peer: "pex", ...compare(samples, ["pexjs", "pex"]), ...limits[set] });
  }
  return rows;
}

let serial = 0;

function firstBoot(context, { name, pex, wheels }) {
  let root;
  return {
    name,
    step() {
      root = join(context.work, "caches", `first-${name}-${++serial}`);
      mkdirSync(root, { recursive: true });
      spawnSync("sync");
      return { command: [context.python, pex, "-c", ""], env: context.environment({ PEX_ROOT: root }) };
    },
    check() {
      const [found, expected] = [countFiles(root), filesInside(context.house, wheels)];
      if (found < expected)
        throw new Error(`${name}: ${found} files are on disk after the first boot, the wheels hold ${expected}`);
    },
  };
}

/** Builds once, from the wheels of the local index. */
async function builtPex(context, { set, name, command, options = [], isScript = false }) {
  const output = join(context.work, "out", `${set}-${name}${isScript ? "-script" : ""}-boot.pex`);
  if (existsSync(output)) return output;
  const env = context.environment({ PEX_ROOT: join(context.work, "roots", name) });
  const fixed = ["--no-pypi", "-i", context.index.url, "--python", context.python, "-o", output, ...options];
  const script = isScript ? ["-c", SETS[set].script] : [];
  await measure(context, { command: [...command, ...SETS[set].requirements, ...fixed, ...script], env });
  return output;
}
