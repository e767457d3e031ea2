/** Builds from distributions that somebody has put together already: PEX files, resolved wheels. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { BuildResult } from "../../src/app/build-request.ts";
import { oraclePython } from "../support/python-oracle.ts";
import { makeWheel, writeWheel, type WheelSpec } from "../support/wheel-maker.ts";
import { Workspace, type Result } from "../support/workspace.ts";

const FOREIGN = fileURLToPath(new URL("../support/make_foreign_pex.py", import.meta.url));

const TOOL: WheelSpec = {
  name: "tool",
  version: "1.0",
  requires: ["helper>=0.5", "more ; extra == 'm'", "linked @ https://files.example/linked-1.0-py3-none-any.whl"],
  extras: ["m"],
  entryPoints: "[console_scripts]\ntool = tool:main\n",
  files: {
    "tool/__init__.py": "import helper\ndef main():\n    print('tool with ' + helper.NAME)\n",
    "tool-1.0.data/scripts/old-tool": "#!python\nprint('old tool')\n",
    "tool-1.0.data/data/share/words.txt": "words",
  },
};
const SPECS: readonly WheelSpec[] = [
  TOOL,
  { name: "helper", version: "1.0rc1", files: { "helper.py": "NAME = 'helper'\n" } },
  { name: "more", version: "1.0", files: { "more.py": "" } },
  { name: "linked", version: "1.0", files: { "linked.py": "" } },
  { name: "native", version: "1.0", tag: "cp39-cp39-macosx_11_0_arm64", files: { "native.py": "" } },
];
const MAC = ["--platform", "macosx_11_0_arm64-cp-39-cp39"];

let user: Workspace;
beforeAll(async () => {
  user = new Workspace();
  for (const spec of SPECS) writeWheel(user.path("house"), spec);
  writeWheel(user.path("elsewhere"), {
    name: "other",
    version: "1.0",
    requires: ["helper"],
    files: { "other.py": "" },
  });
  user.write("src/app.py", "");
  const house = ["--no-index", "-f", "house", "--pre"];
  // What metadata refers to by URL is replaced, or nobody could build these files here.
  const wheel = { ...TOOL, requires: TOOL.requires?.slice(0, 2) ?? [] };
  writeWheel(user.path("house"), wheel);
  for (const [name, ...args] of [
    ["zipapp.pex"],
    ["packed", "--layout", "packed"],
    ["loose", "--layout", "loose"],
    ["loose-wheels", "--layout", "loose", "--no-pre-install-wheels"],
    ["trees.pex", "--pre-install-wheels"],
    ["packed-trees", "--layout", "packed", "--pre-install-wheels"],
  ]) {
    await succeed(user.pex([...house, ...args, "tool[m]", "-o", name ?? ""]));
  }
  await succeed(
    user.pex([
      ...house,
      ...MAC,
      "--python",
      oraclePython(),
      "helper",
      "native ; sys_platform == 'darwin'",
      "-o",
      "two.pex",
    ]),
  );
  for (const layout of ["zipapp", "packed", "loose"]) {
    const wheels = SPECS.slice(0, 4).map((spec) => join(user.path("foreign"), makeWheel(spec).filename));
    for (const spec of SPECS) writeWheel(user.path("foreign"), spec);
    const spec = {
      output: user.path(`upstream-${layout}`),
      layout,
      trees: true,
      wheels,
      roots: ["tool[m] @ file:///gone"],
    };
    const made = spawnSync(oraclePython(), [FOREIGN], { input: JSON.stringify(spec), encoding: "utf8" });
    expect(made.stderr).toBe("");
  }
});
afterAll(() => user.remove());

async function succeed(result: Promise<Result>): Promise<Result> {
  const { status, stderr } = await result;
  if (status !== 0) throw new Error(stderr);
  return result;
}

async function build(...args: readonly string[]): Promise<BuildResult> {
  const { stdout } = await succeed(user.pex([...args, "-o", "out.pex", "--json", "--no-pypi"]));
  return JSON.parse(stdout) as BuildResult;
}

async function runs(code: string): Promise<string> {
  const { stdout, stderr } = await user.run(oraclePython(), [user.path("out.pex"), "-c", code]);
  expect(stderr).toBe("");
  return stdout;
}

describe("--pex-repository", () => {
  const own = ["zipapp.pex", "packed", "loose", "loose-wheels", "trees.pex", "packed-trees"];
  test.each([...own, "upstream-zipapp", "upstream-packed", "upstream-loose"])(
    "takes all that %s requires, when nothing else is asked for",
    async (repository) => {
      const { distributions } = await build("--pex-repository", repository);
      const linked = repository.startsWith("upstream") ? ["linked"] : [];
      expect(distributions.map(({ project }) => project)).toEqual(["helper", ...linked, "more", "tool"]);
      expect(await runs("import tool, more; tool.main()")).toBe("tool with helper\n");
      const script = await user.run(oraclePython(), [user.path("out.pex")], { env: { PEX_SCRIPT: "old-tool" } });
      expect(script.stdout).toBe("old tool\n");
    },
  );

  test.each(["zipapp.pex", "packed", "loose-wheels"])("whole wheels come out of %s unchanged", async (repository) => {
    const { distributions } = await build("--pex-repository", repository, "helper");
    expect(distributions).toMatchObject([{ project: "helper", sha256: makeWheel(SPECS[1] ?? TOOL).sha256 }]);
  });

  test("a tree gives the same wheel whether it lies in a zipapp or in a packed PEX", async () => {
    const digests = new Set<string | undefined>();
    for (const repository of ["upstream-zipapp", "upstream-packed", "upstream-zipapp"]) {
      digests.add((await build("--pex-repository", repository)).sha256);
    }
    expect(digests.size).toBe(1);
  });

  test("a part of a file for two platforms is enough, and other targets get theirs", async () => {
    expect((await build("--pex-repository", "two.pex", ...MAC)).distributions.map(({ project }) => project)).toEqual([
      "helper",
      "native",
    ]);
    expect((await build("--pex-repository", "two.pex")).distributions.map(({ project }) => project)).toEqual([
      "helper",
    ]);
  });

  test.each<readonly [string, readonly string[], string, string]>([
    [
      "what is not inside",
      ["zipapp.pex", "flask"],
      'No project named "flask" in zipapp.pex',
      "Add it when that PEX is built",
    ],
    ["a version that is not inside", ["zipapp.pex", "more>1"], "Usable versions: 1.0", "Require what exists"],
    ["another target", ["two.pex", "native"], "native", "Add it when that PEX is built"],
    ["no PEX", ["src/app.py"], "Not a PEX, it is no intact zip file", "give the path"],
    ["nothing at all", ["nowhere"], "no such file or directory", "give the path"],
    ["another place", ["zipapp.pex", "-f", "house"], "leaves no room for --index and --find-links", "leave out"],
    ["another source", ["zipapp.pex", "--pre-resolved-dists", "house"], "--pre-resolved-dist", ""],
  ])("refuses %s with a hint", async (_, [repository = "", ...args], message, hint) => {
    const { status, stderr, stdout } = await user.pex(["--pex-repository", repository, ...args, "-o", "out.pex"]);
    expect([status === 0, stdout]).toEqual([false, ""]);
    expect(stderr).toContain(message);
    expect(stderr.toLowerCase()).toContain(hint.toLowerCase());
  });

  test("names what a damaged PEX lacks", async () => {
    for (const [from, lost] of [
      ["packed", ".deps/helper-1.0rc1-py2.py3-none-any.whl"],
      ["loose", ".deps/helper-1.0rc1-py2.py3-none-any.whl/helper.py"],
    ] as const) {
      cpSync(user.path(from), user.path("damaged"), { recursive: true, verbatimSymlinks: true });
      rmSync(user.path("damaged", lost));
      const { status, stderr } = await user.pex([
        "--pex-repository",
        "damaged",
        "--pex-root",
        "fresh-root",
        "-o",
        "out.pex",
      ]);
      expect(status).toBe(1);
      expect(stderr).toContain(lost.replace(".deps/helper-1.0rc1-py2.py3-none-any.whl/", ""));
      rmSync(user.path("damaged"), { recursive: true });
    }
  });
});

describe("--requirements-pex", () => {
  test("adds all distributions, those for other machines too, and the requirements", async () => {
    const { distributions } = await build(
      "--requirements-pex",
      "two.pex",
      "--requirements-pex",
      "upstream-zipapp",
      "-D",
      "src",
    );
    const names = distributions.map(({ project }) => project);
    expect(names).toEqual(["helper", "linked", "more", "native", "tool"]);
    expect(await runs("import tool, more, app; tool.main()")).toBe("tool with helper\n");
  });

  test("what it holds is looked up nowhere else", async () => {
    writeWheel(user.path("elsewhere"), { name: "helper", version: "2.0", files: { "helper.py": "NAME = 'newer'\n" } });
    await build("--requirements-pex", "zipapp.pex", "other", "-f", "elsewhere");
    expect(await runs("import tool, other; tool.main()")).toBe("tool with helper\n");
  });

  test("contradictions are told", async () => {
    const args = ["--requirements-pex", "zipapp.pex", "helper>2", "-f", "elsewhere", "--no-pypi", "-o", "out.pex"];
    const { status, stderr } = await user.pex(args);
    expect(status).toBe(1);
    expect(stderr).toContain("helper>2");
  });
});

test.each(["--pex-repository", "--requirements-pex"])(
  "what a PEX was built without is not missed under %s, and its overrides hold",
  async (option) => {
    const amended = ["--exclude", "helper", "--override", "more=other"];
    const places = ["-f", "house", "-f", "elsewhere", "--pre"];
    await succeed(user.pex(["tool[m]", ...amended, ...places, "--no-index", "-o", "less.pex"]));
    const { distributions } = await build(option, "less.pex", ...(option === "--pex-repository" ? [] : places));
    expect(distributions.map(({ project }) => project)).toEqual(["other", "tool"]);
    expect(await runs("import other")).toBe("");
  },
);

describe("--pre-resolved-dists", () => {
  test("takes the files, of a directory or one by one, and no others", async () => {
    const projects = async (...args: readonly string[]): Promise<string[]> =>
      (await build(...args)).distributions.map(({ project }) => project);
    mkdirSync(user.path("resolved"));
    for (const name of ["tool-1.0", "helper-1.0rc1", "more-1.0"]) {
      cpSync(user.path("house", `${name}-py2.py3-none-any.whl`), user.path("resolved", `${name}-py2.py3-none-any.whl`));
    }
    expect(await projects("--pre-resolved-dists", "resolved")).toEqual(["helper", "more", "tool"]);
    expect(await projects("--pre-resolved-dists", "resolved", "tool")).toEqual(["helper", "tool"]);
    const file = "resolved/helper-1.0rc1-py2.py3-none-any.whl";
    expect(await projects("--pre-resolved-dist", file)).toEqual(["helper"]);
  });

  test.each([[], ["--intransitive"]])("must be complete %j", async (...args) => {
    const wheel = "house/tool-1.0-py2.py3-none-any.whl";
    const { status, stderr } = await user.pex(["--pre-resolved-dists", wheel, ...args, "-o", "out.pex"]);
    expect(status).toBe(1);
    expect(stderr).toContain(`No project named "helper" in ${wheel}, required by tool 1.0`);
    expect(stderr).toContain("hint: Add its wheel to those of --pre-resolved-dists");
  });

  test("must be there", async () => {
    const { stderr } = await user.pex(["--pre-resolved-dists", "nowhere", "-o", "out.pex"]);
    expect(stderr).toContain("nowhere: no such file or directory");
  });
});
