/** A wheel from a source archive that is new each time, what builds it cached: against `uv build` and `pip wheel`. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { compare, takeTurns } from "../lib/measure.mjs";
import { runOrStop } from "../lib/process.mjs";

const FACTORY = fileURLToPath(new URL("../lib/sdist_factory.py", import.meta.url));
const BACKENDS = { setuptools: "setuptools.build_meta", hatchling: "hatchling.build", flit_core: "flit_core.buildapi" };

let serial = 0;

export async function buildSource(context) {
  const rows = [];
  for (const backend of Object.keys(BACKENDS)) {
    const samples = await takeTurns(context, sides(context, backend), { warmups: 2 });
    for (const [peer, must] of [
      ["uv", 1],
      ["pip", 0.6],
    ]) {
      rows.push({ bar: "build a source archive", set: backend, peer, ...compare(samples, ["pexjs", peer]), must });
    }
  }
  return rows;
}

function sides(context, backend) {
  const { work, python, peers, ours, defaultIndex } = context;
  const archive = () => {
    const version = `1.${++serial}`;
    runOrStop(python, ["-I", FACTORY, work, version, backend, BACKENDS[backend]]);
    return join(work, `bench_source-${version}.tar.gz`);
  };
  const output = (name) => join(work, "out", `${name}-${backend}-${serial}`);
  const side = (name, variables, command) => ({
    name,
    step() {
      const source = archive();
      this.output = output(name);
      return { command: command(source, this.output), env: context.environment(variables) };
    },
    check() {
      const made = name === "pexjs" ? this.output : readdirSync(this.output).find((file) => file.endsWith(".whl"));
      if (!made) throw new Error(`${name} made no wheel`);
    },
  });
  const place = (option) => (defaultIndex ? [option, defaultIndex] : []);
  const uv = { UV_CACHE_DIR: join(work, "roots", "uv"), UV_NO_CONFIG: "1", UV_PYTHON_DOWNLOADS: "never" };
  const pipOptions = ["--quiet", "--disable-pip-version-check", "--no-deps"];
  return [
    side("pexjs", { PEX_ROOT: join(work, "roots", "pexjs") }, (source, to) => {
      const index = defaultIndex ? ["--no-pypi", "-i", defaultIndex] : [];
      return [...ours, source, "--python", python, ...index, "-o", to];
    }),
    side("uv", uv, (source, to) => {
      return [
        peers.uv,
        "build",
        "--quiet",
        "--wheel",
        "--python",
        python,
        ...place("--default-index"),
        "-o",
        to,
        source,
      ];
    }),
    side("pip", {}, (source, to) => {
      return [peers.pip, "wheel", ...pipOptions, ...place("--index-url"), "-w", to, source];
    }),
  ];
}
