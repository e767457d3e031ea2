/** A PEX that `/bin/sh` starts: from wherever it lies, whatever it is called, by the short way when nothing speaks against it. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { fileStreams } from "../../src/archive/file-streams.ts";
import { cacheLayout } from "../../src/cache/layout.ts";
import { WheelStore } from "../../src/cache/wheel-store.ts";
import { makeImage, type ImageWheel, type PexSettings } from "../../src/pex/image.ts";
import { writeLoose } from "../../src/pex/layout-loose.ts";
import { writePacked } from "../../src/pex/layout-packed.ts";
import { writeZipapp } from "../../src/pex/layout-zipapp.ts";
import { readRuntimeFiles } from "../../src/pex/runtime-files.ts";
import type { ShellBoot } from "../../src/pex/shell-boot.ts";
import { normalizeName } from "../../src/standards/project-name.ts";
import type { PythonVersion } from "../support/python-versions.ts";
import { shimsOf } from "../support/shims.ts";
import { writeWheel } from "../support/wheel-maker.ts";
import { newest, printed, sample, User, versions } from "./kit.ts";

const user = new User();
const wheels: ImageWheel[] = [];
beforeAll(async () => {
  const store = new WheelStore(cacheLayout(user.path("store")), fileStreams);
  const path = writeWheel(user.path("wheels"), { name: "one", version: "1", files: { "one.py": "NAME = 'one'\n" } });
  const stored = await store.add([readFileSync(path)], basename(path));
  wheels.push({ stored, project: normalizeName("one"), version: "1", requiresPython: undefined, requires: [] });
});
afterAll(() => user.remove());

/** No start may profit from what an earlier test has left. */
let root: string;
let serial = 0;
beforeEach(() => {
  root = user.path("roots", String(serial++));
  mkdirSync(user.path("pex", String(serial)), { recursive: true });
});

const APP = `from __future__ import print_function
import json, os, sys, one
def main():
    print(json.dumps({
        "arguments": sys.argv, "pex": os.environ["PEX"], "executable": sys.executable, "version": list(sys.version_info[:2]),
        "variables": sorted(n for n in os.environ if "PEX" in n.upper() and not n.startswith("npm_")), "flags": sys.flags.dont_write_bytecode,
        "path": [p for p in sys.path if "shell" in p], "orig": getattr(sys, "orig_argv", [])[1:2], "prefix": sys.prefix,
        "title": open("/proc/self/cmdline").read().split("\\0")[1:-1],
    }))
    return 3
`;

interface Report {
  readonly arguments: readonly string[];
  readonly pex: string;
  readonly executable: string;
  readonly version: readonly number[];
  readonly variables: readonly string[];
  readonly flags: number;
  readonly path: readonly string[];
  readonly orig: readonly string[];
  readonly prefix: string;
  readonly title: readonly string[];
}

type Layout = "zipapp" | "packed" | "loose";

interface Build {
  readonly layout?: Layout;
  readonly settings?: PexSettings;
  readonly shell?: Partial<ShellBoot>;
  readonly python?: PythonVersion;
}

/** Builds a PEX; gives its path. */
async function build(
  name: string,
  { layout = "zipapp", settings, shell, python = newest }: Build = {},
): Promise<string> {
  const image = makeImage({
    requirements: ["one"],
    wheels,
    sources: [{ path: "app.py", mode: 0o644, read: () => Buffer.from(APP) }],
    settings: { entryPoint: "app:main", ...settings },
    runtime: readRuntimeFiles(),
    shebang: "#!/bin/false",
    shell: { python: undefined, options: [], names: [basename(python.path), "python3"], ...shell },
    version: "0.0.1",
    preInstall: layout === "loose",
  });
  const path = user.path("pex", String(serial), name);
  mkdirSync(dirname(path), { recursive: true });
  const write = layout === "zipapp" ? writeZipapp : layout === "packed" ? writePacked : writeLoose;
  await write(image, path);
  return path;
}

