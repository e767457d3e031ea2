/** The very first start of a file, and what of its work another one or a rebuilt one need not do again. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { builtPex, firstBoot } from "../lib/boots.mjs";
import { wheelsOfPex } from "../lib/contents.mjs";
import { compare, measure, takeTurns } from "../lib/measure.mjs";
import { virtualEnvironment } from "../lib/peers.mjs";
import { SETS } from "../lib/sets.mjs";

const LIMITS = { small: { must: 0.04, aim: 0.02 }, data: { must: 0.27, aim: 0.2 }, huge: { must: 0.35, aim: 0.3 } };

export async function bootFirst(context) {
  const rows = [];
  for (const set of context.bootSets) {
    const ours = await builtPex(context, { set, name: "pexjs", command: context.ours });
    const theirs = await builtPex(context, { set, name: "pex", command: [context.peers.pex] });
    const sides = [
      firstBoot(context, { name: "pexjs", pex: ours, expected: wheelsOfPex(context, ours) }),
      firstBoot(context, { name: "pex", pex: theirs }),
    ];
    const samples = await takeTurns(context, sides);
    rows.push({ bar: "first boot, `-c ''`", set, peer: "pex", ...compare(samples, ["pexjs", "pex"]), ...LIMITS[set] });
  }
  return rows;
}

/** With Python's compiling of all that the program imports. */
export async function bootFirstScript(context) {
  if (!context.sets.includes("web")) return [];
  const { script, requirements, arguments: args } = SETS.web;
  const pex = await builtPex(context, { set: "web", name: "pexjs", command: context.ours, isScript: true });
  const wheels = { python: context.python, requirements, wheelhouse: context.house };
  const venv = virtualEnvironment(join(context.peersHome, "venv-web"), wheels);
  const sides = [
    firstBoot(context, { name: "pexjs", pex, args, expected: wheelsOfPex(context, pex) }),
    { name: "venv", step: () => ({ command: [join(venv, "bin", script), ...args], env: context.environment() }) },
  ];
  const ratio = compare(await takeTurns(context, sides), ["pexjs", "venv"]);
  return [{ bar: `first boot (${script})`, set: "web", peer: "venv, warm", ...ratio, must: 3.3, aim: 1.6 }];
}

/** A second file with the same wheels, started after the first. */
export async function bootSecond(context) {
  const rows = [];
  for (const set of context.bootSets.filter((name) => name === "small" || name === "data")) {
    const first = await builtPex(context, { set, name: "pexjs", command: context.ours });
    const second = await builtPex(context, { set, name: "pexjs", command: context.ours, isScript: true });
    const interpreter = { PEX_INTERPRETER: "1" };
    const startFirst = (root) =>
      measure(context, {
        command: [context.python, first, "-c", ""],
        env: context.environment({ PEX_ROOT: root, ...interpreter }),
      });
    const sides = [
      firstBoot(context, { name: "second", pex: second, env: interpreter, prepare: startFirst }),
      firstBoot(context, { name: "alone", pex: second, env: interpreter }),
    ];
    const ratio = compare(await takeTurns(context, sides), ["second", "alone"]);
    const limits = set === "data" ? { must: 0.15, aim: 0.08 } : {};
    rows.push({ bar: "first boot beside a PEX with the same wheels", set, peer: "alone", ...ratio, ...limits });
  }
  return rows;
}

/** One line of the sources changed, built again, started. */
export async function bootRebuilt(context) {
  if (!context.sets.includes("web")) return [];
  const sources = join(context.work, "sources");
  mkdirSync(sources, { recursive: true });
  for (let number = 0; number < 20; number++) writeFileSync(join(sources, `part${number}.py`), `VALUE = ${number}\n`);
  const pex = join(context.work, "out", "rebuilt.pex");
  const env = context.environment({ PEX_ROOT: join(context.work, "roots", "rebuilt") });
  const fixed = [
    "--no-pypi",
    "-i",
    context.index.url,
    "--python",
    context.python,
    "-D",
    sources,
    "-m",
    "app",
    "-o",
    pex,
  ];
  const side = (name, prepare) => ({
    name,
    async step(round) {
      await prepare(round);
      return { command: [context.python, pex], env };
    },
  });
  const build = async (round) => {
    writeFileSync(join(sources, "app.py"), `import flask, part0\nprint(${round})\n`);
    await measure(context, { command: [...context.ours, ...SETS.web.requirements, ...fixed], env });
  };
  const start = () => measure(context, { command: [context.python, pex], env });
  const rebuilt = side("rebuilt", build);
  const warm = side("warm", async (round) => {
    await build(`${round}.5`);
    await start();
  });
  const ratio = compare(await takeTurns(context, [rebuilt, warm]), ["rebuilt", "warm"]);
  return [{ bar: "next boot after one line was edited", set: "web", peer: "warm boot", ...ratio, must: 1.3, aim: 1.1 }];
}
