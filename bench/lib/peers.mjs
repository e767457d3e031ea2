/** The tools we are compared with, each in a virtual environment of its own. */
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { runOrStop, setupEnvironment } from "./process.mjs";

const TOOLS = { pex: "pex==2.105.2", shiv: "shiv==1.0.8", uv: "uv", pip: "pip>=26,<27" };

/** Paths of the installed tools by name, and the versions that were got. */
export function installPeers(peers, python) {
  const paths = {};
  const versions = {};
  for (const [tool, requirement] of Object.entries(TOOLS)) {
    const home = virtualEnvironment(join(peers, `tool-${tool}`), {
      python,
      requirements: [requirement],
      upgradePip: tool === "pip",
    });
    paths[tool] = join(home, "bin", tool);
    versions[tool] = runOrStop(join(home, "bin", "python"), [
      "-I",
      "-c",
      `import importlib.metadata as m; print(m.version(${JSON.stringify(tool)}))`,
    ]).trim();
  }
  return { paths, versions };
}

/** A virtual environment with some distributions; made once. */
export function virtualEnvironment(home, { python, requirements, wheelhouse, upgradePip = false }) {
  const ready = join(home, "ready.txt");
  if (existsSync(ready)) return home;
  rmSync(home, { recursive: true, force: true });
  const options = { env: setupEnvironment() };
  runOrStop(python, ["-m", "venv", home], options);
  const local = wheelhouse ? ["--no-index", "--find-links", wheelhouse] : [];
  const upgrade = upgradePip ? ["--upgrade"] : [];
  runOrStop(
    join(home, "bin", "python"),
    ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...upgrade, ...local, ...requirements],
    options,
  );
  writeFileSync(ready, requirements.join("\n"));
  return home;
}
