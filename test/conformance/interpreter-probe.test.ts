import { spawnSync } from "node:child_process";
import { realpathSync } from "node:fs";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { probeInterpreter } from "../../src/targets/interpreter.ts";
import { installedPythons } from "../support/interpreters.ts";
import { Workspace } from "../support/workspace.ts";

/** What the interpreter says of itself when it starts as usual, with `site`. */
const SELF = `
import json, os, sys, sysconfig
print(json.dumps({
    "prefix": sys.prefix, "basePrefix": getattr(sys, "base_prefix", sys.prefix), "paths": sysconfig.get_paths(),
    "executable": sys.executable}))
`;

interface Self {
  readonly prefix: string;
  readonly basePrefix: string;
  readonly paths: Record<string, string>;
  readonly executable: string;
}

let workspace: Workspace;
beforeAll(() => {
  workspace = new Workspace();
});
afterAll(() => workspace.remove());

function self(python: string): Self {
  const run = spawnSync(python, ["-E", "-s", "-c", SELF], { encoding: "utf8" });
  return JSON.parse(run.stdout) as Self;
}

function hasVenv(python: string): boolean {
  return spawnSync(python, ["-c", "import venv"]).status === 0;
}

describe.each(installedPythons())("the probe of %s", (python) => {
  test("tells where things are as the interpreter itself does", async () => {
    const interpreter = await probeInterpreter(python, { env: process.env });
    const { executable: _executable, ...places } = self(python);
    expect(interpreter).toMatchObject({ ...places, isVenv: false, baseExecutable: python, path: python });
  });

  test.runIf(hasVenv(python)).each([[], ["--copies"]])(
    "sees through a virtual environment made with %s",
    async (...options) => {
      const directory = workspace.path(`venv${python.replaceAll("/", "-")}${options.join("")}`);
      expect(spawnSync(python, ["-m", "venv", "--without-pip", ...options, directory]).status).toBe(0);
      const inside = `${directory}/bin/python`;
      const interpreter = await probeInterpreter(inside, { env: process.env });
      const { executable: _executable, ...places } = self(inside);
      expect(interpreter).toMatchObject({ ...places, isVenv: true, path: inside });
      expect(self(interpreter.baseExecutable)).toMatchObject({ prefix: places.basePrefix });

      const again = `${directory}-again`;
      expect(spawnSync(inside, ["-m", "venv", "--without-pip", again]).status).toBe(0);
      const nested = await probeInterpreter(`${again}/bin/python`, { env: process.env });
      expect(nested).toMatchObject({ isVenv: true, prefix: again, basePrefix: places.basePrefix });
      expect(realpathSync(nested.baseExecutable)).toBe(realpathSync(interpreter.baseExecutable));
    },
  );
});
