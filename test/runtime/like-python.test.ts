/** Options and variables of Python have the effect in a PEX that they have on `python script.py`. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { PythonVersion } from "../support/python-versions.ts";
import { builds, User } from "./kit.ts";

const SCRIPT = fileURLToPath(new URL("../support/python_state.py", import.meta.url));
const user = new User();
const forms: Record<string, string> = {};
beforeAll(() => {
  const sources = { "state.py": readFileSync(SCRIPT, "utf8") };
  const facts = { entry_point: "state" };
  forms["zipapp"] = user.make("state.pex", { sources, facts });
  forms["loose"] = user.make("loose", { sources, facts, layout: "loose" });
  const open = { venv_hermetic_scripts: false };
  forms["open venv"] = user.make("open.pex", { sources, facts: { ...facts, ...open, venv: true }, info: open });
  forms["venv"] = user.make("venv.pex", { sources, facts: { ...facts, venv: true } });
});
afterAll(() => user.remove());

interface Case {
  readonly env?: Readonly<Record<string, string>>;
  readonly options?: readonly string[];
  readonly stdin?: string;
  /** The oldest Python that knows these options. */
  readonly since?: number;
  /** One whose process runs the program and one that starts another, unless given; a loose PEX only differs in its paths. */
  readonly forms?: readonly string[];
}

/** Every variable that some Python knows, but PYTHONPATH; many at once, as each stands for itself. */
const CASES: Readonly<Record<string, Case>> = {
  "no options": { forms: ["zipapp", "loose", "open venv"] },
  "many variables": {
    env: {
      PYTHONOPTIMIZE: "2",
      PYTHONUNBUFFERED: "1",
      PYTHONHASHSEED: "42",
      PYTHONIOENCODING: "latin-1:replace",
      PYTHONWARNINGS: "ignore::ImportWarning,default::UserWarning",
      PYTHONDONTWRITEBYTECODE: "x",
      PYTHONSAFEPATH: "1",
      PYTHONNOUSERSITE: "1",
      PYTHONFAULTHANDLER: "1",
      PYTHONTRACEMALLOC: "3",
      PYTHONASYNCIODEBUG: "1",
      PYTHONINTMAXSTRDIGITS: "1000",
      PYTHONNODEBUGRANGES: "1",
      PYTHONBREAKPOINT: "0",
      PYTHONCASEOK: "1",
      PYTHONDEBUG: "1",
      PYTHON_CPU_COUNT: "7",
      PYTHON_GIL: "1",
      PYTHON_FROZEN_MODULES: "off",
      PYTHON_THREAD_INHERIT_CONTEXT: "1",
      PYTHON_CONTEXT_AWARE_WARNINGS: "1",
    },
  },
  "other variables": {
    env: {
      PYTHONDEVMODE: "1",
      PYTHONUTF8: "1",
      PYTHONPYCACHEPREFIX: "/nonexistent/pyc",
      PYTHONUSERBASE: "/nonexistent/base",
      PYTHONMALLOC: "debug",
      PYTHONINSPECT: "1",
    },
    stdin: "print(__name__, sorted(n for n in globals() if n[0] != '_'))\n",
  },
  "options, under a narrow locale": {
    env: { LC_ALL: "C", PYTHONUTF8: "0", PYTHONCOERCECLOCALE: "0" },
    options: ["-O", "-B", "-s", "-W", "error::UserWarning", "-Wignore::SyntaxWarning", "-b", "-d", "-u"],
  },
  "-E -W error": { options: ["-E", "-W", "error"], env: { PYTHONOPTIMIZE: "2", PYTHONINSPECT: "1" } },
  "-S": { options: ["-S"], forms: ["zipapp"] },
  "-I -q -X": {
    options: ["-I", "-q", "-X", "faulthandler", "-Xtracemalloc=2", "-X", "dev", "-X", "mine=1"],
    since: 3.07,
  },
  "-P": { options: ["-P"], since: 3.11 },
  "-X lazy_imports": { options: ["-X", "lazy_imports=all"], forms: ["zipapp", "loose", "open venv"], since: 3.15 },
};

/** What sets a free-threaded or debug build apart shows without any option. */
function casesFor(python: PythonVersion): (readonly [string, Case])[] {
  const known = Object.entries(CASES).filter(([, each]) => (each.since ?? 0) <= number(python));
  return python.build === "" ? known : known.slice(0, 1);
}

describe.each(builds)("under Python $name", (python) => {
  test.each(casesFor(python))("the state is that of a plain script: %s", async (name, each) => {
    const plain = await state(python, SCRIPT, each);
    const compare = async (form: string, env = {}): Promise<void> => {
      const seen = await state(python, forms[form] ?? "", { ...each, env: { ...each.env, ...env } });
      expect(comparable(seen, form), `${form}: ${name}`).toEqual(comparable(plain, form));
      expect(traces(seen), form).toEqual([]);
    };
    const wanted = each.forms ?? ["zipapp", "open venv"];
    await Promise.all([...wanted.map((form) => compare(form)), compare("zipapp", { PYTHONPATH: user.dir })]);
  });

  test("a virtual environment is isolated, by the option that Python has for it", async () => {
    const env = { PYTHONOPTIMIZE: "2", PYTHONWARNINGS: "error" };
    const options = python.major === 2 ? ["-s", "-E"] : ["-I"];
    const plain = await state(python, SCRIPT, { env, options });
    const seen = await state(python, forms["venv"] ?? "", { env });
    const strip = (each: State): State => ({ ...comparable(each, "open venv"), options: [] });
    expect(strip(seen)).toEqual(strip(plain));
  });

  test("the module `site`, which makes an environment one, is there in spite of -S; other options stay", async () => {
    const { flags } = await state(python, forms["open venv"] ?? "", { options: ["-SO", "-B"] });
    expect(flags).toMatchObject({ no_site: 0, optimize: 1, dont_write_bytecode: 1 });
  });
});

type State = Readonly<Record<string, unknown>>;

/** What a start printed: the state, with what came after it. */
async function state(
  python: PythonVersion,
  path: string,
  { options = [], env = {}, stdin = "" }: Case,
): Promise<State> {
  const result = await user.run(python.path, [...options, path], { env: { LC_ALL: "C.UTF-8", ...env }, stdin });
  const [line = "", ...rest] = result.stdout.split("\n");
  if (result.status !== 0 || !line.startsWith("[")) throw new Error(`${result.status}: ${result.stderr}`);
  const [values, inner] = JSON.parse(line) as [State, State];
  return { ...values, inner, rest };
}

/** Without what a virtual environment, a PEX, or a module run by name cannot share with a script. */
function comparable(state: State, form: string): State {
  const { inner: _, ...values } = state;
  if (form !== "open venv") return values;
  const { interpreter: _moved, library: _linked, user: _hidden, ...others } = values;
  const environment = (values["environment"] as string[]).filter((name) => name !== "VIRTUAL_ENV");
  return { ...others, environment };
}

/** Whatever of the runtime is still there. */
function traces(state: State): string[] {
  const inner = state["inner"] as Readonly<Record<string, readonly string[]>>;
  const all = Object.values(inner).flat();
  return all.filter((each) => /pexjs_runtime|\.bootstrap|^Finder$|\.pex$/.test(each));
}

function number({ major, minor }: PythonVersion): number {
  return major + minor / 100;
}
