/**
 * Every file that we build through the tools of upstream's pex, old and new, and theirs through ours.
 *
 * A cell is one reader, one file and one use. All commands of one reader run in one process (see `many_commands.py`).
 */
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { build, PexError, type BuildRequest } from "../../src/api.ts";
import { currentHost } from "../../src/base/host.ts";
import { inspectPex } from "../../src/pex/inspect.ts";
import { oraclePython } from "../support/python-oracle.ts";
import { upstreamPexPython, type UpstreamVersion } from "../support/upstream-pex.ts";
import { writeWheel, type WheelSpec } from "../support/wheel-maker.ts";

const folder = mkdtempSync(join(tmpdir(), "pexjs-interchange-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const house = join(folder, "house");
const DRIVER = fileURLToPath(new URL("../support/many_commands.py", import.meta.url));
const PEX_TOOLS = fileURLToPath(new URL("../../bin/pex-tools", import.meta.url));

const WHEELS: readonly WheelSpec[] = [
  {
    name: "tool",
    version: "1.0",
    requires: ["helper>=1", "more ; extra == 'm'"],
    extras: ["m"],
    entryPoints: "[console_scripts]\ntool = tool:main\n",
    files: {
      "tool/__init__.py": "import helper\ndef main():\n    print('tool with ' + helper.NAME)\n",
      "tool-1.0.data/scripts/old-tool": "#!python\nprint('old tool')\n",
      "tool-1.0.data/headers/tool.h": "// header\n",
    },
  },
  { name: "helper", version: "1.0", files: { "helper.py": "NAME = 'helper'\n", "größe.txt": "words" } },
  { name: "more", version: "1.0", files: { "more.py": "" } },
  { name: "native", version: "1.0", tag: "cp39-cp39-macosx_11_0_arm64", files: { "native.py": "" } },
];
const INSIDE = ["helper-1.0-py2.py3-none-any.whl", "more-1.0-py2.py3-none-any.whl", "tool-1.0-py2.py3-none-any.whl"];
const FOREIGN = "native-1.0-cp39-cp39-macosx_11_0_arm64.whl";

/** What shows that all of it is there. */
const PROBE = "import tool, more; tool.main()";
const ANSWER = "tool with helper\n";

/** A file of the matrix. */
interface Form {
  readonly name: string;
  /** Whether wheels lie in it as installed trees. */
  readonly hasTrees: boolean;
  /** What lies in it. */
  readonly inside: readonly string[];
}

interface OurForm extends Form {
  readonly request: BuildRequest;
}

interface TheirForm extends Form {
  readonly version: UpstreamVersion;
  readonly args: readonly string[];
}

const LAYOUTS = ["zipapp", "packed", "loose"] as const;
const VERSIONS: readonly UpstreamVersion[] = ["2.105.2", "2.1.163", "2.1.90"];

const OURS: readonly OurForm[] = [
  ...LAYOUTS.flatMap((layout) =>
    [false, true].flatMap((preInstallWheels) =>
      [false, true].map((isVenv) => ({
        name: [layout, preInstallWheels ? "trees" : "wheels", ...(isVenv ? ["venv"] : [])].join(" "),
        hasTrees: preInstallWheels,
        inside: INSIDE,
        request: { layout, preInstallWheels, ...(isVenv && { venv: "prepend" as const }) },
      })),
    ),
  ),
  ...[false, true].map((preInstallWheels) => ({
    name: `two platforms, ${preInstallWheels ? "trees" : "wheels"}`,
    hasTrees: preInstallWheels,
    inside: [...INSIDE, FOREIGN].toSorted(),
    request: {
      layout: preInstallWheels ? ("loose" as const) : ("zipapp" as const),
      preInstallWheels,
      requirements: ["tool[m]", "native ; sys_platform == 'darwin'"],
      platforms: ["macosx_11_0_arm64-cp-39-cp39"],
    },
  })),
];

const THEIRS: readonly TheirForm[] = VERSIONS.flatMap((version) => [
  ...LAYOUTS.flatMap((layout) =>
    (version === "2.1.90" ? [true] : [true, false]).map((hasTrees) => ({
      name: `${version} ${layout} ${hasTrees ? "trees" : "wheels"}`,
      version,
      hasTrees,
      inside: INSIDE,
      args: ["--layout", layout, ...(hasTrees ? [] : ["--no-pre-install-wheels"])],
    })),
  ),
  { name: `${version} venv`, version, hasTrees: true, inside: INSIDE, args: ["--venv"] },
]);

mkdirSync(join(folder, "src"));
writeFileSync(join(folder, "src", "app.py"), `${PROBE}\n`);
for (const spec of WHEELS) writeWheel(house, spec);

// Built before tests are named: a form that does not exist yet is reported as skipped.
const built = new Map<OurForm, PexError | undefined>();
for (const form of OURS) built.set(form, await buildOurs(form));

function ourPath(form: OurForm): string {
  return join(folder, "ours", form.name.replaceAll(/[ ,]+/g, "-"));
}

function theirPath(form: TheirForm): string {
  return join(folder, "theirs", form.name.replaceAll(" ", "-"));
}

async function buildOurs(form: OurForm): Promise<PexError | undefined> {
  const common = { requirements: ["tool[m]"], sourcesDirectories: ["src"], findLinks: ["house"] };
  try {
    await ours({ ...common, ...form.request, outputFile: ourPath(form) });
    return undefined;
  } catch (error) {
    if (error instanceof PexError && error.code === "NOT_IMPLEMENTED") return error;
    throw error;
  }
}

function ours(request: BuildRequest): ReturnType<typeof build> {
  const env = { PATH: process.env["PATH"], HOME: folder, PEX_ROOT: join(folder, "root-ours") };
  const host = { ...currentHost(), env, home: folder, cwd: folder, tmp: folder };
  const offline = { defaultIndex: false, usePipConfig: false, python: [oraclePython()] };
  return build({ ...offline, ...request }, { host });
}

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Job = { readonly env?: Readonly<Record<string, string>> } & (
  | { readonly module: string; readonly args: readonly string[] }
  | { readonly command: readonly string[] }
);

function runAll(python: string, jobs: readonly Job[], root: string): Promise<Ended[]> {
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env["PATH"], HOME: folder, PEX_ROOT: join(folder, root), LANG: "C.UTF-8" };
    const child = spawn(python, [DRIVER], { cwd: folder, env, stdio: ["pipe", "pipe", "inherit"] });
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.on("error", reject);
    child.on("close", () => resolve(JSON.parse(stdout) as Ended[]));
    child.stdin.end(JSON.stringify(jobs));
  });
}

