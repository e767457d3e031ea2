/** What single variables do: measuring, warnings, and values that cannot be. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { newest, printed, sample, User, versions } from "./kit.ts";

const COVERAGE = `
class CoverageException(Exception):
    pass
class Coverage(object):
    def __init__(self, data_file=None):
        self.path = data_file
    def start(self):
        print("coverage starts")
    def stop(self):
        print("coverage stops")
    def save(self):
        with open(self.path, "w") as stream:
            stream.write("data")
    def report(self, file):
        if __import__("os").environ.get("NO_DATA"):
            raise CoverageException("No data to report.")
        file.write("coverage reports\\n")
`;

const user = new User();
let pex: string;
let covered: string;
beforeAll(() => {
  const sources = {
    "app.py":
      "import sys\ndef spin():\n    return sum(range(9))\nprint(__name__, spin(), sorted(n for n in globals() if n[0] != '_'))\n" +
      "if sys.argv[1:]: sys.exit(int(sys.argv[1]))\n",
  };
  pex = user.make("app.pex", { sources, facts: { entry_point: "app" } });
  const wheels = [{ name: "coverage", version: "1", files: { "coverage.py": COVERAGE } }];
  covered = user.make("covered.pex", { sources, wheels, facts: { entry_point: "app" } });
});
afterAll(() => user.remove());

describe.each(versions)("under Python $name", (python) => {
  const run = (path: string, env: Record<string, string>, args: string[] = []) =>
    user.start(python, path, args, { env });

  test("PEX_PROFILE prints the profiler's table after the program's output, and keeps its exit code", async () => {
    const { status, stdout, stderr } = await run(pex, { PEX_PROFILE: "1" }, ["3"]);
    expect([status, stderr]).toEqual([3, ""]);
    const [program, table] = stdout.split("function calls");
    expect(program).toContain("['spin', 'sys']");
    expect(table).toMatch(/Ordered by: cumulative time[^]*app\.py:2\(spin\)/);
  });

  test("PEX_PROFILE_FILENAME alone saves the numbers instead", async () => {
    const saved = user.path(`profile-${python.name}`);
    expect(printed(await run(pex, { PEX_PROFILE_FILENAME: saved }))).not.toContain("function calls");
    const show = `import pstats; pstats.Stats(${JSON.stringify(saved)}).print_stats()`;
    expect(printed(await user.run(python.path, ["-c", show]))).toContain("(spin)");
  });

  test("PEX_COVERAGE measures only the program and reports last", async () => {
    const lines = printed(await run(covered, { PEX_COVERAGE: "true" })).split("\n");
    expect(lines).toEqual([
      "coverage starts",
      expect.stringContaining("__main__"),
      "coverage stops",
      "coverage reports",
    ]);
    const saved = user.path(`coverage-${python.name}`);
    const quiet = printed(await run(covered, { PEX_COVERAGE_FILENAME: saved }));
    expect(quiet).not.toContain("reports");
    expect(readFileSync(saved, "utf8")).toBe("data");
  });
});

test.each(sample)("what cannot be measured is one line and a hint, under Python $name", async (python) => {
  const cases: readonly (readonly [string, Record<string, string>, string])[] = [
    [pex, { PEX_COVERAGE: "1" }, "because the module `coverage` cannot be imported"],
    [covered, { PEX_COVERAGE: "1", NO_DATA: "1" }, "The coverage cannot be told: No data to report."],
    [covered, { PEX_COVERAGE_FILENAME: "/nonexistent/data" }, "cannot be saved as /nonexistent/data: No such file"],
    [pex, { PEX_PROFILE_FILENAME: "/nonexistent/data" }, "cannot be saved as /nonexistent/data: No such file"],
    [pex, { PEX_PROFILE: "1", PEX_PROFILE_SORT: "beauty" }, "PEX_PROFILE_SORT must be one of `calls`"],
  ];
  for (const [path, env, message] of cases) {
    const result = await user.start(python, path, [], { env });
    const form = new RegExp(`^${basename(path)}: .*\nhint: .*\n$`);
    expect([result.status, result.stderr]).toEqual([1, expect.stringMatching(form)]);
    expect(result.stderr).toContain(message);
  }
});

test("PEX_PROFILE_SORT chooses the order", async () => {
  for (const [order, title] of [
    ["name", "function name"],
    ["time", "internal time"],
    ["ncalls", "call count"],
  ] as const) {
    const env = { PEX_PROFILE: "1", PEX_PROFILE_SORT: order };
    expect(printed(await user.start(newest, pex, [], { env }))).toContain(`Ordered by: ${title}`);
  }
});

test.each(sample)(
  "a variable of the past changes nothing and is warned of once, under Python $name",
  async (python) => {
    for (const name of ["PEX_ALWAYS_CACHE", "PEX_FORCE_LOCAL", "PEX_TEARDOWN_VERBOSE", "PEX_UNZIP"]) {
      const env = { [name]: "anything", PYTHONPATH: "/somewhere", PEX_PYTHON: newest.path };
      const told = await user.start(python, pex, [], { env });
      expect([told.status, told.stderr]).toEqual([
        0,
        `app.pex: warning: the variable ${name} has no effect any more, unset it\n`,
      ]);
      expect(told.stdout).toBe((await user.start(newest, pex)).stdout);
      printed(await user.start(python, pex, [], { env: { ...env, PEX_EMIT_WARNINGS: "0" } }));
      printed(await user.start(python, pex, [], { env: { [name]: "" } }));
    }
  },
);

test("of the variables that choose a program only one can be set", async () => {
  const names = ["PEX_INTERPRETER", "PEX_MODULE", "PEX_SCRIPT"];
  for (const left of names) {
    const env = Object.fromEntries(names.filter((name) => name !== left).map((name) => [name, "1"]));
    const { status, stdout, stderr } = await user.start(newest, pex, [], { env });
    const both = Object.keys(env).join(", ");
    expect([status, stdout, stderr]).toEqual([
      1,
      "",
      `app.pex: Only one of these variables can be set: ${both}\nhint: unset all but one of them\n`,
    ]);
  }
});

test("PEX_MULTIPROCESSING_START_METHOD is accepted, if it is one", async () => {
  for (const method of ["fork", "forkserver", "spawn", ""]) {
    printed(await user.start(newest, pex, [], { env: { PEX_MULTIPROCESSING_START_METHOD: method } }));
  }
  const result = await user.start(newest, pex, [], { env: { PEX_MULTIPROCESSING_START_METHOD: "thread" } });
  expect([result.status, result.stderr]).toEqual([
    1,
    expect.stringContaining("`fork`, `forkserver`, `spawn`: 'thread'"),
  ]);
});

test("a title of the process is given to `setproctitle`, if that is inside", async () => {
  const wheels = [
    { name: "setproctitle", version: "1", files: { "setproctitle.py": "def setproctitle(t): print('title ' + t)\n" } },
  ];
  const titled = user.make("titled.pex", {
    wheels,
    sources: { "app.py": "print('app')" },
    facts: { entry_point: "app" },
  });
  for (const python of sample) {
    for (let start = 0; start < 2; start++) {
      const lines = printed(await user.start(python, titled, ["--foo", "bar"])).split("\n");
      expect(lines).toEqual([expect.stringMatching(/^title .* --foo bar$/), "app"]);
      expect(lines[0]).toContain(`${titled} --foo bar`);
    }
  }
});
