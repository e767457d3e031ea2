/** PEX_TOOLS=1: what the tools tell of a PEX and make of it. */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { writeWheel } from "../support/wheel-maker.ts";
import type { Result } from "../support/workspace.ts";
import { newest, printed, sample, User, versions } from "./kit.ts";

const user = new User();
let pex: string;
let other: string;
let wheelFiles: string[];
beforeAll(() => {
  const made = [
    { name: "zebra", version: "1.2", requires: ["apple>=1", 'bear[x]>2 ; extra == "more"'], requiresPython: ">=2.7" },
    { name: "apple", version: "3" },
    { name: "native", version: "1", tag: "cp27-cp27m-win32" },
  ];
  wheelFiles = made.map((wheel) => writeWheel(user.path("given"), wheel));
  pex = user.make("app.pex", {
    wheelFiles,
    roots: ["zebra", 'native ; sys_platform == "win32"'],
    sources: { "app.py": "print('app')\n" },
    facts: { entry_point: "app" },
    info: { entry_point: "app", inject_args: ["injected"] },
    tools: true,
  });
  const brought = [
    { name: "cherry", version: "5" },
    { name: "apple", version: "4" },
  ];
  other = user.make("other.pex", { wheels: brought });
});
afterAll(() => user.remove());

const tools = { PEX_TOOLS: "1" };

