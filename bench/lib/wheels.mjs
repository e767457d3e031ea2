/** The wheels of the sets, downloaded once from the default index, and those we make ourselves. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { runOrStop, setupEnvironment } from "./process.mjs";
import { SETS } from "./sets.mjs";

const FACTORY = fileURLToPath(new URL("wheel_factory.py", import.meta.url));

/** A directory with all wheels of these sets and what the index tells about them. */
export function wheelhouse(peers, { python, pip, sets }) {
  const house = join(peers, "wheelhouse");
  mkdirSync(house, { recursive: true });
  for (const name of sets) {
    const ready = join(house, `${name}.ready`);
    if (existsSync(ready)) continue;
    if (name === "huge") {
      runOrStop(python, ["-I", FACTORY, "huge", house]);
      writeFileSync(ready, "");
      continue;
    }
    const requirements = SETS[name].requirements;
    runOrStop(
      pip,
      [
        "download",
        "--quiet",
        "--disable-pip-version-check",
        "--only-binary",
        ":all:",
        "--dest",
        house,
        ...requirements,
      ],
      { env: setupEnvironment() },
    );
    writeFileSync(ready, requirements.join("\n"));
  }
  runOrStop(python, ["-I", FACTORY, "describe", house]);
  return house;
}

/** Publishes one more version of `bench-canary` each time it is called, and tells which. */
export function canaryPublisher(house, python) {
  const numbers = readdirSync(house).map((name) => Number(/^bench_canary-1\.0\.(\d+)-.*\.whl$/.exec(name)?.[1] ?? 0));
  let number = Math.max(0, ...numbers);
  return () => {
    number++;
    runOrStop(python, ["-I", FACTORY, "canary", house, String(number)]);
    return `1.0.${number}`;
  };
}

/** 3 GB of incompressible wheels; tells their directory and the requirements. */
export function giantWheels(peers, python, { count = 12, megabytes = 256 } = {}) {
  const directory = join(peers, "giant");
  if (!existsSync(join(directory, "ready.txt"))) {
    runOrStop(python, ["-I", FACTORY, "giant", directory, String(count), String(megabytes)]);
    writeFileSync(join(directory, "ready.txt"), "");
  }
  return { directory, requirements: Array.from({ length: count }, (_, index) => `bench-giant-${index}`) };
}

/** How many files the wheels of this name pattern hold. */
export function filesInside(house, wheelNames) {
  let files = 0;
  for (const name of wheelNames) files += JSON.parse(readFileSync(join(house, `${name}.json`), "utf8")).files;
  return files;
}
