import { expect, test } from "vitest";

import { run, SubprocessError } from "../../../src/base/subprocess.ts";

test("a command that takes too long is ended, and its own children are not waited for", async () => {
  const start = performance.now();
  const failure = await run("/bin/sh", ["-c", "sleep 5; echo late"], { timeout: 100 }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(SubprocessError);
  expect(failure).toMatchObject({ message: "Timed out after 0.1 s: /bin/sh" });
  expect(performance.now() - start).toBeLessThan(4000);
});

test("what a command prints and how it ends is told", async () => {
  expect(await run("/bin/sh", ["-c", "cat; echo oops >&2; exit 3"], { stdin: "in", timeout: 60_000 })).toEqual({
    status: 3,
    stdout: "in",
    stderr: "oops\n",
  });
  await expect(run("/no/such/command", [])).rejects.toThrow("Cannot run /no/such/command");
});
