/** Options that change how a PEX runs, seen where a user sees them: typed on the command line, then the PEX is started. */
import { existsSync, lstatSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { pythonVersions, type PythonVersion } from "../support/python-versions.ts";
import { writeWheel } from "../support/wheel-maker.ts";
import { Workspace, type Result } from "../support/workspace.ts";

const [older, python] = pythonVersions()
  .filter((each) => !each.isPyPy && packageOf(each) !== undefined)
  .slice(-2) as [PythonVersion, PythonVersion];
const MODES: readonly (readonly string[])[] = [
  [],
  ["--sh-boot"],
  ["--layout", "loose"],
  ["--venv"],
  ["--venv", "--sh-boot"],
];

/** One of the packages that an interpreter has of its own; not every one has any. */
function packageOf({ path, name }: PythonVersion): string | undefined {
  const folder = join(dirname(dirname(path)), "lib", `python${name}`, "site-packages");
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.find((each) => /^\w+$/.test(each) && !each.startsWith("_"));
}

let user: Workspace;
let common: readonly string[];
beforeAll(() => {
  user = new Workspace();
  const files = { "demo/__init__.py": "NAME = 'demo'\n", "demo/data.txt": "data of demo" };
  writeWheel(user.path("wheels"), { name: "demo", version: "1.0", files });
  writeWheel(user.path("wheels"), {
    name: "needy",
    version: "1.0",
    requires: [`demo ; python_version < '${python.name}'`],
    files: { "needy.py": "" },
  });
  user.write("own/mine.py", "");
  common = ["--no-index", "-f", user.path("wheels"), "--python", python.path];
});
afterAll(() => user.remove());

let built = 0;

/** Builds a PEX with the options; gives the file that starts it. */
async function make(...options: readonly string[]): Promise<string> {
  const output = user.path(`pex-${(built += 1)}`);
  const result = await user.pex([...common, "-o", output, ...options]);
  expect(result).toMatchObject({ status: 0, stdout: `${output}\n`, stderr: "" });
  return statSync(output).isDirectory() ? join(output, "pex") : output;
}

type Variables = Readonly<Record<string, string>>;

/** Starts a PEX directly, as a program. */
function start(file: string, args: readonly string[] = [], env: Variables = {}): Promise<Result> {
  return user.run(file, args, { env: { PATH: `${dirname(python.path)}:/usr/bin:/bin`, ...env } });
}

/** What the Python expressions are inside a PEX without a program; cold and warm they must be the same. */
async function ask(file: string, expressions: string, env: Variables = {}): Promise<unknown> {
  const code = `import demo, importlib.util as u, json, os, sys; print(json.dumps([${expressions}]))`;
  const answers: unknown[] = [];
  for (const _coldThenWarm of [0, 1]) {
    const { status, stdout, stderr } = await start(file, ["-c", code], env);
    expect([status, stderr]).toEqual([0, ""]);
    answers.push(JSON.parse(stdout));
  }
  expect(answers[1]).toEqual(answers[0]);
  return answers[0];
}

describe.each(MODES.map((mode) => [mode.join(" "), mode] as const))("%s:", (_, mode) => {
  test("--inject-python-args, --inject-args and --inject-env reach the program", async () => {
    user.write(
      "show/show.py",
      "import json, os, sys\nprint(json.dumps([sys.argv[1:], os.environ['A'], os.environ['B'], sys.flags.optimize, sys.warnoptions, sys._xoptions]))\n",
    );
    const python = ["--inject-python-args", "-O -W error::UserWarning", "--inject-python-args=-Xmine=1"];
    const program = ["--inject-args", "--to '{pex.env.B} {pex.env.C}'", "--inject-env", "A=1", "--inject-env", "B=2 3"];
    const file = await make("-D", user.path("show"), "-m", "show", ...python, ...program, ...mode);
    for (const _coldThenWarm of [0, 1]) {
      const { status, stdout, stderr } = await start(file, ["typed"], { B: "mine" });
      expect([status, stderr]).toEqual([0, ""]);
      const options = { mine: "1" };
      expect(JSON.parse(stdout)).toEqual([["--to", "mine ", "typed"], "1", "mine", 1, ["error::UserWarning"], options]);
    }
  });

  test("--bind-resource-path names a file of a distribution or of the sources", async () => {
    user.write("sources/own/text.txt", "data of mine");
    const bind = ["--bind-resource-path", "DATA=demo/data.txt", "--bind-resource-path", "OWN=own/text.txt"];
    const file = await make("demo", "-D", user.path("sources"), ...bind, ...mode);
    const read = (name: string): string => `open(os.environ['${name}']).read(), os.path.isabs(os.environ['${name}'])`;
    expect(await ask(file, `${read("DATA")}, ${read("OWN")}`)).toEqual(["data of demo", true, "data of mine", true]);
    const missing = await start(await make("demo", "--bind-resource-path", "DATA=nowhere.txt", ...mode));
    expect([missing.status, missing.stdout]).toEqual([1, ""]);
    expect(missing.stderr).toMatch(/^[^\n]*: .*\bDATA\b.*: nowhere\.txt\nhint: .*\n$/);
  });

  test("--no-strip-pex-env leaves the variables to the program", async () => {
    const names = "sorted(n for n in os.environ if n.startswith('PEX'))";
    const env = { PEX_VERBOSE: "0", PEX_EMIT_WARNINGS: "1" };
    expect(await ask(await make("demo", ...mode), names, env)).toEqual([["PEX"]]);
    const kept = [["PEX", "PEX_EMIT_WARNINGS", "PEX_VERBOSE"]];
    expect(await ask(await make("demo", "--no-strip-pex-env", ...mode), names, env)).toEqual(kept);
  });

  test("--runtime-pex-root is where it unpacks itself, unless PEX_ROOT is set", async () => {
    const [sealed, chosen] = [user.path(`sealed-${built}`), user.path(`chosen-${built}`)];
    const file = await make("demo", "--runtime-pex-root", sealed, ...mode);
    const inPlace = mode.includes("loose");
    const where = `demo.__file__.startswith(${JSON.stringify(`${sealed}/`)}), demo.__file__.startswith(${JSON.stringify(`${chosen}/`)})`;
    expect(await ask(file, where)).toEqual([!inPlace, false]);
    expect(await ask(file, where, { PEX_ROOT: chosen })).toEqual([false, !inPlace]);
    expect([existsSync(sealed), existsSync(chosen)]).toEqual([!inPlace, !inPlace]);
  });

  test("--no-emit-warnings silences the PEX, PEX_EMIT_WARNINGS gives it its voice again", async () => {
    const told = async (file: string, env: Variables): Promise<string> =>
      (await start(file, ["-c", ""], { PEX_UNZIP: "1", ...env })).stderr;
    const warning = expect.stringMatching(/^\S+: warning: the variable PEX_UNZIP .*\n$/);
    const [loud, quiet] = [await make("demo", ...mode), await make("demo", "--no-emit-warnings", ...mode)];
    expect([await told(loud, {}), await told(loud, { PEX_EMIT_WARNINGS: "0" })]).toEqual([warning, ""]);
    expect([await told(quiet, {}), await told(quiet, { PEX_EMIT_WARNINGS: "1" })]).toEqual(["", warning]);
  });

  test("--ignore-errors lets it start without what it requires", async () => {
    const run = async (...options: readonly string[]): Promise<Result> => {
      const file = await make("needy", ...options, ...mode);
      return user.run(older.path, [file, "-c", "import needy; print('ran')"], { env: { PATH: user.path("nowhere") } });
    };
    const strict = await run();
    expect([strict.status, strict.stdout]).toEqual([1, ""]);
    expect(strict.stderr).toMatch(/\bdemo\b[^]*\nhint: .*\n$/);
    expect(await run("--ignore-errors")).toMatchObject({ status: 0, stdout: "ran\n", stderr: "" });
  });

  test("--pex-path merges in another PEX, which is found where it was then", async () => {
    const other = await make("demo");
    const file = await make("--pex-path", other, ...mode);
    expect(await ask(file, "demo.NAME")).toEqual(["demo"]);
  });
});

describe("--inherit-path", () => {
  /** The order of the host's package, the standard library, and the PEX. */
  const places =
    "[n for p in sys.path for n, q in (('host', os.environ['HOST']), ('library', os.path.dirname(os.__file__)), ('pex', os.path.dirname(os.path.dirname(demo.__file__)))) if p == q]";

  test.each([
    [[], ["library", "pex"]],
    [["--inherit-path=false"], ["library", "pex"]],
    [["--inherit-path"], ["host", "library", "pex"]],
    [["--inherit-path=prefer"], ["host", "library", "pex"]],
    [["--inherit-path=fallback"], ["library", "pex", "host"]],
  ])("%j", async (options, expected) => {
    const env = { PYTHONPATH: user.path("own"), HOST: user.path("own") };
    for (const mode of [[], ["--sh-boot"]]) {
      expect(await ask(await make("demo", ...options, ...mode), places, env)).toEqual([expected]);
    }
  });
});

describe("--venv", () => {
  const files = async (...options: readonly string[]): Promise<{ readonly link: boolean; readonly names: number }> => {
    const [executable, module] = (await ask(
      await make("demo", "--venv", ...options),
      "sys.executable, demo.__file__",
    )) as [string, string];
    return { link: lstatSync(executable).isSymbolicLink(), names: statSync(module).nlink };
  };

  test("--venv-copies copies the interpreter, --venv-site-packages-copies the packages", async () => {
    expect(await files("--no-venv-copies", "--no-venv-site-packages-copies")).toMatchObject({ link: true });
    expect((await files()).names).toBeGreaterThan(1);
    expect((await files("--venv-copies")).link).toBe(false);
    expect((await files("--venv-site-packages-copies")).names).toBe(1);
  });

  test("--venv-system-site-packages shows the packages of the interpreter", async () => {
    const own = packageOf(python);
    for (const mode of [[], ["--sh-boot"]]) {
      const seen = (...options: readonly string[]) =>
        make("demo", "--venv", ...mode, ...options).then((file) => ask(file, `bool(u.find_spec('${own}'))`));
      expect([own, await seen(), await seen("--venv-system-site-packages")]).toEqual([own, [false], [true]]);
    }
  });

  test("--non-hermetic-venv-scripts honours PYTHONPATH", async () => {
    const env = { PYTHONPATH: user.path("own"), PYTHONOPTIMIZE: "1" };
    const state = "bool(u.find_spec('mine')), sys.flags.optimize, sys.flags.isolated";
    for (const mode of [[], ["--sh-boot"]]) {
      expect(await ask(await make("demo", "--venv", ...mode), state, env)).toEqual([false, 0, 1]);
      const open = await make("demo", "--venv", "--non-hermetic-venv-scripts", ...mode);
      expect(await ask(open, state, env)).toEqual([true, 1, 0]);
    }
  });
});

test("--rcfile sets variables for the build, below the environment", async () => {
  user.write("settings", `PEX_ROOT=${user.path("rc-root")}\nPEX_VERBOSE=nonsense\n`);
  const options = ["--rcfile", user.path("settings"), "demo"];
  const refused = await user.pex([...common, ...options, "-o", user.path("rc.pex")]);
  expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining("PEX_VERBOSE")]);
  const env = { PEX_VERBOSE: "0" };
  expect(await user.pex([...common, ...options, "-o", user.path("rc.pex")], { env })).toMatchObject({
    status: 0,
    stderr: "",
  });
  expect(existsSync(user.path("rc-root", "pexjs"))).toBe(true);
});

test("the spellings of the past warn once each and do no harm", async () => {
  user.write("resources/text.txt", "a resource");
  const plain = ["--not-zip-safe", "--zip-safe", "--always-write-cache", "--no-unzip", "--no-seed"];
  const valued = [
    "-R",
    user.path("resources"),
    "--cache-dir",
    user.path("old-root"),
    "--cache-ttl",
    "60",
    "-H",
    "a: b",
  ];
  const output = user.path("past.pex");
  const { status, stdout, stderr } = await user.pex([...common, ...plain, ...valued, "demo", "-o", output]);
  expect([status, stdout]).toEqual([0, `${output}\n`]);
  const names = [...stderr.matchAll(/^warning: Option (\S+) is deprecated and .*$/gm)].map(([, name]) => name);
  const all =
    "--always-write-cache --cache-dir --cache-ttl --no-seed --unzip --zip-safe -H/--header -R/--resources-directory";
  expect(names).toHaveLength(8);
  expect(new Set(names)).toEqual(new Set(all.split(" ")));
  const text = "open(os.path.join([p for p in sys.path if 'code' in p][0], 'text.txt')).read()";
  expect(await ask(output, text)).toEqual(["a resource"]);
  expect(existsSync(user.path("old-root"))).toBe(true);
});
