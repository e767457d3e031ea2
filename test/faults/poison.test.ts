/** The unpacked wheels are shared by all PEX files: one that is damaged, or lies, must not harm another. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";

import { newest, printed, sample, User } from "../runtime/kit.ts";
import { writeWheel } from "../support/wheel-maker.ts";

const user = new User();
afterAll(() => user.remove());

const APP = { sources: { "app.py": "import one; print(one.what)\n" }, facts: { entry_point: "app" } };
const FILE = "one-1-py2.py3-none-any.whl";

function wheel(what: string): string {
  return writeWheel(user.path("wheels", what), {
    name: "one",
    version: "1",
    files: { "one.py": `what = '${what}'\n` },
  });
}

const honest = wheel("honest");
const sha256 = createHash("sha256").update(readFileSync(honest)).digest("hex");
const good = user.make("good.pex", { ...APP, wheelFiles: [honest] });
/** What a PEX says that has other bytes under the name of the honest wheel. */
const lie = {
  distributions: { [FILE]: sha256 },
  activation_plan: {
    format: 1,
    roots: ["one"],
    distributions: [{ file: FILE, project: "one", version: "1", sha256, requires_python: null, requires: [] }],
  },
};

describe.each(["zipapp", "loose"] as const)("a PEX (%s) with other bytes under the digest of a wheel", (layout) => {
  const bad = user.make(`bad-${layout}`, { ...APP, wheelFiles: [wheel("lying")], info: lie, layout });

  test.each(sample)("ends with one clear error, and others run as ever: Python $name", async (python) => {
    for (const PEX_VENV of ["0", "1"]) {
      const env = { PEX_VENV, PEX_ROOT: user.path(`root-${layout}-${python.name}-${PEX_VENV}`) };
      const result = await user.start(python, bad, [], { env });
      const refusal = `The file is damaged, \`${FILE}\` is not what PEX-INFO says`;
      expect([result.status, result.stdout, result.stderr]).toEqual([1, "", expect.stringContaining(refusal)]);
      expect(printed(await user.start(python, good, [], { env }))).toBe("honest");
    }
  });

  test("does so on PEX_PATH and under the tools, too", async () => {
    const PEX_ROOT = user.path(`root-${layout}-others`);
    const main = user.make(`main-${layout}`, APP);
    const merged = await user.start(newest, main, [], { env: { PEX_ROOT, PEX_PATH: bad } });
    expect([merged.status, merged.stderr]).toEqual([1, expect.stringContaining("is not what PEX-INFO says")]);
    const env = { PEX_ROOT, PATH: user.searchPath };
    const made = await user.run(process.execPath, [user.bin("pex-tools"), bad, "venv", user.path(`venv-${layout}`)], {
      env,
    });
    expect([made.status, made.stderr]).toEqual([1, expect.stringContaining("is not what PEX-INFO says")]);
    expect(printed(await user.start(newest, good, [], { env: { PEX_ROOT } }))).toBe("honest");
  });
});
