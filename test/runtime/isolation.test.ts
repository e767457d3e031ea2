/** Nothing of the host shows in a PEX, unless it is asked for. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { newest, oldest, printed, sample, User, versions } from "./kit.ts";

const PROBE = `
from __future__ import print_function
import sys
for name in sys.argv[1:]:
    try:
        module = __import__(name)
        print(name, getattr(module, 'where', 'leaks'))
    except ImportError:
        print(name, 'hidden')
`;
const user = new User();
let pex: string;
beforeAll(() => {
  pex = user.make("probe.pex", {
    wheels: [
      { name: "colors", version: "1", files: { "colors.py": "where = 'inside'\n", "shared.py": "where = 'inside'\n" } },
    ],
    sources: { "probe.py": PROBE, "tabnanny.py": "where = 'inside'\n" },
    facts: { entry_point: "probe" },
  });
});
afterAll(() => user.remove());

describe.each(versions)("under Python $name", (python) => {
  test("user site, PYTHONPATH, .pth lines, finders and what they loaded are hidden; PYTHONPATH stays set", async () => {
    const home = user.path(`home-${python.name}`);
    mkdirSync(home);
    const find = await user.run(python.path, ["-c", "import site; print(site.getusersitepackages())"], {
      env: { HOME: home },
    });
    const site = find.stdout.trim().slice(user.dir.length + 1);
    user.write(join(site, "leak_user.py"), "");
    user.write(join(site, "leak.pth"), `import leak_loaded\n${user.path("extra")}\n`);
    const finder =
      "import sys\nclass Finder(object):\n  def find_module(self, *a): sys.asked = True\n  find_spec = find_module\nsys.meta_path.append(Finder())\n";
    user.write(join(site, "leak_loaded.py"), `${finder}sys.excepthook = lambda *a: None\nsys.path.append(None)\n`);
    user.write("pythonpath/leak_path.py", "");
    user.write("pythonpath/colors.py", "raise ImportError('the wrong colors')\n");
    user.write("pythonpath/zlib.py", "raise ImportError('the wrong zlib')\n");
    user.write("extra/leak_extra.py", "");
    const names = ["leak_user", "leak_loaded", "leak_path", "leak_extra", "setuptools", "pip", "certifi"];
    const env = { HOME: home, PYTHONPATH: user.path("pythonpath") };
    const control = await user.run(python.path, ["-c", PROBE, ...names.slice(0, 4)], { env });
    expect(control.stdout.match(/leaks/g)).toHaveLength(4);
    for (let start = 0; start < 2; start++) {
      const shown = printed(await user.start(python, pex, ["colors", ...names], { env }));
      expect(shown).toBe(["colors inside", ...names.map((name) => `${name} hidden`)].join("\n"));
    }
    const code = `
import os, sys
sys.asked = False
try:
    import nosuch
except ImportError:
    pass
print(os.environ['PYTHONPATH'], sys.asked, sys.excepthook is sys.__excepthook__, sorted(n for n in os.environ if 'PEX' in n))`;
    const shown = printed(await user.start(python, pex, ["-c", code], { env: { ...env, PEX_INTERPRETER: "1" } }));
    expect(shown.replaceAll(/[(),]/g, "").replace(/'(.*?)' /, "$1 ")).toBe(
      `${user.path("pythonpath")} False True ['PEX']`,
    );
  });

  test("its own sources stand before the standard library, its distributions behind", async () => {
    expect(printed(await user.start(python, pex, ["tabnanny"]))).toBe("tabnanny inside");
    const code = "import sys; print([p for p in sys.path if 'packages' in p] == sys.path[-1:], 'code' in sys.path[1])";
    expect(printed(await user.start(python, pex, ["-c", code], { env: { PEX_INTERPRETER: "1" } }))).toMatch(
      /True,? True/,
    );
  });

  test("the flags of the interpreter and the effect of its variables are those of plain Python", async () => {
    const code = "import sys; print(sys.flags); print(sys.dont_write_bytecode)";
    const env = { PYTHONPATH: user.path("pythonpath"), PYTHONDONTWRITEBYTECODE: "1", PYTHONNOUSERSITE: "1" };
    const plain = printed(await user.run(python.path, ["-c", code], { env }));
    expect(printed(await user.start(python, pex, ["-c", code], { env: { ...env, PEX_INTERPRETER: "1" } }))).toBe(plain);
  });
});

describe.each(sample)("in a virtual environment of Python $name", (python) => {
  const has = python.major > 2;
  const host = (): string => user.path(`venv-${python.name}`, "bin", "python");
  beforeAll(async () => {
    if (!has) return;
    await user.run(python.path, ["-m", "venv", "--without-pip", user.path(`venv-${python.name}`)]);
    const packages = `venv-${python.name}/lib/${python.isPyPy ? "" : "python"}${python.name}/site-packages`;
    user.write(`${packages}/shared.py`, "where = 'host'\n");
    user.write(`${packages}/only_host.py`, "where = 'host'\n");
  });

  test.skipIf(!has)("the base interpreter runs the program", async () => {
    const env = { PEX_INTERPRETER: "1" };
    const code = "import os, sys; print(sys.prefix == sys.base_prefix, os.path.realpath(sys.executable))";
    const shown = printed(await user.run(host(), [pex, "-c", code], { env }));
    expect(shown).toMatch(/^True /);
    expect(shown).toContain(python.isPyPy ? python.name : `python${python.name}`);
    expect(printed(await user.run(host(), [pex, "shared", "only_host"]))).toBe("shared inside\nonly_host hidden");
  });

  test.skipIf(!has)("prefer and fallback let the host's packages in, before or after those inside", async () => {
    const answers = { false: ["inside", "hidden"], prefer: ["host", "host"], fallback: ["inside", "host"] };
    for (const [value, [shared, only]] of Object.entries(answers)) {
      const shown = printed(await user.run(host(), [pex, "shared", "only_host"], { env: { PEX_INHERIT_PATH: value } }));
      expect(shown).toBe(`shared ${shared}\nonly_host ${only}`);
      const sealed = user.make(`${value}.pex`, {
        wheels: [{ name: "colors", version: "1", files: { "shared.py": "where = 'inside'\n" } }],
        sources: { "probe.py": PROBE },
        facts: { entry_point: "probe", inherit_path: value },
      });
      expect(printed(await user.run(host(), [sealed, "shared", "only_host"]))).toBe(shown);
    }
  });
});

test("options and sealed options survive a start under another process; those that are typed win", async () => {
  const facts = { inject_python_args: ["-W", "ignore::ImportWarning"] };
  const sealed = [
    user.make("sealed.pex", { facts }),
    user.make("sealed-venv.pex", { facts: { ...facts, venv: true } }),
  ];
  const code = "import sys; print([sys.flags.optimize, sys.warnoptions, sys.argv])";
  for (const python of sample) {
    const env = { PYTHONPATH: user.dir };
    for (const pex of sealed) {
      const args = ["-O", "-u", "-W", "error::ImportWarning", pex, "-c", code, "a b", ""];
      const expected = "[1, ['ignore::ImportWarning', 'error::ImportWarning'], ['-c', 'a b', '']]";
      expect(printed(await user.run(python.path, args, { env }))).toBe(expected);
    }
  }
});

test("PEX_EXTRA_SYS_PATH adds folders, also for the Pythons that are started", async () => {
  user.write("one/extra_one.py", "");
  user.write("two/extra_two.py", "");
  const child =
    "import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', 'import extra_one, extra_two']))";
  const env = { PEX_INTERPRETER: "1", PEX_EXTRA_SYS_PATH: `${user.path("one")}:${user.path("two")}` };
  expect(printed(await user.start(newest, pex, ["-c", "import extra_one, extra_two; print('found')"], { env }))).toBe(
    "found",
  );
  expect((await user.start(newest, pex, ["-c", child], { env })).status).toBe(0);
  const path = "import os; print(os.environ['PYTHONPATH'])";
  const inherited = { ...env, PYTHONPATH: "/first", PEX_INHERIT_PATH: "prefer" };
  expect(printed(await user.start(newest, pex, ["-c", path], { env: inherited }))).toBe(
    `/first:${env.PEX_EXTRA_SYS_PATH}`,
  );
});

test.each([oldest, newest])(
  "modules whose names only begin like those of the runtime are the program's, under Python $name",
  async (python) => {
    const files = { "pexjs_runtime_x.py": "", "early.pth": "import pexjs_runtime_x\n" };
    const early = user.make("early.pex", { wheels: [{ name: "early", version: "1", files }] });
    const code = "import sys; print(sorted(name for name in sys.modules if 'pexjs' in name))";
    expect(printed(await user.start(python, early, ["-c", code]))).toBe("['pexjs_runtime_x']");
  },
);
