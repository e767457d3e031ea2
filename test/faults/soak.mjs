/**
 * More of `soak.test.ts`: `node test/faults/soak.mjs [--runs 10000] [--minutes 120] [--jobs 2] [--seed 1] [--report FILE]`.
 *
 * Prints one line of figures, and what was wrong; the exit status is 1 if a boot was.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "10000" },
    minutes: { type: "string", default: "120" },
    jobs: { type: "string", default: "2" },
    seed: { type: "string", default: "1" },
    report: { type: "string" },
  },
});
const env = { ...process.env };
for (const [name, value] of Object.entries(values)) env[`FAULTS_${name.toUpperCase()}`] = value;
const cwd = fileURLToPath(new URL("../..", import.meta.url));
const vitest = fileURLToPath(new URL("../../node_modules/.bin/vitest", import.meta.url));
const { status } = spawnSync(vitest, ["run", "test/faults/soak.test.ts"], { stdio: "inherit", cwd, env });
process.exit(status ?? 1);
