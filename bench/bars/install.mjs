/** Builds from the default index against `uv venv` + `uv pip install` of the same, with warm and with empty caches. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { distributionOf, distributionsOfVenv, wheelsOfPex } from "../lib/contents.mjs";
import { compare, takeTurns } from "../lib/measure.mjs";
import { EXTRA_ROOTS, SETS } from "../lib/sets.mjs";

export async function installWarm(context) {
  const rows = [];
  for (const set of context.sets) {
    // All extra roots come into the caches before it counts.
    const samples = await takeTurns(context, pair(context, { set, isCold: false }), { warmups: EXTRA_ROOTS.length });
    rows.push({
      bar: "build, warm, default index",
      set,
      peer: "uv",
      ...compare(samples, ["pexjs", "uv"]),
      must: 1,
      aim: 0.5,
    });
  }
  return rows;
}

export async function installCold(context) {
  const rows = [];
  for (const set of context.sets) {
    const samples = await takeTurns(context, pair(context, { set, isCold: true }), { runs: Math.min(context.runs, 5) });
    rows.push({
      bar: "build, caches empty, default index",
      set,
      peer: "uv",
      ...compare(samples, ["pexjs", "uv"]),
      must: 1.2,
      aim: 0.8,
    });
  }
  return rows;
}

let serial = 0;

function pair(context, { set, isCold }) {
  const { python, work } = context;
  const contents = {};
  const ask = (round) => {
    const requirements = round % 2 === 0 ? SETS[set].requirements : SETS[set].requirements.toReversed();
    return isCold ? requirements : [...requirements, EXTRA_ROOTS.at(round % EXTRA_ROOTS.length)];
  };
  const cache = (name) => {
    if (isCold) spawnSync("sync");
    return join(work, "caches", isCold ? `${name}-${++serial}` : name);
  };
  const ours = {
    name: "pexjs",
    step(round) {
      const output = join(work, "out", `${set}-default-${++serial}.pex`);
      this.output = output;
      const index = context.defaultIndex ? ["--no-pypi", "-i", context.defaultIndex] : [];
      const command = [...context.ours, ...ask(round), "--python", python, ...index, "-o", output];
      return { command, env: context.environment({ PEX_ROOT: cache("pexjs") }) };
    },
    check(_, round) {
      contents[round] = wheelsOfPex(context, this.output).map(distributionOf);
    },
  };
  const uv = {
    name: "uv",
    step(round) {
      this.home = join(work, "venvs", `${set}-${++serial}`);
      const index = context.defaultIndex ? ["--index-url", context.defaultIndex] : [];
      const script =
        'uv=$1 python=$2 home=$3; shift 3; "$uv" venv -q --no-project --python "$python" "$home" && "$uv" pip install -q --python "$home/bin/python" "$@"';
      const env = context.environment({ UV_CACHE_DIR: cache("uv"), UV_NO_CONFIG: "1", UV_PYTHON_DOWNLOADS: "never" });
      return {
        command: ["/bin/sh", "-c", script, "sh", context.peers.uv, python, this.home, ...ask(round), ...index],
        env,
      };
    },
    check(_, round) {
      context.compareContents(`${set}, round ${round}`, () => [contents[round], distributionsOfVenv(this.home)]);
    },
  };
  return [ours, uv];
}
