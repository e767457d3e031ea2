/** What a PEX runs, and how it ends, under every Python there is. */
import { readFileSync } from "node:fs";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { newest, printed, sample, User, versions } from "./kit.ts";

const APP = `
from __future__ import print_function
import json, os, sys

class Tool(object):
    class Inner(object):
        @staticmethod
        def method():
            show()
            return 4

def show():
    main = sys.modules['__main__']
    print(json.dumps({
        'argv': sys.argv, 'pex': os.environ['PEX'], 'left': sorted(n for n in os.environ if 'PEX_' in n or 'PEXJS' in n),
        'modules': sorted(n for n in sys.modules if 'pexjs' in n or n == 'pex'), 'main': main.__name__,
        'finders': len([f for f in sys.meta_path if 'pexjs' in repr(f)]), 'package': main.__package__,
        'names': sorted(n for n in vars(main) if not n.startswith('__')), 'sealed': os.environ.get('SEALED'),
    }))

def boom(): raise ValueError('boom')
def three(): return 3
def nothing(): pass
def words(): return 'something went wrong'
def interrupt(): raise KeyboardInterrupt()
def killed(): os.kill(os.getpid(), 15)

if __name__ == '__main__':
    assert sys.modules['__main__'].__dict__ is globals()
    assert __file__ == sys.argv[0], (__file__, sys.argv)
    show()
`;
const TOOL: Parameters<User["make"]>[1] = {
  wheels: [
    {
      name: "tool",
      version: "1.0",
      files: {
        "tool/__init__.py": "import sys\ndef main():\n    print(sys.argv[1:])\n    return 5\n",
        "tool/__main__.py": "import sys\nprint('module ' + __name__)\n",
        "tool-1.0.data/scripts/legacy": "#!python\nimport sys\nprint(sys.argv)\nprint(__name__)\n",
        "tool-1.0.data/scripts/shell": '#!/bin/sh\necho "shell $1"\nexit 9\n',
        "tool-1.0.data/scripts/binary": readFileSync("/bin/echo"),
      },
      entryPoints: "[console_scripts]\ntool = tool:main\n\n[gui_scripts]\nwindow=tool:main [x]\n",
    },
  ],
};

const user = new User();
const pex: Record<string, string> = {};
beforeAll(() => {
  for (const entry of [
    "app:Tool.Inner.method",
    "app:boom",
    "app:three",
    "app:nothing",
    "app:words",
    "app:interrupt",
    "app:killed",
    "app",
  ]) {
    pex[entry] = user.make(`${entry.replace(":", "-")}.pex`, {
      sources: { "app.py": APP },
      facts: { entry_point: entry },
    });
  }
  pex["sealed"] = user.make("sealed.pex", {
    sources: { "app.py": APP },
    facts: {
      entry_point: "app:show",
      inject_args: ["--one", "two words", "{pex.env.GIVEN}-{pex.env.ABSENT}"],
      inject_env: [["SEALED", "yes"]],
    },
  });
  pex["plain"] = user.make("tool.pex", TOOL);
  for (const script of ["tool", "legacy", "shell", "window"]) {
    pex[script] = user.make(`${script}-script.pex`, { ...TOOL, facts: { script } });
  }
});
afterAll(() => user.remove());

