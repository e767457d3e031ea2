/**
 * Boots under everything at once: FAULTS_RUNS of them, drawn by FAULTS_SEED, FAULTS_JOBS experiments side by side,
 * FAULTS_MINUTES long at most.
 *
 * `node test/faults/soak.mjs --runs 10000 --jobs 2 --seed 7` starts this with more of them.
 */
import { afterAll, expect, test } from "vitest";

import { Experiment } from "./experiment.ts";
import { report, World, type Verdict } from "./world.ts";

const RUNS = Number(process.env["FAULTS_RUNS"] ?? 120);
const SEED = Number(process.env["FAULTS_SEED"] ?? 1);
const JOBS = Number(process.env["FAULTS_JOBS"] ?? 1);
const MINUTES = Number(process.env["FAULTS_MINUTES"] ?? 120);

const world = new World();
afterAll(() => world.remove());

test(`no boot of ${RUNS} is wrong (seed ${SEED})`, { timeout: (MINUTES + 5) * 60_000 }, async () => {
  const start = Date.now();
  const end = start + MINUTES * 60_000;
  const experiments = Array.from({ length: JOBS }, (_, job) => new Experiment(world, SEED + 7919 * job));
  const boots = (): number => experiments.reduce((sum, each) => sum + each.boots, 0);
  const go = async (experiment: Experiment): Promise<void> => {
    while (experiment.boots < RUNS / JOBS && Date.now() < end) await experiment.round();
  };
  try {
    await Promise.all(experiments.map(go));
  } finally {
    const sum = (verdict: Verdict): string =>
      `${verdict} ${experiments.reduce((total, each) => total + each.verdicts[verdict], 0)}`;
    const verdicts = (["right", "error", "killed", "wrong"] as const).map(sum).join(", ");
    const minutes = ((Date.now() - start) / 60_000).toFixed(1);
    const line = `soak, seed ${SEED}, ${JOBS} side by side: ${boots()} boots in ${minutes} min: ${verdicts}`;
    console.log(line);
    report(line);
  }
  expect(experiments.flatMap(({ wrong }) => wrong).slice(0, 5)).toEqual([]);
});
