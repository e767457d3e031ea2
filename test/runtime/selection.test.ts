/** Which Python runs a PEX, and which of its distributions that Python gets. */
import { mkdirSync, symlinkSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { fakeProgram } from "../support/fake-interpreter.ts";
import { newest, oldest, printed, User, versions } from "./kit.ts";

const VERSION = "import sys; print('%d.%d' % sys.version_info[:2])";
const third = versions.find((each) => each.name === "3.8") ?? newest;
const user = new User();
afterAll(() => user.remove());

/** One wheel for each of two Pythons, of the same project. */
function native(tag: string, where: string, version = "1.0"): Parameters<typeof user.make>[1] {
  return { wheels: [{ name: "native", version, tag, purelib: false, files: { "native.py": `where = '${where}'\n` } }] };
}

describe("distributions", () => {
  test.each(versions)("the wheel for Python $name is chosen of several, and it alone is unpacked", async (python) => {
    const wheels = versions
      .filter((each) => !each.isPyPy)
      .map((each) => {
        const digits = `${each.major}${each.minor}`;
        const abi = each.major === 2 ? "cp27mu" : each.minor < 8 ? `cp${digits}m` : `cp${digits}`;
        const tag = `cp${digits}-${abi}-linux_x86_64`;
        return { name: "native", version: "1.0", tag, files: { "native.py": `where = '${each.name}'\n` } };
      });
    const fallback = { name: "native", version: "2.0", files: { "native.py": "where = 'any'\n" } };
    const pex = user.make(`native-${python.name}.pex`, { wheels: [...wheels, fallback], roots: ["native"] });
    const code = "import native; print(native.where)";
    expect(printed(await user.start(python, pex, ["-c", code]))).toBe(
      process.arch === "x64" && !python.isPyPy ? python.name : "any",
    );
  });

  test("markers, extras and Requires-Python decide what is needed", async () => {
    const spec = {
      wheels: [
        {
          name: "app",
          version: "1",
          requires: [
            "plain",
            'old; python_version < "3"',
            'new>=2; python_version >= "3"',
            'extra-one; extra == "x"',
            'absent; sys_platform == "never"',
          ],
          files: { "app.py": "" },
        },
        { name: "plain", version: "1", files: { "plain.py": "" } },
        { name: "old", version: "1", files: { "old.py": "" } },
        { name: "new", version: "1", requiresPython: ">=4", files: { "new.py": "" } },
        { name: "new", version: "2", requiresPython: ">=3", files: { "new.py": "" } },
        { name: "extra-one", version: "1", requires: ["app[y]"], files: { "extra_one.py": "" } },
        { name: "unrelated", version: "1", files: { "unrelated.py": "" } },
      ],
      roots: ["App[X]"],
    };
    const pex = user.make("markers.pex", spec);
    const code =
      "import pkgutil, sys; print(sorted(m[1] for m in pkgutil.iter_modules([p for p in sys.path if 'sites' in p])))";
    expect(printed(await user.start(newest, pex, ["-c", code]))).toBe("['app', 'extra_one', 'new', 'plain']");
    expect(printed(await user.start(oldest, pex, ["-c", code]))).toBe("['app', 'extra_one', 'old', 'plain']");
  });

  test("a later requirement can rule out the newest version that was taken first", async () => {
    const wheels = [
      { name: "lib", version: "1.0", files: { "lib.py": "v = 1\n" } },
      { name: "lib", version: "2.0", requires: ["only-of-two"], files: { "lib.py": "v = 2\n" } },
      { name: "user", version: "1", requires: ["lib<2"] },
    ];
    const pex = user.make("limits.pex", { wheels, roots: ["lib", "user"] });
    expect(printed(await user.start(newest, pex, ["-c", "import lib; print(lib.v)"]))).toBe("1");
  });

  test("all that is missing is told at once, with who needs it and what is there instead", async () => {
    const wheels = [
      { name: "app", version: "1", requires: ["gone>=1", "small>=2"] },
      { name: "small", version: "1.0" },
      { name: "fresh", version: "1.0", requiresPython: ">=3.99" },
    ];
    const pex = user.make("missing.pex", { wheels, roots: ["app", "fresh"] });
    const result = await user.run(newest.path, [pex, "-c", "pass"], { env: { PATH: user.path("empty") } });
    expect([result.status, result.stdout]).toEqual([1, ""]);
    const text = result.stderr
      .replace(/CPython 3\S+ \(.*?\)/, "PYTHON")
      .replace(/that \S+ needs/, "that TAG needs")
      .replace(/hint: .*\n/, "hint\n");
    expect(text).toBe(`missing.pex: PYTHON cannot run it: Distributions that TAG needs are not inside
  fresh
    required by the PEX itself
    inside is fresh-1.0-py2.py3-none-any.whl, which requires Python >=3.99
  gone>=1
    required by app 1
    inside is no gone
  small>=2
    required by app 1
    inside is small-1.0-py2.py3-none-any.whl
hint
`);
    for (const env of [{ PEX_IGNORE_ERRORS: "1" }, { PEX_IGNORE_ERRORS: "true" }]) {
      for (let start = 0; start < 2; start++)
        expect(printed(await user.start(newest, pex, ["-c", "print('ran')"], { env }))).toBe("ran");
    }
    expect((await user.start(newest, pex, ["-c", "print('ran')"])).status).toBe(1);
    const lenient = user.make("lenient.pex", { wheels, roots: ["app", "fresh"], facts: { ignore_errors: true } });
    expect(printed(await user.start(newest, lenient, ["-c", "print('ran')"]))).toBe("ran");
    const excluding = user.make("excluding.pex", {
      wheels: wheels.slice(0, 1),
      roots: ["app"],
      info: { excluded: ["gone", "small"] },
    });
    for (let start = 0; start < 2; start++)
      expect(printed(await user.start(newest, excluding, ["-c", "print('ran')"]))).toBe("ran");
    const strict = user.make("strict.pex", { wheels: wheels.slice(0, 1), roots: ["app"] });
    expect((await user.start(newest, strict, ["-c", "print('ran')"])).status).toBe(1);
    const overriding = user.make("overriding.pex", {
      wheels: wheels.slice(0, 2),
      roots: ["app"],
      info: { overridden: ["small==1", "gone=small"] },
    });
    expect(printed(await user.start(newest, overriding, ["-c", "print('ran')"]))).toBe("ran");
  });
});

describe("the interpreter", () => {
  let pex: string;
  beforeAll(() => {
    pex = user.make("any.pex", { wheels: [{ name: "one", version: "1", files: { "one.py": "" } }] });
  });
  const under = async (env: Readonly<Record<string, string>>, python = newest, path = pex): Promise<string> =>
    printed(await user.start(python, path, ["-c", VERSION], { env }));

  test.each(versions)("PEX_PYTHON names Python $name by path or by name", async (python) => {
    expect(await under({ PEX_PYTHON: python.path })).toBe(python.name.replace("pypy", ""));
    if (!python.isPyPy) expect(await under({ PEX_PYTHON: `python${python.name}` })).toBe(python.name);
    expect(await under({ PEX_PYTHON: newest.path }, python)).toBe(newest.name);
  });

  test("arguments, options and PYTHONPATH arrive as they were, and no setting does", async () => {
    const code =
      "import os, sys; print(sys.argv, os.environ['PYTHONPATH'], sys.flags.optimize, [n for n in os.environ if 'PEX_' in n or 'PEXJS' in n])";
    const env = { PEX_PYTHON: third.path, PYTHONPATH: "/somewhere", PEX_ROOT: user.path("root") };
    const result = await user.run(newest.path, ["-O", pex, "-c", code, "a b", ""], { env });
    expect(printed(result)).toBe("['-c', 'a b', ''] /somewhere 1 []");
  });

  test("PEX_PYTHON_PATH is searched instead of PATH: files, folders, and a name among them", async () => {
    expect(await under({ PEX_PYTHON_PATH: third.path })).toBe(third.name);
    expect(await under({ PEX_PYTHON_PATH: `/nonexistent:${third.path}` })).toBe(third.name);
    mkdirSync(user.path("bin"));
    symlinkSync(third.path, user.path("bin", "python3"));
    expect(await under({ PEX_PYTHON_PATH: user.path("bin") })).toBe(third.name);
    expect(await under({ PEX_PYTHON_PATH: `${third.path}:${newest.path}` })).toBe(newest.name);
    expect(await under({ PEX_PYTHON_PATH: `${third.path}:${newest.path}`, PEX_PYTHON: third.path })).toBe(third.name);
    mkdirSync(user.path("bin2"));
    symlinkSync(newest.path, user.path("bin2", "python3"));
    const both = [`${user.path("bin2")}:${user.path("bin")}`, `${user.path("bin")}:${user.path("bin2")}`] as const;
    expect(await under({ PEX_PYTHON_PATH: both[0], PEX_PYTHON: "python3" })).toBe(third.name);
    expect(await under({ PEX_PYTHON_PATH: both[1], PEX_PYTHON: "python3" })).toBe(third.name);
    const nothing = await user.start(newest, pex, ["-c", VERSION], { env: { PEX_PYTHON_PATH: user.path("void") } });
    expect([nothing.status, nothing.stderr]).toEqual([
      1,
      `any.pex: No Python is on PEX_PYTHON_PATH=${user.path("void")}\nhint: correct or unset PEX_PYTHON_PATH\n`,
    ]);
  });

  test("a wrong PEX_PYTHON is named", async () => {
    const cases = {
      "/nonexistent/python": /^any\.pex: PEX_PYTHON=\/nonexistent\/python is no Python/,
      "python9.9": /^any\.pex: No Python named python9\.9 is on PATH\n/,
    };
    for (const [value, message] of Object.entries(cases)) {
      const result = await user.start(newest, pex, ["-c", VERSION], { env: { PEX_PYTHON: value } });
      expect([result.status, result.stdout, result.stderr]).toEqual([1, "", expect.stringMatching(message)]);
    }
  });

  test("what PEX_PYTHON and PEX_PYTHON_PATH name is no Python because it is a program; a Python of any name is one", async () => {
    const odd = fakeProgram(user.path("odd", "interpreter"), `#!/bin/sh\nexec ${third.path} "$@"\n`);
    const cases: readonly (readonly [Record<string, string>, RegExp])[] = [
      [{ PEX_PYTHON: "/bin/ls" }, /^any\.pex: PEX_PYTHON=\/bin\/ls is no Python interpreter\nhint: /],
      [{ PEX_PYTHON: "ls" }, /^any\.pex: No fitting Python ls is on PATH\n\S+\/ls does not work\nhint: /],
      [
        { PEX_PYTHON_PATH: "/bin/ls" },
        /^any\.pex: No fitting Python is on PEX_PYTHON_PATH=\/bin\/ls\n\/bin\/ls does not/,
      ],
    ];
    for (const [env, message] of cases) {
      const result = await user.start(newest, pex, ["-c", VERSION], { env });
      expect([result.status, result.stdout, result.stderr]).toEqual([1, "", expect.stringMatching(message)]);
    }
    for (const env of [{ PEX_PYTHON: odd }, { PEX_PYTHON_PATH: odd }]) expect(await under(env)).toBe(third.name);
  });

  test("one that the constraints rule out hands over to a fitting one on PATH, or says what it needs", async () => {
    const facts = { interpreter_constraints: [`CPython==${third.name}.*`] };
    const narrow = user.make("narrow.pex", { facts });
    for (const python of [newest, oldest, newest, oldest]) expect(await under({}, python, narrow)).toBe(third.name);
    expect(await under({}, third, narrow)).toBe(third.name);
    const refused = await user.start(newest, narrow, ["-c", VERSION], { env: { PEX_PYTHON: newest.path } });
    expect([refused.status, refused.stdout]).toEqual([1, ""]);
    expect(refused.stderr).toContain(`PEX_PYTHON=${newest.path}: CPython ${newest.name}`);
    expect(refused.stderr).toContain(`It needs CPython==${third.name}.*`);
    const alone = await user.run(newest.path, [narrow, "-c", VERSION], { env: { PATH: dirname(newest.path) } });
    expect(alone.stderr).toMatch(
      /^narrow\.pex: CPython \S+ \(.*\) cannot run it: It needs CPython==.*\n(.*\n)*hint: put a fitting Python on PATH/,
    );
    const impossible = user.make("impossible.pex", {
      facts: { interpreter_constraints: ["PyPy>=9", "CPython>=3.99"] },
    });
    expect((await user.start(newest, impossible, ["-c", VERSION])).stderr).toContain(
      "It needs PyPy>=9 or CPython>=3.99",
    );
  });

  test("the strategy picks the oldest or the newest fitting one", async () => {
    const constraints = [">=3.7,<3.12,!=3.9.*"];
    const fitting = versions.filter((each) => /^3\.(7|8|10|11)$/.test(each.name)).map((each) => each.name);
    for (const [strategy, expected] of [
      ["oldest", fitting[0]],
      ["newest", fitting.at(-1)],
    ] as const) {
      const path = user.make(`${strategy}.pex`, {
        facts: { interpreter_constraints: constraints },
        info: { interpreter_selection_strategy: strategy },
      });
      expect(await under({}, newest, path)).toBe(expected);
    }
  });

  test("one whose wheels are missing hands over to one whose wheels are there", async () => {
    const digits = `${third.major}${third.minor}`;
    const path = user.make("bound.pex", native(`cp${digits}-cp${digits}-linux_x86_64`, "bound"));
    if (process.arch === "x64") expect(await under({}, newest, path)).toBe(third.name);
    const foreign = user.make("foreign.pex", native("cp38-cp38-win_amd64", "foreign"));
    const result = await user.start(newest, foreign, ["-c", VERSION]);
    expect(result.status).toBe(1);
    expect(result.stderr).toContain("inside is native-1.0-cp38-cp38-win_amd64.whl, whose tags do not fit");
  });

  test("a shim of pyenv whose version is not active is passed over, an active one is looked behind", async () => {
    user.write("pyenv/shims/python3.4", "#!/bin/sh\necho shim was run >&2; exit 127\n");
    user.write(`pyenv/shims/python${third.name}`, "#!/bin/sh\necho shim was run >&2; exit 127\n");
    for (const name of ["python3.4", `python${third.name}`])
      await user.run("chmod", ["+x", user.path("pyenv", "shims", name)]);
    mkdirSync(user.path("pyenv", "versions", `${third.name}.99`, "bin"), { recursive: true });
    symlinkSync(third.path, user.path("pyenv", "versions", `${third.name}.99`, "bin", `python${third.name}`));
    const narrow = user.make("shims.pex", { facts: { interpreter_constraints: [`==${third.name}.*`] } });
    const env = { PATH: user.path("pyenv", "shims") };
    const inactive = await user.run(newest.path, [narrow, "-c", VERSION], { env });
    expect([inactive.status, inactive.stderr]).toEqual([1, expect.not.stringContaining("shim was run")]);
    const active = await user.run(newest.path, [narrow, "-c", VERSION], { env: { ...env, PYENV_VERSION: third.name } });
    expect(printed(active)).toBe(third.name);
  });
});
