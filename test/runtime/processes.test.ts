/** How a program looks to itself, to debuggers and to its parent: as if Python had been started with its file. */
import { spawn } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { newest, printed, sample, User, versions } from "./kit.ts";

const FACTS = `from __future__ import print_function
import inspect, json, linecache, os, pkgutil, runpy, subprocess, sys, traceback, warnings

def double(number):
    return number * 2

def lines_of_a_traceback():
    try:
        raise ValueError()
    except ValueError:
        return [line.strip().split(",")[0][6:-1] for line in traceback.format_exc().splitlines() if "File" in line]

def files_on_the_stack():
    frame, files = sys._getframe(1), []
    while frame:
        files.append(frame.f_code.co_filename)
        frame = frame.f_back
    return files

def warned():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.warn("here")
        return linecache.getline(caught[0].filename, caught[0].lineno).strip()

def pools():
    from concurrent.futures import ProcessPoolExecutor
    import multiprocessing
    results = []
    for method in multiprocessing.get_all_start_methods():
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context(method)) as pool:
            results.append(pool.submit(double, 4).result())
    return results

def output(*command, **more):
    return subprocess.check_output([sys.executable] + list(command), env=dict(os.environ, **more)).decode().strip()

def show():
    out = {
        "source": inspect.getsource(double).splitlines()[0], "traceback": lines_of_a_traceback(), "warned": warned(),
        "stack": files_on_the_stack(), "data": pkgutil.get_data("kit", "data.txt").decode(), "file": __file__,
        "run": runpy.run_module("kit.tool", run_name="given")["NAME"], "executable": sys.executable == os.path.realpath(sys.executable) or sys.executable,
        "again": output(os.environ["PEX"], PEX_MODULE="kit.tool"), "child": output("-c", "print(1)"),
        "leftover": [name for name in sys.path_importer_cache if name.endswith(".pex")],
    }
    if sys.prefix != getattr(sys, "base_prefix", sys.prefix):
        out["module"] = output("-m", "kit.tool")
    if sys.version_info >= (3, 7) and not hasattr(sys, "pypy_version_info"):  # whose own pool of processes is broken
        out["pools"] = pools()
    if sys.version_info >= (3, 9):
        from importlib import resources
        out["resource"] = resources.files("kit").joinpath("data.txt").read_text()
    if sys.version_info >= (3, 10):
        from importlib import metadata
        out["points"] = [point.load()(21) for point in metadata.entry_points(group="doubling")]
    print(json.dumps(out))

if __name__ == "__main__":
    show()
`;
const KIT = {
  name: "kit",
  version: "1.0",
  entryPoints: "[doubling]\nfirst = facts:double\n",
  files: {
    "kit/__init__.py": "",
    "kit/data.txt": "data",
    "kit/tool.py": "NAME = __name__\nif __name__ == '__main__': print('a tool')\n",
  },
};

const user = new User();
const pex: Record<string, string> = {};
beforeAll(() => {
  const spec = { sources: { "facts.py": FACTS, "ending.py": ENDING }, wheels: [KIT] };
  pex["module"] = user.make("module.pex", { ...spec, facts: { entry_point: "facts" } });
  pex["function"] = user.make("function.pex", { ...spec, facts: { entry_point: "facts:show" } });
  pex["venv"] = user.make("venv.pex", { ...spec, facts: { entry_point: "facts", venv: true } });
  pex["ending"] = user.make("ending.pex", { ...spec, facts: { entry_point: "ending" } });
  user.write("ending.py", ENDING);
  user.write("sound.py", "import kit\ndef spin():\n    return 1\nspin()\n");
  user.write("script.py", "import kit\ndef spin():\n    return 1 / 0\nspin()\n");
});
afterAll(() => user.remove());

describe.each(versions)("under Python $name", (python) => {
  test.each(["module", "function", "venv"])("sources, frames, data, processes are found: %s", async (form) => {
    const seen = JSON.parse(printed(await user.start(python, pex[form] ?? "")));
    const { stack, file, traceback, executable: _, ...others } = seen;
    expect(others).toEqual({
      source: "def double(number):",
      warned: 'warnings.warn("here")',
      data: "data",
      run: "given",
      again: "a tool",
      child: "1",
      leftover: [],
      ...(form === "venv" && { module: "a tool" }),
      ...(python.minor >= 7 && python.major === 3 && !python.isPyPy && { pools: [8, 8, 8] }),
      ...(python.minor >= 9 && python.major === 3 && { resource: "data" }),
      ...(python.minor >= 10 && python.major === 3 && { points: [42] }),
    });
    expect(traceback).toEqual([file]);
    // The program's own frames, the call of its function, one of ours, and Python's.
    const ours = (stack as string[]).filter((each) => each !== file && each !== "<facts:show>" && !/runpy/.test(each));
    expect(ours).toHaveLength(1);
    expect(ours[0]).toMatch(form === "venv" ? /pex$/ : /\.pex.__main__\.py$/);
  });
});

