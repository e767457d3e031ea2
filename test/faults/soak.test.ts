/**
 * Boots under everything at once: crowds, kills, full disks, cleaners, pruning. FAULTS_RUNS boots, drawn by FAULTS_SEED.
 *
 * `node test/faults/soak.mjs --runs 10000 --seed 7` starts this with more of them.
 */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

import { oldest, sample } from "../runtime/kit.ts";
import type { PythonVersion } from "../support/python-versions.ts";
import { SeededRandom } from "../support/seeded-random.ts";
import type { Result } from "../support/workspace.ts";
import { PRUNE, report, verdict, World, type Verdict } from "./world.ts";

const RUNS = Number(process.env["FAULTS_RUNS"] ?? 120);
const SEED = Number(process.env["FAULTS_SEED"] ?? 1);

const world = new World();
afterAll(() => world.remove());

test(`no boot of ${RUNS} is wrong (seed ${SEED})`, { timeout: 3_600_000 }, async () => {
  const random = new SeededRandom(SEED);
  const draw = (below: number): number => Math.floor(random.next() * below);
  const pick = <Item>(items: readonly Item[]): Item => items[draw(items.length)] as Item;
  const verdicts: Record<Verdict, number> = { right: 0, error: 0, killed: 0, wrong: 0 };
  const wrong: unknown[] = [];
  let root = world.newRoot();
  const count = { boots: 0 };

  const start = async (what: string, python: PythonVersion, venv: boolean, fault?: string): Promise<void> => {
    count.boots += 1;
    const env = draw(8) === 0 ? { PEX_VERIFY: "1" } : {};
    const result: Result = await world.boot(root, { python, venv, env, ...(fault && { fault }) });
    let found = verdict(result);
    // Without a fault of its own a boot has no reason for an error.
    if (fault === undefined && (found !== "right" || result.stderr !== "")) found = "wrong";
    verdicts[found] += 1;
    if (found === "wrong") wrong.push({ boot: count.boots, what, python: python.name, venv, env, fault, ...result });
  };

  const fault = (): string => {
    const step = 1 + draw(pick([10, 60, 250]));
    return pick([
      `kill@change:${step}`,
      `torn@write:${step}`,
      `ENOSPC@grow:${step}+`,
      `ENOSPC@grow:${step}`,
      `EIO@all:${step}`,
      `EACCES@change:${step}`,
      `EXDEV@link:1+,kill@change:${step}`,
      `ENOLCK@flock:1+,kill@change:${step}`,
    ]);
  };

  /** What a careless cleaner deletes: something at the top of an entry, or an entry, or a whole bucket. */
  const damage = (): void => {
    const run = join(root, "pexjs", "1", "run");
    let path = run;
    for (let depth = 1 + draw(4); depth > 0; depth--) {
      const names = readdirIfThere(path);
      if (names.length > 0) path = join(path, pick(names));
    }
    rmSync(path, { recursive: true, force: true });
  };

  const pythons = sample.filter((each) => !each.isPyPy);
  while (count.boots < RUNS) {
    const python = pick(pythons);
    const venv = draw(3) === 0;
    switch (draw(8)) {
      case 0:
        rmSync(root, { recursive: true, force: true });
        root = world.newRoot();
        break;
      case 1:
      case 2:
        await start("faulted", python, venv, fault());
        break;
      case 3:
        damage();
        break;
      case 4: {
        const crowd = Array.from({ length: 2 + draw(5) }, () => start("crowd", python, venv));
        await Promise.all([...crowd, start("faulted in a crowd", python, venv, fault())]);
        break;
      }
      case 5: {
        const pruning = world.run(oldest.path, [PRUNE], { stdin: pruneRequest(root) });
        await Promise.all([
          pruning,
          start("beside pruning", python, venv),
          start("beside pruning", pick(pythons), venv),
        ]);
        expect(await pruning).toMatchObject({ status: 0, stderr: "" });
        break;
      }
      default:
        break;
    }
    await start("after that", python, venv);
  }
  report(`soak, seed ${SEED}: ${count.boots} boots, ${JSON.stringify(verdicts)}`);
  expect(wrong.slice(0, 5)).toEqual([]);
});

function pruneRequest(root: string): string {
  return JSON.stringify({ run: join(root, "pexjs", "1", "run"), before: null, dry_run: false });
}

function readdirIfThere(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