describe.each(versions)("under Python $name", (python) => {
  test("a function sees its arguments and nothing of ours, cold and warm", async () => {
    for (let start = 0; start < 2; start++) {
      const result = await user.start(python, "app-Tool.Inner.method.pex", ["a", "--b"]);
      expect([result.status, result.stderr]).toEqual([4, ""]);
      expect(JSON.parse(result.stdout)).toEqual({
        argv: ["app-Tool.Inner.method.pex", "a", "--b"],
        pex: pex["app:Tool.Inner.method"],
        left: [],
        modules: [],
        main: "__main__",
        finders: 0,
        package: null,
        names: ["Tool", "sys"],
        sealed: null,
      });
    }
  });

  test("a module is `__main__` as under `python -m`", async () => {
    const report = JSON.parse(printed(await user.start(python, pex["app"]!, ["a"])));
    expect(report.argv[0]).toMatch(/src\/app\.py$/);
    expect(report.argv.slice(1)).toEqual(["a"]);
    expect(report.names).toContain("Tool");
  });

  test("what a function returns is the exit status", async () => {
    expect((await user.start(python, pex["app:three"]!)).status).toBe(3);
    expect((await user.start(python, pex["app:nothing"]!)).status).toBe(0);
    const words = await user.start(python, pex["app:words"]!);
    expect([words.status, words.stdout, words.stderr]).toEqual([1, "", "something went wrong\n"]);
  });

  test("an exception shows Python's frames, one of `__main__`, the entry point, and the program's", async () => {
    const { status, stderr } = await user.start(python, pex["app:boom"]!);
    expect(status).toBe(1);
    expect(stderr).toMatch(/ValueError: boom\n$/);
    const files = [...stderr.matchAll(/File "(.*?)"/g)].map(([, file = ""]) => file);
    expect(files.filter((file) => !file.includes("runpy"))).toEqual([
      expect.stringMatching(/app-boom\.pex\/__main__\.py$/),
      "<app:boom>",
      expect.stringMatching(/\/src\/app\.py$/),
    ]);
  });

  test("signals end it as they end Python", async () => {
    const interrupted = await user.start(python, pex["app:interrupt"]!);
    const plain = await user.run(python.path, ["-c", "raise KeyboardInterrupt()"]);
    expect([interrupted.status, interrupted.signal]).toEqual([plain.status, plain.signal]);
    expect(interrupted.stderr).toMatch(/KeyboardInterrupt/);
    expect((await user.start(python, pex["app:killed"]!)).signal).toBe("SIGTERM");
  });

  test("sealed arguments come first, sealed variables are defaults", async () => {
    const env = { GIVEN: "given" };
    const report = JSON.parse(printed(await user.start(python, pex["sealed"]!, ["typed"], { env })));
    expect(report.argv.slice(1)).toEqual(["--one", "two words", "given-", "typed"]);
    expect(report.sealed).toBe("yes");
    const other = JSON.parse(printed(await user.start(python, pex["sealed"]!, [], { env: { SEALED: "mine" } })));
    expect(other.sealed).toBe("mine");
  });

  test("scripts are found by name: entry points, legacy scripts, programs of another kind", async () => {
    const tool = await user.start(python, pex["plain"]!, ["a"], { env: { PEX_SCRIPT: "tool" } });
    expect([tool.status, tool.stdout]).toEqual([5, "['a']\n"]);
    expect((await user.start(python, pex["window"]!)).status).toBe(5);
    expect(printed(await user.start(python, pex["legacy"]!, ["x"]))).toBe("['legacy', 'x']\n__main__");
    const shell = await user.start(python, pex["shell"]!, ["y"]);
    expect([shell.status, shell.stdout]).toEqual([9, "shell y\n"]);
    const env = { PEX_SCRIPT: "binary" };
    expect(printed(await user.start(python, pex["plain"]!, ["an", "executable"], { env }))).toBe("an executable");
    const wrong = await user.start(python, pex["plain"]!, [], { env: { PEX_SCRIPT: "nosuch" } });
    expect([wrong.status, wrong.stdout]).toEqual([1, ""]);
    expect(wrong.stderr).toMatch(/^tool\.pex: No script `nosuch` is inside; there are tool-1\.0\nhint: /);
  });

  test("PEX_MODULE runs another module or function without the sealed arguments", async () => {
    const report = JSON.parse(printed(await user.start(python, pex["sealed"]!, ["a"], { env: { PEX_MODULE: "app" } })));
    expect(report.argv.slice(1)).toEqual(["a"]);
    expect(report.sealed).toBe("yes");
    expect((await user.start(python, pex["sealed"]!, [], { env: { PEX_MODULE: "app:three" } })).status).toBe(3);
    expect(printed(await user.start(python, pex["plain"]!, [], { env: { PEX_MODULE: "tool" } }))).toBe(
      "module __main__",
    );
    const wrong = await user.start(python, pex["sealed"]!, [], { env: { PEX_MODULE: "nosuch" } });
    expect([wrong.status, wrong.stderr]).toEqual([
      1,
      "sealed.pex: No module named nosuch\nhint: correct or unset PEX_MODULE\n",
    ]);
    const both = await user.start(python, pex["sealed"]!, [], { env: { PEX_MODULE: "app", PEX_SCRIPT: "tool" } });
    expect(both.stderr).toMatch(/^sealed\.pex: Only one of these variables can be set: PEX_MODULE, PEX_SCRIPT\n/);
  });
});

const MULTIPROCESSING = `
import multiprocessing
def double(x): return x * 2
def main():
    for method in multiprocessing.get_all_start_methods() if hasattr(multiprocessing, 'get_all_start_methods') else [None]:
        context = multiprocessing.get_context(method) if method else multiprocessing
        pool = context.Pool(2)
        print(pool.map(double, [1, 2, 3]))
        pool.terminate()
        pool.join()
if __name__ == '__main__':
    main()
`;

test.each(sample)("multiprocessing works by all start methods under Python $name", async (python) => {
  for (const entry of ["workers", "workers:main"]) {
    const facts = { entry_point: entry };
    const path = user.make("workers.pex", { sources: { "workers.py": MULTIPROCESSING }, facts });
    const lines = printed(await user.start(python, path)).split("\n");
    expect(new Set(lines)).toEqual(new Set(["[2, 4, 6]"]));
    expect(lines).toHaveLength(python.major === 2 ? 1 : 3);
  }
  const script = user.write("workers.py", MULTIPROCESSING);
  expect(printed(await user.start(python, pex["plain"]!, [script]))).toMatch(/^\[2, 4, 6\]/);
});

test("resources are bound to variables, also for sealed arguments, and a missing one is an error", async () => {
  const app = "import os, sys\nprint(open(os.environ['DATA']).read(), sys.argv[1:] == [os.environ['DATA']])\n";
  const sources = { "data.txt": "words", "app.py": app };
  const bound = user.make("bound.pex", {
    sources,
    facts: { entry_point: "app", bind_resource_paths: [["DATA", "data.txt"]], inject_args: ["{pex.env.DATA}"] },
  });
  expect(printed(await user.start(newest, bound))).toBe("words True");
  const broken = user.make("broken.pex", {
    sources,
    facts: { entry_point: "app", bind_resource_paths: [["DATA", "no.txt"]] },
  });
  expect((await user.start(newest, broken)).stderr).toMatch(
    /^broken\.pex: The file for the variable DATA is not inside: no\.txt\n/,
  );
});

test("PEX_MODULE=pex.tools, which upstream has, leads to the variable that there is", async () => {
  const pex = user.make("no-tools.pex", {});
  const { stderr } = await user.start(newest, pex, ["info"], { env: { PEX_MODULE: "pex.tools" } });
  expect(stderr).toBe(
    "no-tools.pex: No module named pex.tools\nhint: unset PEX_MODULE, and set PEX_TOOLS=1 to run the tools\n",
  );
});
