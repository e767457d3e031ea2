/**
 * Compiles the runtime for every Python that is found here, into `bytecode/` of the distribution: a PEX for one of them
 * need not compile it at its first start (docs/decisions/0015).
 */
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { availableParallelism, homedir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { deflateSync } from "fflate";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");

/** A name that tells the minor version. `.pyc` files that need no date of their source came with 3.7 (PEP 552). */
const PYTHON = /^(?:python|pypy)3\.(?:[7-9]|\d\d+)$/;

/** @returns What was compiled for, such as `cpython-312`. */
export async function compileRuntime(dist) {
  const folder = join(dist, "bytecode");
  mkdirSync(folder, { recursive: true });
  const waiting = byName(interpreters()).values();
  const done = [];
  const work = async () => {
    for (const paths of waiting) {
      const answer = await firstAnswer(paths);
      if (answer === undefined) continue;
      done.push(answer.interpreter);
      writeFileSync(join(folder, `${answer.interpreter}.json`), JSON.stringify(compressed(answer)));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return done.toSorted((left, right) => left.localeCompare(right, "en", { numeric: true }));
}

function byName(paths) {
  const groups = new Map();
  for (const path of paths) groups.set(basename(path), [...(groups.get(basename(path)) ?? []), path]);
  return groups;
}

/** Deflated here, once, and not whenever a PEX is built. */
function compressed({ modules, ...answer }) {
  const content = Buffer.from(modules, "base64");
  return {
    ...answer,
    modules: Buffer.from(deflateSync(content, { level: 9 })).toString("base64"),
    size: content.length,
  };
}

/** Those of pyenv, those below `$PYTHONS_DIR`, and what is on PATH; of each name the first that works counts. */
function interpreters() {
  const pyenv = process.env.PYENV_ROOT ?? join(homedir(), ".pyenv");
  const homes = [join(pyenv, "versions"), process.env.PYTHONS_DIR ?? "/opt/pythons"];
  const folders = [
    ...homes.flatMap((home) => namesIn(home).map((version) => join(home, version, "bin"))),
    ...(process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== join(pyenv, "shims")),
  ];
  const paths = folders.flatMap((folder) => namesIn(folder).map((name) => join(folder, name)));
  return paths.filter((path) => PYTHON.test(basename(path)));
}

function namesIn(folder) {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}

/** Some do not work, such as a shim without a version behind it. */
async function firstAnswer(pythons) {
  const script = join(ROOT, "scripts", "compile-runtime.py");
  // Sets among the constants have an order only with a fixed seed; isolated mode would not hear of it.
  const env = { PATH: process.env.PATH, PYTHONHASHSEED: "0", PYTHONNODEBUGRANGES: "1" };
  for (const python of pythons) {
    try {
      const command = ["-s", "-S", "-B", script, join(ROOT, "python", "runtime")];
      const { stdout } = await promisify(execFile)(python, command, { env, timeout: 60_000, maxBuffer: 1 << 24 });
      return JSON.parse(stdout);
    } catch {}
  }
}
