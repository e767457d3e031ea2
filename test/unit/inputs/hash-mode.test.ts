import { expect, test } from "vitest";

import { assertHashMode } from "../../../src/inputs/hash-mode.ts";
import type { RequirementLine } from "../../../src/inputs/requirements-document.ts";
import { parseRequirement } from "../../../src/standards/requirement.ts";

const HASH = `sha256:${"a".repeat(64)}`;

function line(text: string, hashes: readonly string[] = [], number?: number): RequirementLine {
  const origin = number === undefined ? undefined : { file: "r.txt", line: number };
  return { requirement: parseRequirement(text), hashes, origin, wheelFile: undefined };
}

test("pinned and hashed requirements pass", () => {
  assertHashMode([line("a==1", [HASH]), line("b===1", [HASH])]);
});

test("a constraint may bring the pin and the hash", () => {
  assertHashMode([line("A", [])], [line("a==1", [HASH])]);
});

test("all offenders are listed with their places", () => {
  const offenders = [line("a>=1", [HASH], 1), line("b==1.*", [HASH], 2), line("c==1", [], 3), line("d")];
  expect(() => assertHashMode([line("e==1", [HASH]), ...offenders])).toThrow(
    [
      "A `--hash` was given, so all requirements must be pinned with `==`. These are not:",
      "    a>=1 (r.txt, line 1)",
      "    b==1.* (r.txt, line 2)",
      "    d (command line)",
      "A `--hash` was given, so all requirements must have hashes. These have none:",
      "    c==1 (r.txt, line 3)",
    ].join("\n"),
  );
});
