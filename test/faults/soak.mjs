/** More of `soak.test.ts`: `node test/faults/soak.mjs [--runs 10000] [--seed 1] [--report FILE]`. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    report: { type: "string" },
  },
});
const env = { ...process.env, FAULTS_RUNS: values.runs, FAULTS_SEED: values.seed };
if (values.report !== undefined) env.FAULTS_REPORT = values.report;
const cwd = fileURLToPath(new URL("../..", import.meta.url));
const vitest = fileURLToPath(new URL("../../node_modules/.bin/vitest", import.meta.url));
const { status } = spawnSync(vitest, ["run", "test/faults/soak.test.ts"], { stdio: "inherit", cwd, env });
process.exit(status ?? 1);