/** What a person types to start it. */
const commandOf = (pex: string, layout: Layout): string => (layout === "zipapp" ? pex : join(pex, "pex"));

async function report(command: string, args: readonly string[] = [], options: Start = {}): Promise<Report> {
  const { env, cwd = dirname(command), python = newest } = options;
  const search = { PATH: dirname(python.path), PEX_ROOT: root, ...env };
  const result = await user.run(command, args, { cwd, env: search });
  if (result.status !== 3 || result.stderr !== "") {
    throw new Error(`${result.status} ${result.signal}: ${result.stdout}${result.stderr}`);
  }
  return JSON.parse(result.stdout) as Report;
}

interface Start {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly python?: PythonVersion;
}

const run = (): string => join(root, "pexjs", "1", "run");
const environments = (): string[] => readdirSync(join(run(), "venvs"));
/** Whether a start has taken the short way into an environment or to a file in the cache. */
const isShort = ({ title }: Report): boolean => title.some((word) => word.includes("/shell/") || word.endsWith("/pex"));

const FORMS = (["zipapp", "packed", "loose"] as const).flatMap((layout) =>
  [false, true].map((venv) => ({ layout, venv, name: venv ? `${layout} --venv` : layout })),
);

describe.each(FORMS)("$name", ({ layout, venv }) => {
  test("runs the same cold and warm, from anywhere, by link, from PATH and by Python, as what was typed", async () => {
    const folder = "a 'b' \"c\" $HOME `d` \\e\n日本 é";
    const pex = await build(join(folder, "an app"), { layout, settings: { venv } });
    const command = commandOf(pex, layout);
    const link = user.path("pex", String(serial), "link");
    symlinkSync(command, link);
    const beside = layout === "zipapp" ? "an app" : "pex";
    const ways: readonly (readonly [string, string[], Start, string])[] = [
      [command, ["a", "", "*", "-c"], {}, command],
      [command, [], { cwd: "/" }, command],
      [link, ["x y"], {}, link],
      [`./${beside}`, [], { cwd: dirname(command) }, `./${beside}`],
      ["sh", [beside, "y"], { cwd: dirname(command), env: { PATH: `${dirname(newest.path)}:/usr/bin:/bin` } }, beside],
      [beside, [], { cwd: "/", env: { PATH: `${dirname(command)}:${dirname(newest.path)}` } }, command],
      [newest.path, [command, "z"], {}, command],
    ];
    for (const [program, args, start, typed] of ways) {
      const given = program === "sh" || program === newest.path ? args.slice(1) : args;
      for (const turn of ["cold", "warm"]) {
        const found = await report(program, args, { cwd: user.dir, ...start });
        expect([turn, found.arguments, found.pex]).toEqual([turn, [typed, ...given], realpathSync(pex)]);
        expect([found.variables, found.path]).toEqual([["PEX"], []]);
        if (!venv) expect(found.orig).toEqual(newest.minor >= 10 ? [typed] : []);
        expect(found.executable).toBe(
          venv ? join(run(), "venvs", environments()[0] ?? "", "bin", "python") : newest.path,
        );
      }
    }
  });

  test("an exit status, standard input and Python's own arguments come through", async () => {
    const pex = await build("tool", { layout, settings: { venv, entryPoint: undefined } });
    const command = commandOf(pex, layout);
    const env = { PATH: dirname(newest.path), PEX_ROOT: root };
    for (let turn = 0; turn < 2; turn++) {
      const start = (args: readonly string[], stdin = "") => user.run(command, args, { env, stdin });
      expect(printed(await start(["-c", "import one, sys; print(one.NAME, sys.argv)", "a b"]))).toBe(
        "one ['-c', 'a b']",
      );
      expect(printed(await start(["-m", "json.tool"], "[1]"))).toBe("[\n    1\n]");
      expect(printed(await start(["-", "x"], "import sys; print(sys.argv)"))).toBe("['-', 'x']");
      expect((await start(["-c", "import sys; sys.exit(7)"])).status).toBe(7);
      expect((await start(["-c", "import os; os.kill(os.getpid(), 15)"])).signal).toBe("SIGTERM");
    }
  });
});

