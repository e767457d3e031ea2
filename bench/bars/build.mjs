/** Builds from the local index, caches warm: against pex, with shiv for information. Also the size of what comes out. */
import { statSync } from "node:fs";
import { join } from "node:path";

import { distributionOf, wheelsOfPex } from "../lib/contents.mjs";
import { compare, measure, takeTurns } from "../lib/measure.mjs";
import { SETS } from "../lib/sets.mjs";

const LIMITS = {
  small: { must: 0.15, aim: 0.05 },
  web: { must: 0.15, aim: 0.05 },
  data: { must: 0.06, aim: 0.02 },
  wide: { must: 0.06, aim: 0.02 },
};

export async function build(context) {
  const rows = [];
  for (const set of context.sets) {
    const ours = side(context, { name: "pexjs", command: context.ours, set });
    const pex = side(context, { name: "pex", command: [context.peers.pex], set, options: SETS[set].pexOptions });
    const sides = set === "small" || set === "web" ? [ours, pex, shivSide(context, set)] : [ours, pex];
    const samples = await takeTurns(context, sides);
    rows.push({
      bar: "build, warm, local index",
      set,
      peer: "pex",
      ...compare(samples, ["pexjs", "pex"]),
      ...LIMITS[set],
    });
    if (samples.shiv)
      rows.push({ bar: "build, warm, local index", set, peer: "shiv", ...compare(samples, ["pexjs", "shiv"]) });
    assertEqualContents(context, [ours.output, pex.output]);
    for (const { output } of [ours, pex]) await startOnce(context, { output, set });
    rows.push({
      bar: "size of the file",
      set,
      unit: "bytes",
      peer: "pex",
      ...sizes(ours.output, pex.output),
      ...(set === "small" && { must: 0.6, aim: 0.4 }),
    });
  }
  return rows;
}

function side(context, { name, command, set, options = [] }) {
  const { python, index, publish } = context;
  const root = join(context.work, "roots", name);
  const output = join(context.work, "out", `${set}-${name}.pex`);
  const env = context.environment({ PEX_ROOT: root });
  let version;
  return {
    name,
    output,
    step() {
      version = publish();
      const fixed = ["--no-pypi", "-i", index.url, "--python", python, "-o", output];
      return { command: [...command, ...SETS[set].requirements, "bench-canary", ...fixed, ...options], env };
    },
    check() {
      if (wheelsOfPex(context, output).some((wheel) => wheel.startsWith(`bench_canary-${version}-`))) return;
      throw new Error(`${name} did not take bench-canary ${version}, published a moment ago`);
    },
  };
}

function shivSide(context, set) {
  const output = join(context.work, "out", `${set}-shiv.pyz`);
  const env = context.environment({ PIP_INDEX_URL: context.index.url, PIP_DISABLE_PIP_VERSION_CHECK: "1" });
  return {
    name: "shiv",
    step() {
      context.publish();
      return { command: [context.peers.shiv, "-q", "-o", output, ...SETS[set].requirements, "bench-canary"], env };
    },
  };
}

function assertEqualContents(context, outputs) {
  const [ours, theirs] = outputs.map((output) =>
    wheelsOfPex(context, output)
      .map(distributionOf)
      .filter((name) => !name.startsWith("bench-canary "))
      .sort()
      .join("\n"),
  );
  if (ours !== theirs) throw new Error(`The PEX files differ.\npexjs:\n${ours}\npex:\n${theirs}`);
}

async function startOnce(context, { output, set }) {
  const env = context.environment({ PEX_ROOT: join(context.work, "roots", "check"), PEX_SCRIPT: SETS[set].script });
  await measure(context, { command: [output, ...SETS[set].arguments], env });
}

function sizes(ours, theirs) {
  const [left, right] = [statSync(ours).size, statSync(theirs).size];
  return { ours: left, theirs: right, ratio: left / right };
}
