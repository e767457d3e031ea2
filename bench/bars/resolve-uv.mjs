/** Resolving without installing, caches warm, against `uv pip compile`: on the default index, and on a copy of it with ETags. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { compare, measure, takeTurns } from "../lib/measure.mjs";
import { startMirror } from "../lib/mirror.mjs";
import { EXTRA_ROOTS, RESOLVE_SETS } from "../lib/sets.mjs";

const LIMITS = { must: 1, aim: 0.5 };

/** Every run asks for something else than the one before. */
export async function resolveDefault(context) {
  const rows = [];
  for (const set of context.resolveSets) {
    const ask = (round) => [...RESOLVE_SETS[set], EXTRA_ROOTS.at(round % EXTRA_ROOTS.length)];
    const sides = pair(context, { set, index: context.defaultIndex, ask, check: () => {} });
    const samples = await takeTurns(context, sides, { warmups: EXTRA_ROOTS.length });
    rows.push(row("resolve, warm, default index", set, samples));
  }
  return rows;
}

/** Something is published before every run, and must be chosen. */
export async function resolveMirror(context) {
  const rows = [];
  const mirror = await startMirror(context);
  try {
    for (const set of context.resolveSets) {
      let version;
      const ask = () => {
        version = context.publish();
        return [...RESOLVE_SETS[set], "bench-canary"];
      };
      const check = (pins) => {
        if (pins.includes(`bench-canary ${version}`)) return;
        throw new Error(`bench-canary ${version}, published a moment ago, was not chosen`);
      };
      const samples = await takeTurns(context, pair(context, { set, index: mirror.url, ask, check }), { warmups: 2 });
      rows.push(row("resolve, warm, local index with ETags", set, samples));
    }
  } finally {
    mirror.stop();
  }
  return rows;
}

/** For how many versions of projects somebody looked at the metadata: an effort that no machine changes. */
export async function metadataAsked(context) {
  const rows = [];
  const mirror = await startMirror(context);
  try {
    const { ours, uv } = resolvers(context, mirror.url);
    for (const set of context.resolveSets) {
      const own = await measure(context, ours(RESOLVE_SETS[set], "-vv"));
      const others = await measure(context, uv(RESOLVE_SETS[set], "-v"));
      const asked = Number(/Asked for the metadata of (\d+) version/.exec(own.stderr)[1]);
      const files = new Set(
        Array.from(others.stderr.matchAll(/\/files\/(\S+?)(?:\.metadata)?$/gm), ([, file]) => file),
      );
      const counts = { ours: asked, theirs: files.size, ratio: asked / files.size, runs: 1, unit: "count" };
      rows.push({ bar: "versions whose metadata was asked for", set, peer: "uv", ...counts, must: 1.2, aim: 1 });
    }
  } finally {
    mirror.stop();
  }
  return rows;
}

function row(bar, set, samples) {
  return { bar, set, peer: "uv", ...compare(samples, ["pexjs", "uv"]), ...LIMITS };
}

/** Both sides asked the same; `check` sees what was chosen. */
function pair(context, { set, index, ask, check }) {
  const chosen = {};
  const { ours, uv } = resolvers(context, index);
  return [
    {
      name: "pexjs",
      step: (round) => ours(ask(round)),
      check({ stdout }, round) {
        chosen[round] = pinsIn(stdout);
        check(chosen[round]);
      },
    },
    {
      name: "uv",
      step: (round) => uv(ask(round)),
      check({ stdout }, round) {
        const pins = pinsIn(stdout);
        check(pins);
        const isCanary = (pin) => pin.startsWith("bench-canary ");
        const both = () => [chosen[round], pins].map((side) => side?.filter((pin) => !isCanary(pin)));
        context.compareContents(`${set}, round ${round}`, both);
      },
    },
  ];
}

/** The commands of both sides for some requirements. */
function resolvers(context, index) {
  const { python, work, ours, peers } = context;
  const input = join(work, "requirements.in");
  return {
    ours: (requirements, ...options) => {
      const from = index ? ["--no-pypi", "-i", index] : [];
      const env = context.environment({ PEX_ROOT: join(work, "roots", "pexjs") });
      return { command: [...ours, ...requirements, "--dry-run", "--python", python, ...from, ...options], env };
    },
    uv: (requirements, ...options) => {
      writeFileSync(input, requirements.join("\n"));
      const from = index ? ["--default-index", index] : [];
      const plain = ["--no-header", "--no-annotate", ...(options.length > 0 ? options : ["--quiet"])];
      const env = context.environment({
        UV_CACHE_DIR: join(work, "roots", "uv"),
        UV_NO_CONFIG: "1",
        UV_PYTHON_DOWNLOADS: "never",
      });
      return { command: [peers.uv, "pip", "compile", input, "--python", python, ...plain, ...from], env };
    },
  };
}

/** `project version` of each line `project==version`. */
function pinsIn(text) {
  return [...text.matchAll(/^([A-Za-z0-9._-]+)(?:\[.*\])?==(\S+)/gm)].map(
    ([, project, version]) => `${project} ${version}`,
  );
}
