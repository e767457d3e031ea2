import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, test } from "vitest";

import { checkPex } from "../../../src/app/check-pex.ts";
import type { BuildRequest } from "../../../src/app/build-request.ts";
import { currentHost } from "../../../src/base/host.ts";
import type { Event } from "../../../src/base/log.ts";
import type { Interpreter } from "../../../src/targets/interpreter.ts";

const directory = mkdtempSync(join(tmpdir(), "pexjs-check-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** An interpreter that finds fault with every zip file. */
function picky(): Interpreter {
  const path = join(directory, "python");
  writeFileSync(path, "#!/bin/sh\necho Traceback >&2; echo 'ZipImportError: not mine' >&2; exit 1\n");
  chmodSync(path, 0o755);
  return { path, description: "CPython 3.11.7", version: [3, 11, 7] } as unknown as Interpreter;
}

async function check(request: BuildRequest): Promise<Event[]> {
  const events: Event[] = [];
  const signal = new AbortController().signal;
  const context = { host: currentHost(), signal, onEvent: (event: Event) => void events.push(event) };
  await checkPex("app.pex", [picky()], { request, context });
  return events;
}

test("what an interpreter cannot start from is a warning, or an error", async () => {
  const text = "CPython 3.11.7 cannot start from app.pex: ZipImportError: not mine";
  expect(await check({ check: "warn" })).toMatchObject([{ kind: "warning", text }]);
  await expect(check({ check: "error" })).rejects.toMatchObject({ code: "CHECK_FAILED", message: text });
});

test.each<BuildRequest>([
  {},
  { check: "none" },
  { check: "error", layout: "loose" },
  { check: "error", layout: "packed" },
])("%j asks nobody", async (request) => expect(await check(request)).toEqual([]));
