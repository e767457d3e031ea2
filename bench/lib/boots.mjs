/** Built files and their first starts. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { countFiles } from "./contents.mjs";
import { measure } from "./measure.mjs";
import { BOOT_SETS } from "./sets.mjs";
import { filesInside } from "./wheels.mjs";

/** Builds once, from the wheels of the local index: `SET-NAME.pex`. */
export async function builtPex(context, { set, name, command, options = BOOT_SETS[set].pexOptions, isScript = false }) {
  const output = join(context.work, "out", `${set}-${name}${isScript ? "-script" : ""}-boot.pex`);
  if (existsSync(output)) return output;
  const env = context.environment({ PEX_ROOT: join(context.work, "roots", name) });
  const fixed = ["--no-pypi", "-i", context.index.url, "--python", context.python, "-o", output, ...options];
  const script = isScript ? ["-c", BOOT_SETS[set].script] : [];
  await measure(context, { command: [...command, ...BOOT_SETS[set].requirements, ...fixed, ...script], env });
  return output;
}

let serial = 0;

/** A cache that never existed before. */
export function freshRoot(context) {
  const root = join(context.caches, `first-${++serial}`);
  mkdirSync(root, { recursive: true });
  spawnSync("sync");
  return root;
}

/**
 * A side for `takeTurns`: the first start of a file, or of `copies` of it at once. Afterwards as many files must be on disk
 * as the wheels in `pex` hold; `prepare(root)` may put something into the cache before.
 */
export function firstBoot(context, { name, pex, args = ["-c", ""], env = {}, copies = 1, expected = [], prepare }) {
  let root;
  return {
    name,
    async step() {
      root = freshRoot(context);
      await prepare?.(root);
      return { command: [context.python, pex, ...args], env: context.environment({ PEX_ROOT: root, ...env }), copies };
    },
    check() {
      const [found, wanted] = [countFiles(root), filesInside(context.house, expected)];
      if (found < wanted)
        throw new Error(`${name}: ${found} files are on disk after the first boot, the wheels hold ${wanted}`);
      if (context.forgetCaches) rmSync(root, { recursive: true });
    },
  };
}
