/** A PEX that runs from a virtual environment which it makes of itself. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

import { newest, printed, sample, User, versions, type PexSpec } from "./kit.ts";

const user = new User();
afterAll(() => user.remove());

const APP = `from __future__ import print_function
import json, os, sys, one
def main():
    print(json.dumps({
        "arguments": sys.argv, "prefix": sys.prefix, "base": getattr(sys, "base_prefix", None), "pex": os.environ["PEX"],
        "venv": os.environ["VIRTUAL_ENV"], "path": sys.path, "ours": [n for n in sys.modules if "pexjs" in n],
        "variables": sorted(n for n in os.environ if "PEX" in n), "file": one.__file__, "shared": one.shared.OWNER,
        "search": os.environ["PATH"].split(os.pathsep),
    }))
    return 3
`;
const SPEC: PexSpec = {
  sources: { "app.py": APP, "shared.py": "OWNER = 'app'\n", "other.py": "print('other ' + __name__)\n" },
  wheels: [
    {
      name: "one",
      version: "1",
      entryPoints: "[console_scripts]\none-tool = one:tool\n../evil = one:tool\nodd = one:tool();evil\n",
      files: {
        "one.py": "import shared, sys\ndef tool():\n    print('tool ' + sys.prefix)\n    return 4\n",
        "shared.py": "OWNER = 'one'\n",
        "data.txt": "data of one",
        "one-1.data/scripts/one-old": "#!python\nimport sys, one\nprint('old ' + sys.prefix)\n",
        "one-1.data/scripts/one-latin": Buffer.from("#!python\n# coding: latin-1\nprint(ord(u'\xe9'))\n", "latin1"),
        "one-1.data/scripts/one-shell": "#!/bin/sh\necho shell $1\n",
        "one-1.data/data/share/one.txt": "shared",
        "one-1.data/data/pyvenv.cfg": "home = /nowhere",
        "one-1.data/headers/one.h": "header",
      },
    },
  ],
  facts: { entry_point: "app:main", venv: true, inject_args: ["sealed"] },
};

interface Report {
  readonly arguments: readonly string[];
  readonly prefix: string;
  readonly base: string;
  readonly pex: string;
  readonly venv: string;
  readonly path: readonly string[];
  readonly ours: readonly string[];
  readonly variables: readonly string[];
  readonly file: string;
  readonly shared: string;
  readonly search: readonly string[];
}

function report(result: { readonly status: number | null; readonly stdout: string; readonly stderr: string }): Report {
  expect([result.status, result.stderr]).toEqual([3, ""]);
  return JSON.parse(result.stdout) as Report;
}

/** Each test has caches of its own. */
let serial = 0;
function freshRoot(): string {
  return user.path("roots", String((serial += 1)));
}
function environments(root: string): string[] {
  const folder = join(root, "pexjs", "1", "run", "venvs");
  return readdirSync(folder).map((name) => join(folder, name));
}

const pex = user.make("app.pex", SPEC);

describe.each(versions)("under Python $name", (python) => {
  const root = freshRoot();
  const env = { PEX_ROOT: root, PYTHONPATH: user.path("nowhere") };

  test("the program runs inside, cold and warm, and sees nothing of ours", async () => {
    for (const _coldThenWarm of [0, 1]) {
      const seen = report(await user.start(python, pex, ["typed"], { env }));
      const [home] = environments(root);
      expect(seen).toMatchObject({
        arguments: [pex, "sealed", "typed"],
        prefix: home,
        venv: home,
        pex,
        ours: [],
        variables: ["PEX"],
        shared: "app",
      });
      expect(seen.base).not.toBe(seen.prefix);
      expect(seen.path.at(-1)).toMatch(/site-packages$/);
      expect(seen.path.filter((each) => each.includes("nowhere") || each === home)).toEqual([]);
    }
    expect(environments(root)).toHaveLength(1);
  });

  test("scripts, data and headers are where an installer puts them", async () => {
    const home = environments(root)[0] ?? "";
    const tool = await user.run(join(home, "bin", "one-tool"), []);
    expect([tool.status, tool.stdout, tool.stderr]).toEqual([4, `tool ${home}\n`, ""]);
    expect(printed(await user.run(join(home, "bin", "one-old"), []))).toBe(`old ${home}`);
    expect(printed(await user.run(join(home, "bin", "one-shell"), ["a"]))).toBe("shell a");
    expect(readFileSync(join(home, "share", "one.txt"), "utf8")).toBe("shared");
    expect(readFileSync(join(home, "pyvenv.cfg"), "utf8")).not.toContain("nowhere");
    expect(existsSync(join(home, "include", "site", `python${python.major}.${python.minor}`, "one", "one.h"))).toBe(
      true,
    );
    expect(readdirSync(join(home, "bin")).filter((name) => /evil|odd/.test(name))).toEqual([]);
    const seen = report(await user.run(join(home, "pex"), []));
    expect(seen.arguments).toEqual([join(home, "pex"), "sealed"]);
  });

  test("variables choose another program", async () => {
    const start = async (args: readonly string[], more: Readonly<Record<string, string>>): Promise<string> =>
      printed(await user.start(python, pex, args, { env: { ...env, ...more } }));
    expect(await start([], { PEX_MODULE: "other" })).toBe("other __main__");
    expect(await start([], { PEX_SCRIPT: "one-old" })).toBe(`old ${environments(root)[0]}`);
    const code = "import sys, one; print(str(sys.argv) + repr(sys.path[0]))";
    expect(await start(["-c", code, "a"], { PEX_INTERPRETER: "1" })).toBe("['-c', 'a']''");
    const prefix = "import sys; print(sys.prefix == getattr(sys, 'base_prefix', sys.prefix))";
    expect(await start(["-c", prefix], { PEX_INTERPRETER: "1", PEX_VENV: "0" })).toBe("True");
    expect(await start(["-i", "-c", "x = 1"], { PEX_INTERPRETER: "1" }).catch(String)).toContain(">>> ");
    expect(await start(["-c", "x = 1"], { PEX_INTERPRETER: "1", PYTHONINSPECT: "1" }).catch(String)).toContain(">>> ");
  });

  test("what a cleaner has taken is made again", async () => {
    for (const name of ["bin/python", "__main__.py", ".contents", "lib"]) {
      rmSync(join(environments(root)[0] ?? "", name), { recursive: true });
      expect(report(await user.start(python, pex, [], { env })).shared, name).toBe("app");
    }
    expect(environments(root)).toHaveLength(1);
  });
});

