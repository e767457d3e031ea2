/** The variables and rc files that steer a PEX. */
import { mkdirSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";

import { newest, printed, sample, User } from "./kit.ts";

const user = new User();
let pex: string;
beforeAll(() => {
  const show =
    "import os\nprint(__name__ + ' ' + mod + ' ' + str(sorted(n for n in os.environ if n.startswith('PEX_'))))\n";
  const sources = Object.fromEntries(
    ["sealed", "one", "two", "three"].map((name) => [`${name}.py`, `mod = '${name}'\n${show}`]),
  );
  pex = user.make("apps/app.pex", {
    sources,
    wheels: [{ name: "dep", version: "1" }],
    facts: { entry_point: "sealed" },
  });
});
afterAll(() => user.remove());

test.each(sample)(
  "rc files count after each other, the environment counts most, under Python $name",
  async (python) => {
    const home = user.path(`home-${python.name}`);
    mkdirSync(home);
    const run = async (path: string, env = {}): Promise<string> =>
      printed(await user.start(python, path, [], { cwd: user.path("apps"), env: { HOME: home, ...env } }));
    expect(await run("app.pex")).toBe("__main__ sealed []");
    user.write(
      `home-${python.name}/.pexrc`,
      "# a comment\n\n  PEX_MODULE=one  \nnonsense\nPEX_MODULE = three\nPEX_MODULE=a=b\n",
    );
    expect(await run("app.pex")).toBe("__main__ one []");
    user.write("apps/.pexrc", "PEX_MODULE=two\n");
    expect(await run("app.pex")).toBe("__main__ two []");
    expect(await run(pex)).toBe("__main__ two []");
    expect(await run("app.pex", { PEX_MODULE: "three" })).toBe("__main__ three []");
    expect(await run("app.pex", { PEX_IGNORE_RCFILES: "1" })).toBe("__main__ sealed []");
    expect(await run("app.pex", { PEX_IGNORE_RCFILES: "TRUE", PEX_MODULE: "three" })).toBe("__main__ three []");
    expect(
      await run("app.pex", { PEX_DISABLE_VARIABLES: "1", PEX_MODULE: "three", PEX_ROOT: "/proc/x", PEX_VERBOSE: "x" }),
    ).toBe("__main__ sealed []");
    await user.run("rm", [user.path("apps", ".pexrc")]);
  },
);

test("a value that cannot be is one line and a hint, with exit code 1", async () => {
  const cases: Readonly<Record<string, string>> = {
    PEX_VERBOSE: "must be an integer: 'bogus'",
    PEX_INTERPRETER: "must be 0, 1, true or false: 'bogus'",
    PEX_INHERIT_PATH: "must be one of `false`, `prefer`, `fallback`: 'bogus'",
    PEX_VENV_BIN_PATH: "must be one of `false`, `prepend`, `append`: 'bogus'",
  };
  for (const python of sample) {
    for (const [name, message] of Object.entries(cases)) {
      const result = await user.start(python, pex, [], { env: { [name]: "bogus" } });
      expect([result.status, result.stdout, result.stderr]).toEqual([
        1,
        "",
        expect.stringMatching(/^app\.pex: .*\nhint: .*\n$/),
      ]);
      expect(result.stderr).toContain(`The variable ${name} ${message}`);
    }
  }
});

test("what is off or unknown has no effect", async () => {
  const harmless = {
    PEX_TOOLS: "0",
    PEX_VENV: "",
    PEX_PATH: "",
    PEX_UNZIP: "",
    PEX_INHERIT_PATH: "",
    PEX_UNKNOWN: "1",
  };
  for (const [name, value] of Object.entries(harmless))
    expect(printed(await user.start(newest, pex, [], { env: { [name]: value } }))).toBe("__main__ sealed []");
});

test("PEX_VERBOSE tells on stderr what is done, more with a higher level and at a first start", async () => {
  const told = async (level: string, root: string): Promise<string> => {
    const result = await user.start(newest, pex, [], { env: { PEX_VERBOSE: level, PEX_ROOT: user.path(root) } });
    expect(result.stdout).toBe("__main__ sealed []\n");
    return result.stderr;
  };
  const [cold1, cold9, warm9, warm0] = [
    await told("1", "a"),
    await told("9", "b"),
    await told("9", "b"),
    await told("0", "b"),
  ];
  expect(cold9.split("\n").length).toBeGreaterThan(cold1.split("\n").length);
  expect(warm9).toMatch(/^(pex: .*\n)+$/);
  expect(warm0).toBe("");
});

test("PEX_ROOT may be relative or start with a tilde, and the default place stays untouched", async () => {
  const home = user.path("home-root");
  mkdirSync(home);
  const where = "import os, sys; print([os.path.realpath(p) for p in sys.path if 'code' in p][0])";
  for (const [text, place] of [
    ["~/mine", `${home}/mine`],
    ["relative", user.path("relative")],
    [user.path("absolute"), user.path("absolute")],
  ] as const) {
    for (let start = 0; start < 2; start++) {
      const env = { PEX_ROOT: text, HOME: home, PEX_INTERPRETER: "1" };
      expect(printed(await user.start(newest, pex, ["-c", where], { env })).startsWith(`${place}/`)).toBe(true);
    }
  }
  expect((await user.run("ls", ["-A", home])).stdout).toBe("mine\n");
  const sealed = user.make("rooted.pex", {
    sources: { "app.py": "print(__file__)" },
    facts: { entry_point: "app", pex_root: user.path("sealed-root") },
  });
  expect(printed(await user.start(newest, sealed))).toContain(user.path("sealed-root"));
  expect(printed(await user.start(newest, sealed, [], { env: { PEX_ROOT: user.path("other") } }))).toContain(
    user.path("other"),
  );
});

test("settings stay in the environment if the PEX was built so", async () => {
  const keeping = user.make("keeping.pex", {
    sources: { "app.py": "import os; print(os.environ['PEX_VERBOSE'])" },
    facts: { entry_point: "app", strip_pex_env: false },
  });
  expect(printed(await user.start(newest, keeping, [], { env: { PEX_VERBOSE: "0" } }))).toBe("0");
});