describe.each(versions)("under Python $name", (python) => {
  const run = (args: readonly string[], env: Record<string, string> = {}): Promise<Result> =>
    user.start(python, pex, args, { env: { ...tools, ...env } });

  test("info prints PEX-INFO as the variables of this start change it", async () => {
    const info = JSON.parse(printed(await run(["info"]))) as Record<string, unknown>;
    expect(info).toMatchObject({
      entry_point: "app",
      inject_args: ["injected"],
      pex_root: expect.stringMatching(/pex$/),
    });
    const env = { PEX_MODULE: "other", PEX_IGNORE_ERRORS: "1", PEX_ROOT: user.path("root"), PEX_PATH: "a:b" };
    const indented = printed(await run(["info", "-i", "2"], env));
    expect(indented).toContain('\n  "entry_point": "other",\n');
    expect(JSON.parse(indented)).toMatchObject({ ignore_errors: true, pex_root: user.path("root"), pex_path: "a:b" });
    const file = user.path(`info-${python.name}.json`);
    expect(printed(await run(["info", "-o", file]))).toBe("");
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(info);
  });

  test("what PEX files on PEX_PATH bring counts as of this one, where it has nothing of that project itself", async () => {
    const env = { PEX_PATH: other };
    const told = printed(await run(["repository", "info"], env)).split("\n");
    expect(told.map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual(["zebra 1.2", "apple 3", "cherry 5"]);
    expect(printed(await run(["graph"], env))).toContain('"cherry" [label="cherry 5"];\n');
    const folder = user.path(`merged-${python.name}`);
    printed(await run(["repository", "extract", "-f", folder], env));
    expect(readdirSync(folder)).toContain("cherry-5-py2.py3-none-any.whl");
    const missing = await run(["repository", "info"], { PEX_PATH: user.path("nowhere.pex") });
    expect(missing).toMatchObject({ status: 1, stderr: expect.stringContaining(": No such file or directory\n") });
  });

  test("interpreter prints the path of this Python, and with -v what it is", async () => {
    const path = printed(await run(["interpreter"]));
    const title = `${python.isPyPy ? "PyPy" : "CPython"}==`;
    expect(printed(await user.run(path, ["-c", "import sys; print(sys.executable)"]))).toBe(path);
    const told = (count: number): Promise<Record<string, unknown>> =>
      run(["interpreter", `-${"v".repeat(count)}`]).then(
        (result) => JSON.parse(printed(result)) as Record<string, unknown>,
      );
    const [one, two, three] = [await told(1), await told(2), await told(3)];
    expect(one).toMatchObject({
      path,
      requirement: expect.stringContaining(title),
      platform: expect.stringMatching(/^\w+-\w+-/),
    });
    expect(Object.keys(two)).toEqual(expect.arrayContaining([...Object.keys(one), "supported_tags"]));
    expect(two["supported_tags"]).toEqual(expect.arrayContaining([expect.stringMatching(/^py\d+-none-any$/)]));
    expect(Object.keys(three)).toEqual(expect.arrayContaining([...Object.keys(two), "env_markers", "venv"]));
  });

  test("repository info lists what this Python uses", async () => {
    const lines = printed(await run(["repository", "info"])).split("\n");
    expect(lines.map((line) => line.split(" ").slice(0, 2))).toEqual([
      ["zebra", "1.2"],
      ["apple", "3"],
    ]);
    for (const line of lines) expect(readdirSync(line.split(" ")[2] ?? "").join()).toContain("dist-info");
    const objects = printed(await run(["repository", "info", "-v"])).split("\n");
    expect(objects.map((line) => JSON.parse(line) as unknown)[0]).toEqual({
      project_name: "zebra",
      version: "1.2",
      requires_python: ">=2.7",
      requires_dists: ["apple>=1", 'bear[x]>2; extra == "more"'],
      location: expect.any(String),
    });
  });

  test("repository extract writes the wheels byte for byte", async () => {
    const folder = user.path(`out-${python.name}`, "deep");
    printed(await run(["repository", "extract", "-f", folder]));
    expect(readdirSync(folder).toSorted()).toEqual(["apple-3-py2.py3-none-any.whl", "zebra-1.2-py2.py3-none-any.whl"]);
    for (const name of readdirSync(folder)) {
      const given = wheelFiles.find((path) => path.endsWith(`/${name}`)) ?? "";
      expect(readFileSync(`${folder}/${name}`).equals(readFileSync(given))).toBe(true);
    }
  });

  test("graph tells who requires whom, and what is not active", async () => {
    const lines = printed(await run(["graph"])).split("\n");
    expect(lines[0]).toBe('strict digraph "app.pex" {');
    expect(lines[1]).toMatch(
      /^graph \[fontsize="14", labelloc="t", label="Dependency graph of app\.pex for interpreter /,
    );
    expect(lines.slice(2)).toEqual([
      '"zebra" [label="zebra 1.2"];',
      '"bear" [color="lightgrey", style="filled", tooltip="inactive requirement"];',
      '"apple" [label="apple 3"];',
      '"zebra" -> "apple" [label=">=1", fontsize="10"];',
      '"zebra" -> "bear" [label=">2; extra == \\"more\\"", fontsize="10"];',
      "}",
    ]);
  });

  test("0 means the program, and wrong words are usage errors", async () => {
    expect(printed(await user.start(python, pex, [], { env: { PEX_TOOLS: "0" } }))).toBe("app");
    for (const args of [["nosuchtool"], [], ["repository"], ["repository", "extract"], ["info", "extra"]]) {
      const { status, stdout, stderr } = await run(args);
      expect([status, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(/^usage: PEX_TOOLS=1 app\.pex/);
    }
  });
});

test("interpreter -a prints all that can run the PEX", async () => {
  const narrow = user.make("narrow.pex", {
    wheels: [{ name: "dep", version: "1", requiresPython: ">=3" }],
    tools: true,
  });
  const run = async (args: string[]) => printed(await user.start(newest, narrow, args, { env: tools })).split("\n");
  const paths = await run(["interpreter", "-a"]);
  const capable = versions.filter((each) => each.major === 3);
  expect(paths.length).toBeGreaterThanOrEqual(capable.length);
  const objects = (await run(["interpreter", "-av"])).map((line) => JSON.parse(line) as { path: string });
  expect(objects).toHaveLength(paths.length);
  expect(objects[0]?.path).toBe(paths[0]);
});

test("a PEX without tools says how to get them", async () => {
  const plain = user.make("plain.pex", { sources: { "app.py": "print('app')" }, facts: { entry_point: "app" } });
  for (const python of sample) {
    const { status, stdout, stderr } = await user.start(python, plain, ["info"], { env: tools });
    expect([status, stdout, stderr]).toEqual([
      1,
      "",
      "plain.pex: The variable PEX_TOOLS is set, but this PEX was built without the tools\n" +
        "hint: build it again with `pex --include-tools`, or unset PEX_TOOLS\n",
    ]);
  }
});

describe.each(sample.filter((python) => !(python.isPyPy && python.major === 2)))(
  "venv, under Python $name",
  (python) => {
    const run = (folder: string, ...args: string[]): Promise<Result> =>
      user.start(python, venvPex(), ["venv", folder, ...args], { env: tools });

    test("the environment runs like the PEX, which it does not need", async () => {
      const folder = user.path(`venv-${python.name}`);
      expect(printed(await run(folder, "--compile", "--prompt", "hello", "--rm", "pex"))).toBe("");
      expect(printed(await user.run(`${folder}/pex`, ["typed"], { env: { PEX_ROOT: user.path("none") } }))).toBe(
        "app apple injected typed",
      );
      expect(readFileSync(`${folder}/pyvenv.cfg`, "utf8")).toContain("\nprompt = 'hello'\n");
      const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
      expect(files.filter((name) => /^lib\/.*app\.(cpython-\d+\.|pypy\d+\.)?pyc$/.test(name))).toHaveLength(1);
    });

    test("two scopes in one folder are the whole", async () => {
      const folder = user.path(`scopes-${python.name}`);
      const has = (name: string): boolean =>
        readdirSync(folder, { recursive: true, encoding: "utf8" }).some((path) =>
          path.endsWith(`site-packages/${name}`),
        );
      printed(await run(folder, "--scope", "deps"));
      expect([has("apple.py"), has("app.py"), readFileSync(`${folder}/.pex-venv-scope`, "utf8")]).toEqual([
        true,
        false,
        "deps",
      ]);
      printed(await run(folder, "--scope", "srcs"));
      expect([has("apple.py"), has("app.py"), readFileSync(`${folder}/.pex-venv-scope`, "utf8")]).toEqual([
        true,
        true,
        "all",
      ]);
      expect(printed(await user.run(`${folder}/pex`, []))).toBe("app apple injected");
    });

    test("what is in the folder stays, and is replaced only by --force", async () => {
      const name = `full-${python.name}`;
      user.write(`${name}/file`, "precious");
      user.write(`${name}/bin/mine`, "precious");
      printed(await run(user.path(name)));
      for (const kept of ["file", "bin/mine"]) expect(readFileSync(user.path(name, kept), "utf8")).toBe("precious");
      expect(printed(await user.run(user.path(name, "pex"), []))).toBe("app apple injected");
      rmSync(user.path(name), { recursive: true });
      user.write(`${name}/PEX-INFO`, "precious");
      user.write(`${name}/bin/python`, "precious");
      const { status, stderr } = await run(user.path(name));
      expect([status, stderr]).toEqual([
        1,
        `venv.pex: The folder ${user.path(name)} is not empty, and these are in it already: PEX-INFO, bin/python\n` +
          "hint: replace the folder by --force, or name another one\n",
      ]);
      expect(readdirSync(user.path(name))).toEqual(["PEX-INFO", "bin"]);
      user.write(`${name}/file`, "of no use");
      printed(await run(user.path(name), "-f"));
      expect(readdirSync(user.path(name))).not.toContain("file");
      expect(readdirSync(user.path()).filter((each) => each.startsWith(".tmp"))).toEqual([]);
    });
  },
);

function venvPex(): string {
  return user.make("venv.pex", {
    wheels: [{ name: "apple", version: "3", files: { "apple.py": "name = 'apple'\n" } }],
    sources: { "app.py": "import apple, sys\nprint(' '.join(['app', apple.name] + sys.argv[1:]))\n" },
    facts: { entry_point: "app", inject_args: ["injected"] },
    tools: true,
  });
}
