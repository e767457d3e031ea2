/** Every form of a PEX, built as a user asks for it, starts cold and warm in every way from every kind of path. */
import { mkdirSync, symlinkSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { build, type BuildRequest } from "../../src/api.ts";
import { currentHost } from "../../src/base/host.ts";
import { pairwise, product, type Combination } from "../support/pairwise.ts";
import type { PythonVersion } from "../support/python-versions.ts";
import { writeWheel } from "../support/wheel-maker.ts";
import { newest, printed, User, versions } from "./kit.ts";

const FORM = {
  layout: ["zipapp", "packed", "loose"],
  venv: [undefined, "false", "prepend", "append"],
  shBoot: [false, true],
  preInstallWheels: [false, true],
  compress: [true, false],
} as const;
type Form = Combination<typeof FORM>;

const PLACE = {
  plain: "plain",
  spaces: "with  two spaces",
  quotes: `it's "so" \`x\` $HOME \\`,
  newline: "first line\nsecond",
  "non-ASCII": "größe 日本",
} as const;
const PLACES = Object.keys(PLACE) as readonly (keyof typeof PLACE)[];

type Way =
  | "python x.pex"
  | "its absolute path"
  | "a relative path"
  | "a symbolic link"
  | "PATH"
  | "python path/to/x.pex";

/** What somebody types, where, and what the program is to see of it. */
interface Start {
  readonly command: readonly [string, ...string[]];
  readonly cwd?: string;
  readonly path?: string;
  readonly typed: string;
}

/** @param file is what can be executed: the PEX itself, or a file in its directory */
const START: Readonly<Record<Way, (python: string, pex: string, file: string) => Start>> = {
  "python x.pex": (python, pex) => ({ command: [python, pex], typed: pex }),
  "its absolute path": (_, __, file) => ({ command: [file], typed: file }),
  "a relative path": (_, __, file) => {
    const typed = `./${basename(file)}`;
    return { command: [typed], cwd: dirname(file), typed };
  },
  "a symbolic link": (_, pex) => {
    const link = join(dirname(pex), "elsewhere", "link");
    return { command: [link], typed: link };
  },
  PATH: (_, __, file) => ({ command: [basename(file)], path: dirname(file), typed: file }),
  "python path/to/x.pex": (python, _, file) => {
    const typed = relative("/", file);
    return { command: [python, typed], cwd: "/", typed };
  },
};
const WAYS = Object.keys(START) as readonly Way[];

const WHEEL = `import io, json, os, sys

def read(base, name):
    with io.open(os.path.join(os.path.dirname(base), name), encoding="utf-8") as stream:
        return stream.read()

def text(value):
    return value if sys.version_info[0] == 2 else os.fsencode(value).decode("utf-8")

def report(ours, base):
    folder = text(os.path.join(sys.prefix, "bin"))
    path = text(os.environ["PATH"]).split(os.pathsep)
    in_environment = os.path.exists(os.path.join(sys.prefix, "pyvenv.cfg"))
    print(json.dumps({
        "data": [read(base, "data.txt"), read(__file__, "data.txt")],
        "arguments": [text(each) for each in sys.argv],
        "pex": text(os.environ["PEX"]),
        "scripts": {path[0]: "prepend", path[-1]: "append"}.get(folder, "false") if in_environment else None,
        "variables": sorted(name for name in os.environ if "PEX" in name.upper() and not name.startswith("npm_")),
        "version": list(sys.version_info[:2]),
    }))

def tool():
    report("tool", __file__)
`;

const user = new User();
beforeAll(() => {
  writeWheel(user.path("wheels"), {
    name: "one",
    version: "1",
    files: { "one/__init__.py": WHEEL, "one/data.txt": "wheel" },
    entryPoints: "[console_scripts]\none-tool = one:tool\n",
  });
  user.write("src/app/__init__.py", "import one\ndef main():\n    one.report('app', __file__)\n");
  user.write("src/app/data.txt", "sources");
});
afterAll(() => user.remove());

describe(`under the newest Python, ${newest.name}, all of them`, () => {
  const cases = product(FORM).map((form, index) => {
    const place = PLACES[index % PLACES.length]!;
    const [first, second, third] = [0, 1, 2].map((turn) => WAYS[(index + turn) % WAYS.length]!);
    const starts = [
      ["program", first!],
      ["program", second!],
      ["script", third!],
    ] as const;
    return [titleOf(form, place, starts), form, place, starts] as const;
  });
  test.each(cases)("%s", (_, form, place, starts) => startAll(newest, form, place, starts));
});

describe.each(versions.filter((each) => each !== newest))("under Python $name, every pair of values", (python) => {
  const starts = [
    [
      ["program", "python x.pex"],
      ["script", "PATH"],
    ],
    [
      ["program", "its absolute path"],
      ["program", "a symbolic link"],
    ],
    [
      ["script", "a relative path"],
      ["program", "python path/to/x.pex"],
    ],
  ] as const;
  const cases = pairwise({ place: PLACES, starts, ...FORM }).map(
    ({ place, starts, ...form }) => [titleOf(form, place, starts), form, place, starts] as const,
  );
  test.each(cases)("%s", (_, form, place, starts) => startAll(python, form, place, starts));
});

/** What is started, and how: the first time cold, then warm. */
type Starts = readonly (readonly ["program" | "script", Way])[];

function titleOf(form: Form, place: string, starts: Starts): string {
  const options = [
    form.layout,
    ...(form.venv === undefined ? [] : [form.venv === "false" ? "--venv" : `--venv ${form.venv}`]),
    ...(form.shBoot ? ["--sh-boot"] : []),
    form.preInstallWheels ? "--pre-install-wheels" : "--no-pre-install-wheels",
    form.compress ? "--compress" : "--no-compress",
  ];
  return `${options.join(" ")}, path: ${place}, ${starts.map((words) => words.join(" by ")).join(", ")}`;
}

async function startAll(python: PythonVersion, form: Form, place: keyof typeof PLACE, starts: Starts): Promise<void> {
  const pex = await make(python, form, place);
  const file = form.layout === "zipapp" ? pex : join(pex, "pex");
  mkdirSync(join(dirname(pex), "elsewhere"));
  symlinkSync(file, join(dirname(pex), "elsewhere", "link"));
  for (const [program, way] of starts) {
    const { command, cwd, path, typed } = START[way](python.path, pex, file);
    const [first, ...args] = command;
    const env = {
      PATH: [...(path === undefined ? [] : [path]), dirname(python.path), user.searchPath].join(":"),
      PEX_ROOT: join(dirname(pex), "root"),
      LC_ALL: python.isPyPy ? "C.UTF-8" : "C", // where PyPy fails on a script whose name is not ASCII
      ...(program === "script" && { PEX_SCRIPT: "one-tool" }),
    };
    const found = await user.run(first, [...args, "a b", "-c"], { env, ...(cwd !== undefined && { cwd }) });
    expect(JSON.parse(printed(found)), `${program} by ${way}`).toEqual({
      data: [program === "script" ? "wheel" : "sources", "wheel"],
      arguments: [typed, "a b", "-c"],
      pex,
      scripts: form.venv ?? null,
      variables: ["PEX"],
      version: [python.major, python.minor],
    });
  }
}

let made = 0;

/** Builds a PEX in a place of its own; gives its path. */
async function make(python: PythonVersion, form: Form, place: keyof typeof PLACE): Promise<string> {
  const pex = user.path(String((made += 1)), PLACE[place], `${PLACE[place]}.pex`);
  const { layout, venv, ...toggles } = form;
  const request: BuildRequest = {
    defaultIndex: false,
    usePipConfig: false,
    findLinks: [user.path("wheels")],
    pexRoot: user.path("store"),
    requirements: ["one"],
    sourcesDirectories: [user.path("src")],
    entryPoint: "app:main",
    python: [python.path],
    outputFile: pex,
    layout,
    ...toggles,
    ...(venv && { venv }),
    digest: false,
  };
  const env = { PATH: user.searchPath, HOME: user.home };
  await build(request, {
    host: { ...currentHost(), env, home: user.home, cwd: user.dir, tmp: user.path("tmp") },
  });
  return pex;
}