/** One use of a file: the commands for it, and what must have come of them. */
interface Use {
  readonly name: string;
  jobs(path: string, out: string): readonly Job[];
  check(ended: readonly Ended[], out: string, form: Form): void | Promise<void>;
}

const THEIR_USES: readonly Use[] = [
  {
    name: "info",
    jobs: (path) => [{ module: "pex.tools", args: [path, "info"] }],
    check: ([info], _, form) => {
      const { distributions } = JSON.parse(info?.stdout ?? "") as { distributions: object };
      expect(Object.keys(distributions).toSorted()).toEqual(form.inside);
    },
  },
  {
    name: "repository extract",
    jobs: (path, out) => [{ module: "pex.tools", args: [path, "repository", "extract", "-f", out] }],
    check: (_, out) => expect(readdirSync(out).toSorted()).toEqual(expect.arrayContaining(INSIDE)),
  },
  {
    name: "venv",
    jobs: (path, out) => [
      // With an empty cache: what other uses leave there hides what this one cannot unpack.
      { module: "pex.tools", args: [path, "venv", out], env: { PEX_ROOT: `${out}-root` } },
      { command: [join(out, "bin", "python"), "-c", PROBE] },
      { command: [join(out, "bin", "old-tool")] },
    ],
    check: ([, probe, script]) => expect([probe?.stdout, script?.stdout]).toEqual([ANSWER, "old tool\n"]),
  },
  {
    name: "--pex-repository",
    jobs: (path, out) => [
      { module: "pex", args: ["--pex-repository", path, "tool", "-o", out, "--python", oraclePython()] },
    ],
    check: async (_, out) =>
      expect(Object.keys((await inspectPex(out)).info.distributions)).toEqual(
        INSIDE.filter((name) => !name.startsWith("more-")),
      ),
  },
  {
    name: "--requirements-pex",
    jobs: (path, out) => [
      { module: "pex", args: ["--no-index", "--requirements-pex", path, "-o", out, "--python", oraclePython()] },
      { command: [oraclePython(), out, "-c", PROBE] },
    ],
    check: ([, probe]) => expect(probe?.stdout).toBe(ANSWER),
  },
  {
    name: "PEX_PATH",
    jobs: (path) => [{ command: [oraclePython(), join(folder, "host.pex"), "-c", PROBE], env: { PEX_PATH: path } }],
    check: ([probe]) => expect(probe?.stdout).toBe(ANSWER),
  },
];

const OUR_TOOLS = (...args: readonly string[]): Job => ({ command: [process.execPath, PEX_TOOLS, ...args] });

const OUR_USES: readonly Use[] = [
  { ...use("info"), jobs: (path) => [OUR_TOOLS(path, "info")] },
  { ...use("repository extract"), jobs: (path, out) => [OUR_TOOLS(path, "repository", "extract", "-f", out)] },
  {
    ...use("venv"),
    jobs: (path, out) => [
      OUR_TOOLS(path, "venv", out),
      { command: [join(out, "bin", "python"), "-c", PROBE] },
      { command: [join(out, "bin", "old-tool")] },
    ],
  },
  {
    ...use("PEX_PATH"),
    jobs: (path) => [{ command: [oraclePython(), join(folder, "our-host.pex"), "-c", PROBE], env: { PEX_PATH: path } }],
  },
];

function use(name: string): Use {
  const found = THEIR_USES.find((each) => each.name === name);
  if (found === undefined) throw new Error(`No use ${name}`);
  return found;
}