test.each(sample)("every Python: $name", async (python) => {
  for (const venv of [false, true]) {
    const pex = await build(`app-${String(venv)}`, { settings: { venv }, python });
    if (venv && python.isPyPy && python.major === 2) continue;
    for (let turn = 0; turn < 3; turn++) {
      const found = await report(pex, ["a"], { python });
      expect([found.arguments, found.version.join(".")]).toEqual([[pex, "a"], python.name.replace(/^\D*/, "")]);
      if (turn === 2) expect(isShort(found)).toBe(true);
    }
  }
});

describe("which Python", () => {
  const [first = newest, second = newest] = versions.filter((each) => each.major === 3 && !each.isPyPy).toReversed();
  const start = (pex: string, env: Readonly<Record<string, string>>) =>
    report(pex, [], { env: { PATH: `${dirname(first.path)}:${dirname(second.path)}`, ...env } });

  test("names count before folders, and a sealed path before both", async () => {
    const named = await build("named", { shell: { names: [basename(second.path), basename(first.path)] } });
    expect((await start(named, {})).executable).toBe(second.path);
    const sealed = await build("sealed", { shell: { python: second.path } });
    expect((await start(sealed, {})).executable).toBe(second.path);
    const gone = await build("gone", { shell: { python: user.path("gone") } });
    expect((await start(gone, { PATH: dirname(first.path) })).executable).toBe(first.path);
  });

  test.each([false, true])(
    "PEX_PYTHON and PEX_PYTHON_PATH are obeyed, cold and warm, with --venv: %s",
    async (venv) => {
      const pex = await build("asked", { settings: { venv }, shell: { names: [basename(first.path)] } });
      const asked: readonly (readonly [Record<string, string>, PythonVersion])[] = [
        [{}, first],
        [{ PEX_PYTHON: second.path }, second],
        [{ PEX_PYTHON: basename(second.path) }, second],
        [{ PEX_PYTHON_PATH: dirname(second.path) }, second],
        [{ PEX_PYTHON_PATH: second.path }, second],
        [{ PEX_PYTHON: second.path, PATH: "/nowhere" }, second],
        [{ PEX_PYTHON_PATH: `/nowhere::${second.path}:${dirname(first.path)}`, PATH: "" }, second],
        [{ PEX_PYTHON: second.path, PEX_DISABLE_VARIABLES: "1" }, first],
        [{}, first],
      ];
      for (const [env, python] of asked) {
        expect([env, (await start(pex, env)).version.join(".")]).toEqual([env, python.name]);
      }
    },
  );

  test("folders of PATH that are empty, relative or hold no program are no obstacle", async () => {
    const pex = await build("app");
    const python = basename(newest.path);
    mkdirSync(user.path("odd", python), { recursive: true });
    user.write(`plain/${python}`, "not executable");
    mkdirSync(user.path("-bin"), { recursive: true });
    symlinkSync(newest.path, user.path("-bin", python));
    const PATH = `:${user.path("odd")}:${user.path("plain")}::-bin:`;
    const found = await report(pex, [], { cwd: user.dir, env: { PATH } });
    expect(found.version.join(".")).toBe(newest.name);
  });

  test("shims of pyenv stand for the versions that are active: another's would take over and fail", async () => {
    const pex = await build("app", { shell: { names: [basename(first.path), basename(second.path)] } });
    const pyenv = user.path("pyenv");
    for (const [version, python] of [
      ["1.2.3", first],
      ["4.5.6", second],
    ] as const) {
      mkdirSync(join(pyenv, "versions", version, "bin"), { recursive: true });
      symlinkSync(python.path, join(pyenv, "versions", version, "bin", basename(python.path)));
      chmodSync(
        user.write(`pyenv/shims/${basename(python.path)}`, "#!/bin/sh\necho 'not active' >&2; exit 127\n"),
        0o755,
      );
    }
    user.write("pyenv/version", "# what is active\n4.5.6\n");
    user.write("projects/.python-version", "1.2.3 \n4.5");
    mkdirSync(user.path("projects", "one", "source"), { recursive: true });
    const PATH = `/nowhere:${join(pyenv, "shims")}::/else`;
    const cases: readonly (readonly [string, Record<string, string>, PythonVersion])[] = [
      ["/", {}, second],
      [user.path("projects", "one", "source"), {}, first],
      [user.path("projects"), { PYENV_VERSION: "4.5" }, second],
      ["/", { PYENV_VERSION: "system:4.5.6:1.2.3" }, first], // names count before folders
      ["/", { PEX_PYTHON_PATH: join(pyenv, "shims"), PATH: "/nowhere" }, second],
    ];
    for (const [cwd, env, python] of cases) {
      const found = await report(pex, [], { cwd, env: { PATH, ...env } });
      expect([cwd, env, found.version.join(".")]).toEqual([cwd, env, python.name]);
    }
    const none = await user.run(pex, [], { cwd: "/", env: { PATH, PYENV_VERSION: "system" } });
    expect([none.status, none.stderr]).toEqual([1, expect.stringMatching(/^app: No Python was found/)]);
  });

  test("shims of asdf, mise and rye are tried before they take over; what is no Python is told by the runtime", async () => {
    for (const [manager, { folder, active, inactive }] of Object.entries(shimsOf(user, second))) {
      const pex = await build(manager, { shell: { names: [inactive, active, basename(first.path)] } });
      const cases: readonly (readonly [Record<string, string>, PythonVersion])[] = [
        [{ PATH: folder }, second],
        [{ PATH: `${folder}:${dirname(first.path)}`, PEX_PYTHON: active }, second],
        [{ PATH: dirname(first.path), PEX_PYTHON_PATH: join(folder, active) }, second],
      ];
      for (const [env, python] of cases) {
        expect([manager, env, (await start(pex, env)).version.join(".")]).toEqual([manager, env, python.name]);
      }
      for (const wrong of [join(folder, inactive), "/bin/ls"]) {
        const refused = await user.run(pex, [], { env: { PATH: dirname(first.path), PEX_PYTHON: wrong } });
        const message = `${manager}: PEX_PYTHON=${wrong} is no Python interpreter\nhint: correct or unset PEX_PYTHON\n`;
        expect([refused.status, refused.stdout, refused.stderr]).toEqual([1, "", message]);
      }
    }
  });

  test("none: one message says what was looked for and where, with status 1", async () => {
    const pex = await build("app", { shell: { python: "/opt/python", names: ["python3.11", "python3"] } });
    const { status, stdout, stderr } = await user.run(pex, [], { env: { PATH: "/nowhere:/else where" } });
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toBe(
      "app: No Python was found. Looked for /opt/python python3.11 python3 on PATH, which is: /nowhere:/else where\n" +
        "hint: install one of them, or correct PATH, or name a Python by PEX_PYTHON=/path/to/python\n",
    );
  });

  test("options of --python-shebang and of --inject-python-args reach it once, cold and warm", async () => {
    for (const venv of [false, true]) {
      const settings = { venv, injectPythonArgs: ["-W", "ignore::UserWarning", "-B"] };
      const pex = await build(`app-${String(venv)}`, { settings, shell: { options: ["-O"] } });
      const env = { PEX_INTERPRETER: "1", PATH: dirname(newest.path), PEX_ROOT: root };
      const script = "import sys; print(sys.flags.optimize, sys.flags.dont_write_bytecode, sys.warnoptions)";
      for (let turn = 0; turn < 3; turn++) {
        expect(printed(await user.run(pex, ["-c", script], { env }))).toBe("1 1 ['ignore::UserWarning']");
      }
    }
  });
});

