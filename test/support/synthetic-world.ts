/** A made-up world of the size and shape of a large application: jupyterlab has 91 distributions and 690 requirement lines. */

import { SeededRandom } from "./seeded-random.ts";
import type { World, WorldVersion } from "./resolver-world.ts";

const MARKERS = [
  'python_version < "3.9"',
  'python_version >= "3.8"',
  'sys_platform == "win32"',
  'platform_python_implementation != "PyPy"',
  'sys_platform != "win32" and python_version >= "3.7"',
];
const EXTRAS = ["test", "docs", "dev"];
const WHEELS = ["cp310-cp310-manylinux_2_17_x86_64", "cp311-cp311-manylinux_2_17_x86_64", "cp312-cp312-win_amd64"];

/** Projects `p0` (the top) to `p<count - 1>`; all are needed by `p0`, directly or not. */
export function syntheticWorld(count = 91, releases = 40): World {
  const random = new SeededRandom(7);
  const world: Record<string, Record<string, WorldVersion>> = {};
  for (let number = 0; number < count; number++) {
    const requires = linesOf(random, number, count);
    const versions: Record<string, WorldVersion> = {};
    for (let release = 0; release < releases; release++) {
      const wheels = number % 3 === 0 ? WHEELS : ["py3-none-any"];
      const version = `${1 + Math.floor(release / 10)}.${release % 10}.${release % 3}`;
      versions[version] = { requires, wheels, sdist: true, requiresPython: ">=3.8", extras: EXTRAS };
    }
    world[`p${number}`] = versions;
  }
  return world;
}

function linesOf(random: SeededRandom, number: number, count: number): string[] {
  // Two children as in a binary tree reach everything; the others make the graph dense.
  const children = [2 * number + 1, 2 * number + 2].filter((child) => child < count).map((child) => `p${child}>=1.2`);
  const others = random.times(number < count - 1 ? 2 : 0, () => {
    const other = number + 1 + random.below(count - 1 - number);
    const specifier = random.pick([">=1.1,<5", ">=2", "!=2.3.0,>=1", "<6", "~=4.0"]);
    return `p${other}${specifier}${random.chance(0.3) ? ` ; ${random.pick(MARKERS)}` : ""}`;
  });
  const optional = random.times(
    4,
    () => `tool-${random.below(60)}>=${random.below(9)}; extra == '${random.pick(EXTRAS)}'`,
  );
  return [...children, ...others, ...optional];
}
