import { expect, test } from "vitest";

import { parseAge } from "../../../src/cli/commands/cache-clean.ts";
import { runFake } from "./fake-session.ts";

const NOW = Date.UTC(2026, 5, 30, 12);
const DAY = 86_400_000;

test.each([
  ["2 weeks", NOW - 14 * DAY],
  ["1 day ago", NOW - DAY],
  ["90minutes", NOW - DAY / 16],
  ["0 seconds", NOW],
  ["31/12/2025", new Date(2025, 11, 31).getTime()],
])("%s is an age", (text, moment) => expect(parseAge(text, NOW)).toBe(moment));

test.each(["", "weeks", "2", "31/2/2025", "2 moons", "-1 day"])("%j is none", (text) =>
  expect(() => parseAge(text, NOW)).toThrow(/^Not an age: /),
);

test("prune removes what is older than two weeks, and tells what is in use", async () => {
  const { pruned, stdout, outcome } = await runFake("pex3", ["cache", "prune", "-n"]);
  expect([outcome, stdout]).toEqual([{ status: 0 }, "Would remove 1 entry, 2.0 MB\nIn use: 1 entry, 1.0 kB\n"]);
  expect(pruned?.dryRun).toBe(true);
  expect(Date.now() - (pruned?.before ?? 0) - 14 * DAY).toBeLessThan(60_000);
});

test.each(["--older-than", "--last-access", "--last-access-before"])("%s moves the limit", async (option) => {
  const { pruned } = await runFake("pex3", ["cache", "prune", option, "31/12/2025", "--pex-root", "/some"]);
  expect(pruned).toEqual({ before: new Date(2025, 11, 31).getTime(), dryRun: false, pexRoot: "/some" });
});

test("purge has no limit but the parts that are named", async () => {
  const { pruned } = await runFake("pex3", ["cache", "purge", "--entries", "run/venvs", "--entries", "build/wheels"]);
  expect(pruned).toEqual({ dryRun: false, entries: ["run/venvs", "build/wheels"] });
});

test("info counts by bucket and removes nothing", async () => {
  const { pruned, stdout } = await runFake("pex3", ["cache", "info"]);
  expect(pruned).toEqual({ dryRun: true });
  expect(stdout).toBe(
    "run/sites: 1 entry, 2.0 MB\nrun/venvs: 1 entry, 1.0 kB\nbuild/wheels: 1 entry, 500 B\nTotal: 3 entries, 2.0 MB\n",
  );
});

test("JSON names what goes and what is in use", async () => {
  const { stdout } = await runFake("pex3", ["cache", "prune", "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({
    dry_run: false,
    bytes: 2_001_000,
    entries: [{ name: "a" }, { name: "b" }],
  });
});