describe("the short way is left", () => {
  /** A warm PEX with --venv and its environment. */
  async function warm(parts: Build = {}): Promise<{ pex: string; environment: string }> {
    const pex = await build("app", { ...parts, settings: { venv: true, ...parts.settings } });
    await report(pex);
    expect(isShort(await report(pex))).toBe(true);
    return { pex, environment: join(run(), "venvs", environments()[0] ?? "") };
  }

  const damages: readonly (readonly [string, (environment: string) => void])[] = [
    ["the environment is gone", (folder) => rmSync(folder, { recursive: true })],
    ["its Python is gone", (folder) => unlinkSync(join(folder, "bin", "python"))],
    ["a package is gone", (folder) => rmSync(join(folder, "lib", `python${newest.name}`, "site-packages", "one.py"))],
    ["a script is gone", (folder) => rmSync(join(folder, "bin", "python3"))],
    ["its mark for Python is gone", (folder) => unlinkSync(join(folder, "pyvenv.cfg"))],
    ["its runtime is gone", (folder) => rmSync(join(folder, ".bootstrap"), { recursive: true })],
    ["its record is damaged", (folder) => writeFileSync(join(folder, ".contents"), "")],
    ["its program is gone", (folder) => unlinkSync(join(folder, "__main__.py"))],
  ];
  test.each(damages)("when %s, and everything is made again", async (_what, damage) => {
    const { pex, environment } = await warm();
    damage(environment);
    for (let turn = 0; turn < 2; turn++) {
      const found = await report(pex);
      expect([found.version.join("."), found.prefix]).toEqual([newest.name, environment]);
      if (turn === 1) expect(existsSync(join(environment, "bin", "python3"))).toBe(true);
    }
  });

  test("when the Python on PATH is another one now, and both have theirs then", async () => {
    const [, second = newest] = versions.filter((each) => each.major === 3 && !each.isPyPy).toReversed();
    const bin = user.path("turned", String(serial));
    mkdirSync(bin, { recursive: true });
    const pex = await build("app", { settings: { venv: true }, shell: { names: ["python3"] } });
    for (const python of [newest, second, newest, second]) {
      rmSync(join(bin, "python3"), { force: true });
      symlinkSync(python.path, join(bin, "python3"));
      expect((await report(pex, [], { env: { PATH: bin } })).version.join(".")).toBe(python.name);
    }
    expect(environments()).toHaveLength(2);
  });

  test("when the Python was exchanged in place", async () => {
    const [, second = newest] = versions.filter((each) => each.major === 3 && !each.isPyPy).toReversed();
    const bin = user.path("exchanged", String(serial));
    mkdirSync(bin, { recursive: true });
    const python = join(bin, "python3");
    const settings = { venv: true };
    const pex = await build("app", { settings, shell: { names: ["python3"] } });
    const put = (version: PythonVersion): void => {
      // A program of its own where a link would tell: it hands over to the interpreter under its own name.
      writeFileSync(python, `#!/bin/sh\nexec ${version.path} "$@"\n`);
      chmodSync(python, 0o755);
    };
    for (const version of [newest, newest, second, second, newest]) {
      put(version);
      expect((await report(pex, [], { env: { PATH: bin } })).version.join(".")).toBe(version.name);
    }
  });

  test("when the environment was made for an interpreter or machine that this one is not any more", async () => {
    const { pex, environment } = await warm();
    const script = `import marshal, sys
content = open(sys.argv[1], 'rb').read()
record = marshal.loads(content)
record['abi'] = 'another'
open(sys.argv[1], 'wb').write(marshal.dumps(record) + b'\\npexjs 1\\n')`;
    await user.run(newest.path, ["-c", script, join(environment, ".contents")]);
    expect((await report(pex)).prefix).toBe(environment);
  });

  test("when variables ask for something else", async () => {
    const { pex, environment } = await warm();
    expect((await report(pex, [], { env: { PEX_VENV: "0" } })).executable).toBe(newest.path);
    expect((await report(pex, [], { env: { PEX_ROOT: `${root}-2` } })).prefix).toContain(`${root}-2`);
    expect((await report(pex, [], { env: { PEX_IGNORE_ERRORS: "1" } })).prefix).not.toBe(environment);
    const tools = await user.run(pex, ["info"], {
      env: { PATH: dirname(newest.path), PEX_ROOT: root, PEX_TOOLS: "1" },
    });
    expect(JSON.parse(printed(tools))).toMatchObject({ venv: true });
    const script = { PATH: dirname(newest.path), PEX_ROOT: root, PEX_MODULE: "this" };
    expect((await user.run(pex, [], { env: script })).stdout).toContain("Zen of Python");
    expect(isShort(await report(pex))).toBe(true);
  });

  test("when a pexrc file asks for something else, whether it lies in the home folder or beside the PEX", async () => {
    const { pex, environment } = await warm();
    for (const file of [join(user.home, ".pexrc"), join(dirname(pex), ".pexrc")]) {
      writeFileSync(file, "PEX_VENV=0\n");
      expect((await report(pex)).executable).toBe(newest.path);
      const ignoring = await report(pex, [], { env: { PEX_IGNORE_RCFILES: "1" } });
      expect(ignoring.prefix).toBe(environment);
      writeFileSync(file, `PEX_ROOT=${root}-of-rc\n`);
      const here = { env: { PEX_ROOT: undefined, XDG_CACHE_HOME: `${root}-of-user` } };
      for (let turn = 0; turn < 2; turn++) expect((await report(pex, [], here)).prefix).toContain(`${root}-of-rc`);
      rmSync(file);
    }
    expect((await report(pex)).prefix).toBe(environment);
  });

  test("when another file has its place: equal contents with another head share no short way", async () => {
    const pex = await build("app");
    await report(pex);
    const twin = await build("other/app", { settings: { venv: true } });
    expect(isShort(await report(twin))).toBe(true); // by way of the environment that it has just made
    renameSync(twin, pex);
    expect((await report(pex)).prefix).toContain("/venvs/");
  });

  test("when the file has moved, and the program learns its new place", async () => {
    for (const venv of [false, true]) {
      const pex = await build("app", { settings: { venv } });
      await report(pex);
      const moved = user.path("pex", String(serial), "moved", "app 2");
      mkdirSync(dirname(moved), { recursive: true });
      renameSync(pex, moved);
      for (let turn = 0; turn < 2; turn++) {
        expect(await report(moved)).toMatchObject({ pex: moved, arguments: [moved] });
      }
      copyFileSync(moved, pex);
    }
  });

  test("where nobody knows a home, and a cache that cannot be written is no reason to fail", async () => {
    const pex = await build("app");
    const env = { HOME: undefined, PEX_ROOT: undefined, XDG_CACHE_HOME: user.path("xdg") };
    for (let turn = 0; turn < 2; turn++) expect((await report(pex, [], { env })).pex).toBe(pex);
    expect(existsSync(user.path("xdg", "pex", "pexjs"))).toBe(true);
    const relative = { PEX_ROOT: "relative cache", HOME: undefined };
    for (let turn = 0; turn < 2; turn++) expect((await report(pex, [], { env: relative })).pex).toBe(pex);
  });
});

test("the archive stays a valid zip file, and what a shell knows stays out of the environment", async () => {
  const pex = await build("app");
  expect(printed(await user.run(newest.path, ["-m", "zipfile", "-t", pex]))).toContain("Done testing");
  if (spawnSync("unzip", ["-v"]).status === 0) expect((await user.run("unzip", ["-tq", pex])).status).toBe(0);
  const env = { python: "mine", name: "mine", folder: "mine", root: "mine" };
  const script = "import os; print([os.environ[n] for n in ('python', 'name', 'folder', 'root')])";
  const more = { PATH: dirname(newest.path), PEX_ROOT: root, PEX_INTERPRETER: "1" };
  const result = await user.run(pex, ["-c", script], { env: { ...env, ...more } });
  expect(printed(result)).toBe("['mine', 'mine', 'mine', 'mine']");
});
