#!/usr/bin/env node
/** Measures `bin/pex` against its peers and prints a Markdown table; see README.md. */
import { cpus, totalmem } from "node:os";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { bootFirst, bootFirstScript, bootRebuilt, bootSecond } from "./bars/boot-first.mjs";
import { bootTogether } from "./bars/boot-together.mjs";
import { bootGrowth, bootModes, bootWarm } from "./bars/boot-warm.mjs";
import { build } from "./bars/build.mjs";
import { installCold, installWarm } from "./bars/install.mjs";
import { memory, memoryGiant, memoryOfResolve } from "./bars/memory.mjs";
import { metadataFromAfar } from "./bars/metadata.mjs";
import { resolve } from "./bars/resolve.mjs";
import { resolveTargets } from "./bars/resolve-targets.mjs";
import { metadataAsked, resolveDefault, resolveMirror } from "./bars/resolve-uv.mjs";
import { buildSource } from "./bars/source.mjs";
import { start } from "./bars/start.mjs";
import { executable, launcher } from "./bars/ways.mjs";
import { cleanPython } from "./lib/clean-python.mjs";
import { cleanEnvironment } from "./lib/environment.mjs";
import { startIndex } from "./lib/index-server.mjs";
import { installPeers } from "./lib/peers.mjs";
import { markdown, verdict } from "./lib/report.mjs";
import { BOOT_SETS, RESOLVE_SETS, SETS } from "./lib/sets.mjs";
import { canaryPublisher, wheelhouse } from "./lib/wheels.mjs";

const BARS = {
  start,
  executable,
  launcher,
  build,
  install: installWarm,
  "install-cold": installCold,
  resolve,
  "resolve-targets": resolveTargets,
  "resolve-default": resolveDefault,
  "resolve-mirror": resolveMirror,
  "metadata-asked": metadataAsked,
  "metadata-afar": metadataFromAfar,
  source: buildSource,
  "boot-warm": bootWarm,
  "boot-growth": bootGrowth,
  "boot-modes": bootModes,
  "boot-first": bootFirst,
  "boot-script": bootFirstScript,
  "boot-second": bootSecond,
  "boot-rebuilt": bootRebuilt,
  "boot-together": bootTogether,
  memory,
  "memory-resolve": memoryOfResolve,
  "memory-giant": memoryGiant,
};

const SET_NAMES = [...new Set([...Object.keys(BOOT_SETS), ...Object.keys(RESOLVE_SETS)])];

const HELP = `node bench/run.mjs [options]
  --sets LIST       of ${SET_NAMES.join(",")} (default: all; huge is only started,
                    ${SET_NAMES.filter((name) => !(name in BOOT_SETS)).join(", ")} only resolved)
  --only LIST       of ${Object.keys(BARS).join(",")} (default: all)
  --runs N          counted runs of each side (7)
  --python NAME     interpreter to copy (the first of python3.11, python3.12, …)
  --index URL       used instead of the tools' default index
  --plain-index     the local index offers HTML only, without ETag and metadata files
  --ours COMMAND    measured instead of bin/pex, separated by blanks
  --caches DIR      on a tmpfs: first boots unpack there, and each is deleted again; see README.md
  --json FILE       write the rows there as well
  --keep            leave outputs and caches in bench/.peers/work-*`;

const HERE = dirname(fileURLToPath(import.meta.url));

const { values: options } = parseArgs({
  options: {
    sets: { type: "string", default: SET_NAMES.join(",") },
    only: { type: "string", default: Object.keys(BARS).join(",") },
    runs: { type: "string", default: "7" },
    python: { type: "string" },
    index: { type: "string" },
    "plain-index": { type: "boolean", default: false },
    ours: { type: "string" },
    caches: { type: "string" },
    json: { type: "string" },
    keep: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});

if (options.help) console.log(HELP);
else process.exitCode = await main();

async function main() {
  const sets = chosen("--sets", options.sets, SET_NAMES);
  const bars = chosen("--only", options.only, Object.keys(BARS));
  const context = prepare(sets);
  context.index = await startIndex(context.house, { plain: options["plain-index"] });
  const rows = [];
  try {
    for (const bar of bars) {
      say(`measuring ${bar}`);
      try {
        rows.push(...(await BARS[bar](context)));
      } catch (error) {
        say(`${bar} FAILED: ${error.message}`);
        rows.push({ bar, failed: true });
      }
    }
  } finally {
    context.index.stop();
    for (const folder of options.keep ? [] : [context.work, context.caches])
      rmSync(folder, { recursive: true, force: true });
  }
  const measured = rows.filter(({ failed }) => !failed);
  console.log(`${describeMachine(context)}\n\n${markdown(measured)}`);
  if (context.differences.length > 0) console.log(`\nDifferent contents: ${context.differences.join("; ")}`);
  if (options.json) writeFileSync(options.json, JSON.stringify(rows, undefined, 2));
  const missed = rows.filter((row) => row.failed || verdict(row) === "MISSED");
  console.log(`\n${measured.length} rows, ${missed.length} missed or failed`);
  return missed.length === 0 ? 0 : 1;
}

function prepare(sets) {
  const peersHome = join(HERE, ".peers");
  mkdirSync(peersHome, { recursive: true });
  say("preparing Python and peers");
  const python = cleanPython(peersHome, options.python);
  const { paths, versions } = installPeers(peersHome, python);
  say("preparing wheels");
  const bootSets = sets.filter((name) => name in BOOT_SETS);
  const house = wheelhouse(peersHome, { python, pip: paths.pip, sets: bootSets });
  const work = mkdtempSync(join(peersHome, "work-"));
  for (const name of ["home", "tmp", "out", "roots", "caches", "venvs"]) mkdirSync(join(work, name));
  const places = { home: join(work, "home"), temporary: join(work, "tmp"), python };
  const differences = [];
  return {
    sets: sets.filter((name) => name in SETS),
    bootSets,
    resolveSets: sets.filter((name) => name in RESOLVE_SETS),
    caches: options.caches ? mkdtempSync(join(options.caches, "pexjs-bench-")) : join(work, "caches"),
    forgetCaches: options.caches !== undefined,
    runs: Number(options.runs),
    python,
    peers: paths,
    versions,
    peersHome,
    house,
    work,
    differences,
    say,
    defaultIndex: options.index,
    ours: options.ours?.split(" ") ?? [process.execPath, join(HERE, "..", "bin", "pex")],
    publish: canaryPublisher(house, python),
    environment: (extra) => cleanEnvironment(places, extra),
    /** Notes when two sides of one round do not contain the same; the order of the sides does not matter. */
    compareContents: (what, contents) => {
      const [left, right] = contents().map((names) => names && new Set(names));
      if (!left || !right) return;
      const odd = [...left].filter((name) => !right.has(name)).concat([...right].filter((name) => !left.has(name)));
      if (odd.length > 0) differences.push(`${what}: ${odd.join(", ")}`);
    },
  };
}

function chosen(option, text, known) {
  const names = text.split(",").filter((name) => name !== "");
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`${option}: ${unknown.join(", ")} is not one of ${known.join(", ")}`);
  return known.filter((name) => names.includes(name));
}

function describeMachine({ python, versions }) {
  const tools = Object.entries(versions).map(([tool, version]) => `${tool} ${version}`);
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return `${cpus().length} × ${cpus()[0]?.model ?? "?"}, ${memory}, Node ${process.version}, ${python.split("/").at(-3)}, ${tools.join(", ")}`;
}

function say(text) {
  process.stderr.write(`bench: ${text}\n`);
}