test.each(sample)("many first starts at once make one environment, under Python $name", async (python) => {
  const env = { PEX_ROOT: freshRoot() };
  const results = await Promise.all(Array.from({ length: 6 }, () => user.start(python, pex, [], { env })));
  for (const result of results) expect(report(result).shared).toBe("app");
  expect(environments(env.PEX_ROOT)).toHaveLength(1);
});

test("the search path of the program gets the scripts where that is asked for", async () => {
  const env = { PEX_ROOT: freshRoot() };
  const prepending = user.make("prepending.pex", { ...SPEC, facts: { ...SPEC.facts, venv_bin_path: "prepend" } });
  const search = async (path: string, more = {}): Promise<readonly string[]> =>
    report(await user.start(newest, path, [], { env: { ...env, ...more } })).search;
  const plain = user.searchPath.split(":");
  expect(await search(pex)).toEqual(plain);
  const [home] = environments(env.PEX_ROOT);
  expect(await search(pex, { PEX_VENV_BIN_PATH: "append" })).toEqual([...plain, `${home}/bin`]);
  expect((await search(prepending))[0]).toMatch(/\/venvs\/[0-9a-f]+\/bin$/);
  expect(await search(prepending, { PEX_VENV_BIN_PATH: "false" })).toEqual(plain);
});

test("a path that is long or has odd letters is no harm to scripts, nor to what they say of their encoding", async () => {
  for (const name of ["$pace `and\" 'more'", "long".repeat(40), "\\N{no}\\x'\\'''", "größe"]) {
    const env = { PEX_ROOT: user.path(name), LC_ALL: "C.UTF-8" };
    for (const python of sample) {
      const { prefix } = report(await user.start(python, pex, [], { env }));
      const run = (script: string) => user.run(join(prefix, script), [], { env });
      const tool = await run("bin/one-tool");
      expect([tool.stdout, tool.stderr]).toEqual([`tool ${prefix}\n`, ""]);
      expect(printed(await run("bin/one-latin"))).toBe("233");
      expect((await run("pex")).status).toBe(3);
    }
  }
});

test("the name of a folder need not be text", async () => {
  const sealed = user.make("sealed.pex", { ...SPEC, facts: { ...SPEC.facts, inject_env: [["MINE", "größe"]] } });
  const script = `PEX_ROOT="$1$(printf '/\\377')" && export PEX_ROOT && "$2" "$3" && "$PEX_ROOT"/pexjs/1/run/venvs/*/bin/one-latin`;
  for (const [index, python] of sample.entries()) {
    const folder = user.path(`bytes-${index}`);
    const env = { PEX_MODULE: "other", LC_ALL: "C.UTF-8" };
    const run = await user.run("/bin/sh", ["-c", script, "sh", folder, python.path, sealed], { env });
    expect([python.name, printed(run)]).toEqual([python.name, "other __main__\n233"]);
  }
});