/** All uses of all files by one reader. */
class Reader<Subject extends Form> {
  readonly cells: readonly { readonly form: Subject; readonly use: Use; readonly out: string }[];
  #ended: readonly (readonly Ended[])[] = [];

  constructor(name: string, forms: readonly Subject[], uses: readonly Use[]) {
    this.cells = forms.flatMap((form) => uses.map((each) => ({ form, use: each, out: "" })));
    this.cells = this.cells.map((cell, index) => ({ ...cell, out: join(folder, `out-${name}-${index}`) }));
  }

  async run(python: string, root: string, pathOf: (form: Subject) => string): Promise<void> {
    const jobs = this.cells.map((cell) => cell.use.jobs(pathOf(cell.form), cell.out));
    const ended = await runAll(python, jobs.flat(), root);
    let next = 0;
    this.#ended = jobs.map((group) => ended.slice(next, (next += group.length)));
  }

  async check(index: number): Promise<void> {
    const cell = this.cells[index];
    const ended = this.#ended[index] ?? [];
    for (const { status, stdout, stderr } of ended) if (status !== 0) throw new Error(`${status}: ${stdout}${stderr}`);
    await cell?.use.check(ended, cell.out, cell.form);
  }
}

const forms = OURS.filter((form) => built.get(form) === undefined);
/** Old releases write into the RECORD of a loose PEX that they make an environment of, so each has its own copies. */
function copyFor(version: UpstreamVersion): (form: OurForm) => string {
  const copy = join(folder, `ours-${version}`);
  cpSync(join(folder, "ours"), copy, { recursive: true, verbatimSymlinks: true });
  return (form) => join(copy, basename(ourPath(form)));
}

/** Whole wheels are understood from 2.1.155 on, says upstream; 2.1.154 takes pure ones. */
const readers = VERSIONS.map((version) => ({
  version,
  reader: new Reader(version, version === "2.1.90" ? forms.filter(({ hasTrees }) => hasTrees) : forms, THEIR_USES),
}));
const ourReader = new Reader("ours", THEIRS, OUR_USES);

beforeAll(async () => {
  await ours({ outputFile: "our-host.pex" });
  for (const version of VERSIONS) {
    const jobs = THEIRS.filter((form) => form.version === version).map((form): Job => {
      const common = ["--no-index", "-f", house, "tool[m]", "-D", "src", "--python", oraclePython()];
      return { module: "pex", args: [...common, ...form.args, "-o", theirPath(form)] };
    });
    const host: Job = { module: "pex", args: ["-o", join(folder, "host.pex"), "--python", oraclePython()] };
    for (const { status, stderr } of await runAll(upstreamPexPython(version), [...jobs, host], `root-${version}`)) {
      if (status !== 0) throw new Error(stderr);
    }
  }
  const theirs = readers.map(({ version, reader }) =>
    reader.run(upstreamPexPython(version), `root-${version}`, copyFor(version)),
  );
  await Promise.all([...theirs, ourReader.run(oraclePython(), "root-ours", theirPath)]);
}, 600_000);

describe("upstream reads what we build", () => {
  for (const { version, reader } of readers) {
    test.each(reader.cells.map((cell, index) => [cell.form.name, cell.use.name, index] as const))(
      `${version}: %s: %s`,
      (_form, _use, index) => reader.check(index),
    );
  }
  test.skip.each(OURS.filter((form) => built.get(form) !== undefined).map(({ name }) => name))(
    "%s: not built yet",
    () => {},
  );

  test("readers before 2.1.155 cannot take whole wheels out of a PEX", async () => {
    const form = forms.find(({ hasTrees }) => !hasTrees);
    const args = ["--pex-repository", form ? ourPath(form) : "", "tool", "-o", join(folder, "refused.pex")];
    // Not with the cache of the others: 2.1.90 keeps something useless under the digest of the wheel.
    const [ended] = await runAll(upstreamPexPython("2.1.90"), [{ module: "pex", args }], "root-spoilt");
    expect(ended?.status).not.toBe(0);
  });
});

describe("we read what upstream builds", () => {
  test.each(ourReader.cells.map((cell, index) => [cell.form.name, cell.use.name, index] as const))(
    "%s: %s",
    (_form, _use, index) => ourReader.check(index),
  );

  test.each(THEIRS.map((form) => [form.name, form] as const))(
    "%s: --pex-repository and --requirements-pex",
    async (name, form) => {
      const out = join(folder, `from-${name.replaceAll(" ", "-")}`);
      const part = await ours({ pexRepository: theirPath(form), requirements: ["tool"], outputFile: `${out}-1.pex` });
      expect(part.distributions.map(({ project }) => project)).toEqual(["helper", "tool"]);
      const all = await ours({ requirementsPexes: [theirPath(form)], outputFile: `${out}-2.pex` });
      expect(all.distributions.map(({ file }) => file)).toEqual(INSIDE);
      const [probe] = await runAll(
        oraclePython(),
        [{ command: [oraclePython(), `${out}-2.pex`, "-c", PROBE] }],
        "root-ours",
      );
      expect([probe?.stderr, probe?.stdout]).toEqual(["", ANSWER]);
    },
  );
});
