/** What a build says of wheels that get in each other's way, or that bring what has no place. */
import { afterAll, beforeAll, expect, test } from "vitest";

import { writeWheel } from "../support/wheel-maker.ts";
import { Workspace } from "../support/workspace.ts";

let user: Workspace;
beforeAll(() => {
  user = new Workspace();
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`tests/t${index}.py`, "same"]));
  const wheel = (
    name: string,
    version: string,
    files: Readonly<Record<string, string>>,
    requires: string[] = [],
  ): void => void writeWheel(user.path("wheels"), { name, version, files, requires });
  wheel("alpha", "1.0", { ...many, "tests/a.py": "1", "tests/b.py": "1", "tests/c.py": "1", "tests/d.py": "1" }, [
    "beta",
  ]);
  wheel("beta", "2.0", { ...many, "tests/a.py": "2", "tests/b.py": "2", "tests/c.py": "2", "tests/d.py": "2" });
  wheel("gamma", "3.0", { ...many });
  wheel("data", "1.0", { "data.py": "", "data-1.0.data/data/etc/data.conf": "" });
  wheel("manual", "1.0", { "manual.py": "", "manual-1.0.data/data/share/man/man1/manual.1": "" });
});
afterAll(() => user.remove());

async function said(...args: readonly string[]): Promise<string> {
  const built = await user.pex(["--no-index", "-f", user.path("wheels"), ...args, "-o", "out.pex"]);
  expect(built.status).toBe(0);
  return built.stderr;
}

const WARNING =
  "warning: Distributions bring different contents for the same files; the first one counts:\n" +
  "  tests/a.py, tests/b.py, tests/c.py and 1 more: alpha 1.0, beta 2.0\n";

test("files with different contents are one warning, the first build and the next; the first in activation order counts", async () => {
  for (const _ of [0, 1]) expect(await said("gamma", "alpha")).toBe(WARNING);
  const code = "import tests.a as a; print(open(a.__file__).read())";
  const ran = await user.run(user.path("out.pex"), ["-c", code]);
  expect(ran).toMatchObject({ status: 0, stdout: "1\n", stderr: "" });
  const verbose = await user.run(user.path("out.pex"), ["-c", code], {
    env: { PEX_VERBOSE: "1", PEX_ROOT: user.path("fresh") },
  });
  const lines = verbose.stderr.split("\n").filter((line) => line.includes("earlier distribution"));
  for (const name of ["a", "b", "c", "d"]) expect(verbose.stderr).toContain(`tests/${name}.py is also in`);
  expect(lines).toHaveLength(4);
});

test("files with the same content are no matter", async () => {
  expect(await said("gamma", "beta")).toBe("");
});

test("data that only a virtual environment has a place for is one hint, which --venv makes needless", async () => {
  expect(await said("data")).toBe(
    "warning: Data files of data will not be at sys.prefix\nhint: build with --venv if a program looks for them there\n",
  );
  expect(await said("data", "--venv")).toBe("");
  expect(await said("manual")).toBe("");
});