test("an environment is found again by the Python of another one", async () => {
  const env = { PEX_ROOT: freshRoot() };
  await user.run(newest.path, ["-m", "venv", "--without-pip", user.path("host")]);
  const host = { ...newest, path: user.path("host", "bin", "python") };
  const { prefix } = report(await user.start(newest, pex, [], { env }));
  expect(report(await user.start(host, pex, [], { env })).prefix).toBe(prefix);
  expect(report(await user.start({ ...newest, path: join(prefix, "bin", "python") }, pex, [], { env })).prefix).toBe(
    prefix,
  );
  expect(environments(env.PEX_ROOT)).toHaveLength(1);
});

test("options of Python count, and PYTHONPATH does when the environment is not hermetic", async () => {
  const env = { PEX_ROOT: freshRoot(), PEX_INTERPRETER: "1", PYTHONPATH: user.path("mine") };
  mkdirSync(user.path("mine"));
  const code = `import sys; print([sys.flags.optimize, sys.flags.isolated, ${JSON.stringify(user.path("mine"))} in sys.path])`;
  const start = async (path: string): Promise<string> =>
    printed(await user.run(newest.path, ["-OO", path, "-c", code], { env }));
  const info = { venv_hermetic_scripts: false };
  const open = user.make("open.pex", { ...SPEC, facts: { ...SPEC.facts, ...info }, info });
  expect(await start(pex)).toBe("[2, 1, False]");
  expect(await start(open)).toBe("[2, 0, True]");
});

test("copies share nothing with the cache or the interpreter", async () => {
  const env = { PEX_ROOT: freshRoot() };
  const info = { venv_copies: true, venv_site_packages_copies: true };
  const { prefix, file } = report(await user.start(newest, user.make("copies.pex", { ...SPEC, info }), [], { env }));
  expect(lstatSync(join(prefix, "bin", "python")).isSymbolicLink()).toBe(false);
  expect(statSync(file).nlink).toBe(1);
  const linked = report(await user.start(newest, pex, [], { env }));
  expect(statSync(linked.file).nlink).toBeGreaterThan(1);
});

test("the environment needs neither the PEX nor the rest of the cache", async () => {
  const env = { PEX_ROOT: freshRoot() };
  const { prefix } = report(await user.start(newest, pex, [], { env }));
  for (const name of readdirSync(dirname(dirname(prefix)))) {
    if (name !== "venvs") rmSync(join(dirname(dirname(prefix)), name), { recursive: true });
  }
  renameSync(pex, `${pex}.away`);
  const seen = report(await user.run(newest.path, [join(prefix, "pex")]));
  renameSync(`${pex}.away`, pex);
  expect(seen.prefix).toBe(prefix);
  for (const name of readdirSync(join(prefix, ".bootstrap"))) {
    if (name.startsWith("compiled-")) writeFileSync(join(prefix, ".bootstrap", name), "");
  }
  expect(report(await user.run(join(prefix, "pex"), [])).ours).toEqual([]);
});

test("PEX_VENV works for a PEX that was built without, and a cache that cannot be written is no obstacle", async () => {
  const plain = user.make("plain.pex", { ...SPEC, facts: { entry_point: "app:main" } });
  expect(
    report(await user.start(newest, plain, [], { env: { PEX_ROOT: freshRoot(), PEX_VENV: "1" } })).prefix,
  ).toContain("venvs");
  const temporary = user.path("temporary");
  mkdirSync(temporary);
  const result = await user.start(newest, pex, [], { env: { PEX_ROOT: "/proc/none", TMPDIR: temporary } });
  expect([result.status, result.stderr]).toEqual([3, expect.stringContaining("not writable")]);
  expect(readdirSync(temporary)).toEqual([]);
});

test.each(sample)(
  "an environment that is damaged and started itself is one clear error: Python $name",
  async (python) => {
    const pex = user.make(`damaged-${python.name}.pex`, SPEC);
    const root = user.path(`damaged-${python.name}`);
    const env = { PEX_ROOT: root };
    expect((await user.start(python, pex, [], { env })).status).toBe(3);
    const venvs = join(root, "pexjs", "1", "run", "venvs");
    const folder = join(venvs, readdirSync(venvs)[0] ?? "");
    // By the first an interpreter knows that it is that of an environment; Python 2 by where its library is.
    for (const part of python.major === 2 ? ["bin/python"] : ["pyvenv.cfg", "bin/python"]) {
      rmSync(join(folder, part));
      const result = await user.run(python.path, [join(folder, "pex")], { env });
      const told = `pex: The virtual environment is damaged: ${folder}\nhint: remove that folder, and start the PEX that made it\n`;
      expect([part, result.status, result.stdout, result.stderr]).toEqual([part, 1, "", told]);
    }
    expect((await user.start(python, pex, [], { env })).status).toBe(3);
  },
);
