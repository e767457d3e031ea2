/** What the other ways to get the tool cost: the single executable, the Python package. */
import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { compare, median, takeTurns } from "../lib/measure.mjs";
import { virtualEnvironment } from "../lib/peers.mjs";
import { runOrStop } from "../lib/process.mjs";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

/** Size beside that of Node.js, and starts beside those of `bin/pex`. */
export async function executable(context) {
  const path = join(context.work, "out", "pexjs");
  runOrStop(process.execPath, [join(PROJECT, "scripts", "build-executable.mjs"), path]);
  const [ours, theirs] = [statSync(path).size, statSync(process.execPath).size];
  const rows = [
    { bar: "executable, size", peer: "node", unit: "bytes", ours, theirs, ratio: ours / theirs, must: 1.1, runs: 1 },
  ];
  for (const argument of ["--version", "--help"]) {
    const samples = await turns(context, {
      executable: [path, argument],
      "bin/pex": [...context.ours, argument],
    });
    const figures = compare(samples, ["executable", "bin/pex"]);
    rows.push({ bar: `executable \`${argument}\``, peer: "bin/pex", ...figures, must: 1.5, aim: 1.1 });
  }
  return rows;
}

/** What the launcher adds to Node.js, in seconds. */
export async function launcher(context) {
  const [wheel] = runOrStop(process.execPath, [
    join(PROJECT, "scripts", "build-python-package.mjs"),
    join(context.work, "out", "package"),
  ]).split("\n");
  const home = virtualEnvironment(join(context.work, "venvs", "launcher"), {
    python: context.python,
    requirements: [wheel],
    wheelhouse: dirname(wheel),
  });
  const packages = ["-c", "import pexjs; print(pexjs.__path__[0])"];
  const folder = runOrStop(join(home, "bin", "python"), packages).trim();
  const samples = await turns(context, {
    launched: [join(home, "bin", "pex"), "--version"],
    direct: [process.execPath, join(folder, "js", "bin", "pex"), "--version"],
  });
  const added = samples.launched.map(({ seconds }, index) => seconds - samples.direct[index].seconds);
  return [{ bar: "launcher of the Python package", ours: median(added), must: 0.025, runs: added.length }];
}

function turns(context, commands) {
  const env = context.environment();
  const sides = Object.entries(commands).map(([name, command]) => ({ name, step: () => ({ command, env }) }));
  return takeTurns(context, sides, { runs: Math.max(context.runs, 21), warmups: 3 });
}
