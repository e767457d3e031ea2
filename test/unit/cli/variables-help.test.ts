import { expect, test } from "vitest";

import { parseRuntimeVariables, variablesHelp } from "../../../src/cli/commands/variables-help.ts";
import { runFake } from "./fake-session.ts";

test("--help-variables prints name, type and meaning of every variable, and builds nothing", async () => {
  const ran = await runFake("pex", ["flask", "--help-variables"]);
  expect(ran).toMatchObject({ outcome: { status: 0 }, stdout: variablesHelp(), stderr: "", request: undefined });
  expect(ran.stdout).toContain(
    "\n  PEX_PROFILE_SORT (text, default: cumulative)\n        The order of the profiler's table.\n",
  );
  expect(ran.stdout.match(/^ {2}PEX_\w+/gm)?.length).toBeGreaterThan(25);
});

test("a row that cannot be read is a fault of the build, not a gap in the help", () => {
  const table = (row: string): string => `x\nTABLE = (\n    ${row}\n)\n\n`;
  expect(parseRuntimeVariables(table('("PEX_A", "past", False, "Does it."),'))).toEqual([
    { name: "PEX_A", type: undefined, standard: "0", help: "Does it." },
  ]);
  expect(parseRuntimeVariables(table('("PEX_B", "one|two", "one", "Chooses."),'))).toEqual([
    { name: "PEX_B", type: "one, two", standard: "one", help: "Chooses." },
  ]);
  expect(() => parseRuntimeVariables(table('("PEX_C", "text", 1.5, "Odd."),'))).toThrow("no row");
});
