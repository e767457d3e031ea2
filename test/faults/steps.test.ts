/**
 * A first boot meets a fault at each of its steps on the disk; then the next boot is right.
 *
 * All steps are taken with FAULTS=all, which `stepsTaken` can divide into parts; otherwise every nth.
 */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

import { newest, oldest, printed } from "../runtime/kit.ts";
import { inTurns, PATIENCE, report, stepsTaken, verdict, World } from "./world.ts";

const world = new World();
afterAll(() => world.remove());

/** Name, action, kind of calls, what follows the number of the step, and of how many steps one is taken. */
const FAULTS: readonly (readonly [string, string, string, string, number])[] = [
  ["killed before a change", "kill", "change", "", 5],
  ["killed in the middle of a write", "torn", "write", "", 5],
  ["no room for one call", "ENOSPC", "grow", "", 9],
  ["a disk that is full from then on", "ENOSPC", "grow", "+", 7],
  ["a change that fails", "EIO", "change", "", 15],
  ["a change that is not allowed", "EACCES", "change", "", 15],
  ["a look that fails", "EIO", "read", "", 15],
  ["a look that is not allowed", "EACCES", "read", "", 15],
  ["a file handle that went stale on a rename", "ESTALE", "rename", "", 4],
];

describe.each([
  ["zipapp", false, 1],
  ["venv", true, 4],
] as const)("a first boot as %s", (name, venv, thinner) => {
  test.each(FAULTS)(
    "%s: the boot is right or one clear error, and the next one is right",
    { timeout: PATIENCE },
    async (fault, action, calls, more, every) => {
      const python = calls === "write" ? oldest : newest;
      const count = (await world.countCalls(python, venv)).get(calls) ?? 0;
      expect(count).toBeGreaterThan(3);
      const steps = stepsTaken(count, every * thinner);
      const wrong: unknown[] = [];
      const verdicts = new Map<string, number>();
      await inTurns(steps, 2, async (step) => {
        const root = world.newRoot();
        const plan = `${action}@${calls}:${step}${more}`;
        const struck = await world.boot(root, { python, venv, fault: plan });
        const next = await world.boot(root, { python, venv });
        const found = verdict(struck);
        verdicts.set(found, (verdicts.get(found) ?? 0) + 1);
        if (found === "wrong") wrong.push([plan, struck]);
        if (verdict(next) !== "right" || next.stderr !== "") wrong.push([plan, "next", next]);
        rmSync(root, { recursive: true, force: true });
      });
      report(`${name}, ${fault}: ${steps.length} of ${count} steps, ${JSON.stringify(Object.fromEntries(verdicts))}`);
      expect(wrong).toEqual([]);
    },
  );

  test(
    "a fault while the cache is verified: the boot is right or one clear error, and the next one is right",
    { timeout: PATIENCE },
    async () => {
      const env = { PEX_VERIFY: "1" };
      const count = (await world.countCalls(newest, venv)).get("read") ?? 0;
      for (const fault of ["EIO@all", "kill@change"]) {
        const root = world.newRoot();
        const steps = stepsTaken(count * 2, 25 * thinner);
        for (const step of steps) {
          const struck = await world.boot(root, { venv, env, fault: `${fault}:${step}` });
          expect([fault, step, verdict(struck), struck.stderr]).not.toEqual([fault, step, "wrong", struck.stderr]);
          expect([fault, step, verdict(await world.boot(root, { venv, env }))]).toEqual([fault, step, "right"]);
        }
        report(`${name}, ${fault} while verifying: ${steps.length} of ${count * 2} steps, none wrong`);
      }
    },
  );

  test("Ctrl-C ends a first boot without a word, and the next one is right", { timeout: PATIENCE }, async () => {
    for (const python of [oldest, newest]) {
      const count = (await world.countCalls(python, venv)).get("change") ?? 0;
      const steps = stepsTaken(count - 1, Math.ceil(count / 4));
      for (const step of steps) {
        const root = world.newRoot();
        const struck = await world.boot(root, { python, venv, fault: `SIGINT@change:${step}` });
        const end = python.minor >= 8 ? { signal: "SIGINT" } : { status: 1 };
        expect([step, struck]).toEqual([step, expect.objectContaining({ stdout: "", stderr: "", ...end })]);
        expect([step, verdict(await world.boot(root, { python, venv }))]).toEqual([step, "right"]);
        rmSync(root, { recursive: true, force: true });
      }
      report(`${name}, Ctrl-C under Python ${python.name}: ${steps.length} of ${count} steps, none wrong`);
    }
  });

  test("a damaged entry that another boot has just taken aside is no error", async () => {
    for (let step = 1; step <= 8; step++) {
      const root = world.newRoot();
      printed(await world.boot(root, { venv }));
      const run = join(root, "pexjs", "1", "run");
      for (const folder of readdirSync(join(run, "wheels"))) rmSync(join(run, "wheels", folder, "files"));
      for (const kind of ["sites", "venvs"]) rmSync(join(run, kind), { recursive: true, force: true });
      const found = await world.boot(root, { venv, fault: `ENOENT@rename:${step}` });
      expect([step, verdict(found), found.stderr]).toEqual([step, "right", ""]);
    }
  });

  test("every look at the PEX itself that fails is one clear error, or is done without", async () => {
    for (const call of ["open", "read", "stat"]) {
      for (let number = 1; number <= 6; number++) {
        const result = await world.boot(world.newRoot(), { venv, fault: `EIO@${call}:${number}` });
        expect(["right", "error"]).toContain(verdict(result));
      }
    }
  });

  test.each([
    "EPERM@link:1+",
    "EMLINK@link:1+",
    "EXDEV@link:1+",
    "ENOTSUP@link:1+",
    "EMLINK@link:3",
    "ENOLCK@flock:1+",
    "ENOSYS@flock:1+",
    "EROFS@utime:1+",
  ])("on a file system where %s, boots are right", async (fault) => {
    const root = world.newRoot();
    for (let boot = 0; boot < 2; boot++) {
      const result = await world.boot(root, { venv, fault });
      expect([verdict(result), result.stderr]).toEqual(["right", ""]);
    }
  });
});