describe.each(sample)("with the tools of Python $name", (python) => {
  const run = (args: readonly string[], stdin = "", options: readonly string[] = []) =>
    user.run(python.path, [...options, pex["module"] ?? "", ...args], { env: { PEX_INTERPRETER: "1" }, stdin });

  test("pdb, cProfile and trace run a program inside; a post-mortem finds its frames", async () => {
    const debugged = await run(["-m", "pdb", "script.py"], "continue\nwhere\nquit\n");
    expect(debugged.stdout).toMatch(/script\.py\(3\)spin\(\)/);
    expect((await run(["-m", "cProfile", "-s", "name", "script.py"])).stdout).toMatch(/script\.py:2\(spin\)/);
    expect((await run(["-m", "trace", "--listfuncs", "sound.py"])).stdout).toMatch(/modulename: sound, funcname: spin/);
    const after = await user.run(python.path, ["-i", pex["ending"] ?? "", "raise"], {
      stdin: "import pdb; pdb.pm()\nwhere\nquit\n",
    });
    if (!python.isPyPy) expect(after.stdout).toMatch(/ending\.py\(\d+\)fail\(\)/);
  });

  test("its own frames come first where Python crashes", async () => {
    if (python.major === 2 || python.isPyPy) return;
    const crash = await user.run(python.path, ["-X", "faulthandler", pex["ending"] ?? "", "segv"]);
    expect(crash.signal).toBe("SIGSEGV");
    expect(crash.stderr).toMatch(/most recent call first\):\n +File ".*ending\.py", line \d+ in segv\n/);
  });
});

const ENDING = `import atexit, logging, os, signal, sys
logging.basicConfig(stream=sys.stdout, level=logging.INFO)
atexit.register(lambda: logging.info("first registered, last run"))
atexit.register(lambda: sys.stdout.write("last registered, first run\\n"))
def fail(): raise ValueError("failed")
def segv(): os.kill(os.getpid(), signal.SIGSEGV)
def odd():
    class Odd(object):
        def __del__(self): sys.stdout.write("deleted\\n")
    sys.kept = Odd()
ENDINGS = {
    "none": lambda: sys.exit(), "zero": lambda: sys.exit(0), "seven": lambda: sys.exit(7), "large": lambda: sys.exit(300),
    "negative": lambda: sys.exit(-1), "text": lambda: sys.exit("a reason"), "tuple": lambda: sys.exit((1, 2)), "true": lambda: sys.exit(True),
    "hard": lambda: os._exit(9), "raise": fail, "interrupt": lambda: os.kill(os.getpid(), signal.SIGINT),
    "terminate": lambda: os.kill(os.getpid(), signal.SIGTERM), "nothing": lambda: None, "segv": segv, "odd": odd,
    "base": lambda: (_ for _ in ()).throw(BaseException("odd")), "builtin": lambda: exit(3), "raise exit": lambda: (_ for _ in ()).throw(SystemExit),
    "many": lambda: sys.stdout.write("x" * 300000),
}
ENDINGS[sys.argv[1]]()
`;

describe.each(sample)("a program ends as a script does under Python $name", (python) => {
  const names = [...ENDING.matchAll(/"([a-z ]+)": /g)].map(([, name]) => name ?? "").filter((name) => name !== "many");
  test("by exit, exception or signal, with what was to be done at exit", async () => {
    const end = async (path: string, name: string) => {
      const { stderr, ...rest } = await user.run(python.path, [path, name]);
      return [name, rest, lastFrames(stderr)];
    };
    for (const name of names) {
      const [seen, plain] = await Promise.all([end(pex["ending"] ?? "", name), end("ending.py", name)]);
      expect(seen).toEqual(plain);
    }
  });

  test("when nobody reads its output any longer", async () => {
    const end = (path: string): Promise<unknown> =>
      new Promise((resolve) => {
        const child = spawn(python.path, [path, "many"], {
          cwd: user.dir,
          env: { HOME: user.home, PATH: user.searchPath },
        });
        child.stdout.destroy();
        let stderr = "";
        child.stderr.on("data", (piece: Buffer) => (stderr += piece.toString()));
        child.on("close", (status, signal) => resolve([status, signal, stderr.includes("Errno 32")]));
      });
    expect(await end(pex["ending"] ?? "")).toEqual(await end("ending.py"));
  });
});

test("a script on stdin and `-i` end as under Python", async () => {
  for (const [options, stdin] of [
    [[], "import sys\nsys.exit(4)\n"],
    [[], "raise ValueError(1)\n"],
    [["-i"], "print(6 * 7)\n1 / 0\nraise SystemExit(5)\n"],
  ] as const) {
    const empty = user.make("empty.pex", {});
    const plain = await user.run(newest.path, [...options, "-"], { stdin });
    const seen = await user.run(newest.path, [...options, empty, "-"], { stdin });
    expect([seen.status, seen.stdout]).toEqual([plain.status, plain.stdout]);
    expect(lastFrames(seen.stderr)).toBe(lastFrames(plain.stderr));
  }
});

/** A traceback from the program's own first frame on, whatever its folder is. */
function lastFrames(stderr: string): string {
  const lines = stderr.split("\n");
  const first = lines.findIndex((line) => /File "(?:.*ending\.py|<stdin>)"/.test(line));
  return lines
    .slice(Math.max(first, 0))
    .join("\n")
    .replaceAll(/File ".*?ending\.py"/g, 'File "ending.py"')
    .replaceAll(/0x[0-9a-f]+/g, "ADDRESS");
}
