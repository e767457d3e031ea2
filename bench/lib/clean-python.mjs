/** A Python whose start costs nothing but itself: a copy of an installed one without its site-packages. */
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";

import { runOrStop, setupEnvironment } from "./process.mjs";

const FACTS = `
import json, os, sys
prefix = getattr(sys, "base_prefix", sys.prefix)
name = "python%d.%d" % sys.version_info[:2]
print(json.dumps({"prefix": prefix, "name": name, "full": sys.version.split()[0], "executable": os.path.join(prefix, "bin", name)}))`;

const CANDIDATES = ["python3.11", "python3.12", "python3.13", "python3.10", "python3.14", "python3"];

/** Path of the interpreter; made below `peers` the first time. */
export function cleanPython(peers, wanted) {
  const facts = findPython(wanted ? [wanted] : CANDIDATES);
  const home = join(peers, `python-${facts.full}`);
  const python = join(home, "bin", facts.name);
  if (existsSync(python)) return python;
  const unfinished = `${home}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(join(unfinished, "bin"), { recursive: true });
  if (facts.prefix === "/usr") {
    // A distribution's Python cannot be copied; a virtual environment skips the `.pth` files of its base as well.
    rmSync(unfinished, { recursive: true });
    runOrStop(facts.executable, ["-m", "venv", "--without-pip", unfinished], { env: setupEnvironment() });
  } else copyPrefix(facts, unfinished);
  renameSync(unfinished, home);
  return python;
}

function copyPrefix({ prefix, name }, target) {
  cpSync(join(prefix, "bin", name), join(target, "bin", name));
  for (const alias of ["python3", "python"]) symlinkSync(name, join(target, "bin", alias));
  for (const library of readdirSync(join(prefix, "lib"))) {
    if (library.startsWith("libpython")) cpSync(join(prefix, "lib", library), join(target, "lib", library));
  }
  const skipped = new Set(["site-packages", "test", "idlelib", "turtledemo"]);
  cpSync(join(prefix, "lib", name), join(target, "lib", name), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !skipped.has(basename(path)) && !basename(path).startsWith("config-"),
  });
  mkdirSync(join(target, "lib", name, "site-packages"));
}

function findPython(candidates) {
  const failures = [];
  for (const candidate of candidates) {
    try {
      const facts = JSON.parse(
        runOrStop(candidate, ["-I", "-c", FACTS], { env: { ...setupEnvironment(), PATH: process.env.PATH } }),
      );
      if (existsSync(facts.executable)) return facts;
      failures.push(`${candidate}: nothing at ${facts.executable}`);
    } catch (error) {
      failures.push(`${candidate}: ${error.message.split("\n").at(-1)}`);
    }
  }
  throw new Error(`No usable Python:\n${failures.join("\n")}`);
}
