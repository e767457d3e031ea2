/**
 * Everything that must hold before a commit: types, lint, format, tests, and their core on the newest Node.js as well. Prints
 * `N passed, N failed` last.
 *
 * `node scripts/check.mjs [vitest filters…]` runs only the tests that match, on this Node.js.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

import { importTypeScript } from "./import-typescript.mjs";

/** The tests that meet what differs between releases of Node.js: files, processes, HTTP, the ways to get the commands. */
const CORE = [
  "test/unit/",
  ...["cli", "determinism", "errors", "http-", "index", "layouts", "node-api", "source-builds"].map(
    (name) => `test/integration/${name}`,
  ),
  "test/packaging/",
  "test/runtime/first-start",
  "test/e2e/road",
];

const bin = (name) => join("node_modules", ".bin", name);
const filters = process.argv.slice(2);
const count = { passed: 0, failed: 0 };

function step(name, command, args) {
  const start = Date.now();
  const { status } = spawnSync(command, args, { stdio: "inherit" });
  const ok = status === 0;
  count[ok ? "passed" : "failed"]++;
  console.log(`${ok ? "ok" : "FAIL"} ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
}

function tests(filters, { path = process.env.PATH } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "pexjs-check-"));
  const report = join(folder, "report.json");
  const outputs = ["--reporter=dot", "--reporter=json", `--outputFile.json=${report}`];
  const env = { ...process.env, NO_COLOR: "1", PATH: path };
  const { status } = spawnSync(bin("vitest"), ["run", ...outputs, ...filters], { stdio: "inherit", env });
  try {
    const result = JSON.parse(readFileSync(report, "utf8"));
    count.passed += result.numPassedTests;
    count.failed += result.numFailedTests + (status !== 0 && result.numFailedTests === 0 ? 1 : 0);
  } catch {
    count.failed++;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function testsOnNewestNode() {
  const { newestNode } = await importTypeScript("test/support/newest-node.ts");
  const node = newestNode();
  console.log(`core, on Node.js ${spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim()}`);
  tests(CORE, { path: [dirname(node), process.env.PATH].join(delimiter) });
}

if (filters.length === 0) {
  step("types", bin("tsc"), ["-p", "tsconfig.test.json"]);
  step("lint", bin("oxlint"), ["--type-aware"]);
  step("format", bin("oxfmt"), ["--check"]);
}
tests(filters);
if (filters.length === 0) await testsOnNewestNode();
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed === 0 ? 0 : 1);
