/** The `venv` tool: layers, shells, collisions, and who may run what it makes. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Result } from "../support/workspace.ts";
import { newest, printed, sample, User, versions } from "./kit.ts";
import { hasPip, type PythonVersion } from "../support/python-versions.ts";

const user = new User();
let pex: string;
beforeAll(() => {
  const script = { "apple-3.data/scripts/old": "#!python\nprint('old')\n", "apple-3.data/data/share/a.txt": "a" };
  pex = user.make("app.pex", {
    wheels: [
      { name: "apple", version: "3", files: { "apple/__init__.py": "name = 'apple'\n", ...script } },
      { name: "bear", version: "1", files: { "bear.py": "" }, entryPoints: "[console_scripts]\nbear = bear:main\n" },
    ],
    sources: {
      "app.py": "import apple, sys\nprint(' '.join(['app', apple.name] + sys.argv[1:]))\n",
      "own/data.txt": "own",
    },
    facts: { entry_point: "app", inject_args: ["injected"] },
    tools: true,
  });
});
afterAll(() => {
  spawnSync("chmod", ["-R", "u+w", user.dir]);
  user.remove();
});

const venv = (python: PythonVersion, file: string, args: readonly string[], env = {}): Promise<Result> =>
  user.start(python, file, ["venv", ...args], { env: { PEX_TOOLS: "1", ...env } });

describe.each(sample.filter((python) => !(python.isPyPy && python.major === 2)))("under Python $name", (python) => {
  test("layers made apart and laid over each other, in any order, are the whole", async () => {
    const place = user.path(`image-${python.name}`, "app");
    const layer = async (scope: string): Promise<string> => {
      printed(await venv(python, pex, [place, "--scope", scope]));
      const kept = user.path(`layer-${python.name}-${scope}`);
      renameSync(place, kept);
      return kept;
    };
    const [all, deps, srcs] = [await layer("all"), await layer("deps"), await layer("srcs")];
    for (const [lower, upper] of [
      [deps, srcs],
      [srcs, deps],
    ] as const) {
      rmSync(place, { recursive: true, force: true });
      mkdirSync(place);
      for (const each of [lower, upper]) printed(await user.run("cp", ["-a", `${each}/.`, place]));
      // Python marshals equal code to different bytes.
      const compared = ["-x", "compiled-*", "-r", "--no-dereference", "-x", ".pex-venv-scope", place, all];
      expect(await user.run("diff", compared)).toMatchObject({ status: 0, stdout: "" });
      expect(printed(await user.run(join(place, "pex"), ["typed"]))).toBe("app apple injected typed");
    }
  });

  test("the layer of the distributions is the same after an edit of the sources", async () => {
    const place = user.path(`stable-${python.name}`, "app");
    const layers: string[] = [];
    for (const edit of ["one", "two"]) {
      const file = user.make(`${edit}.pex`, {
        wheels: [{ name: "apple", version: "3", files: { "apple.py": "name = 'apple'\n" } }],
        sources: { "app.py": `# ${edit}\n` },
        tools: true,
      });
      const env = { PEX_ROOT: user.path(`stable-${python.name}`, `root-${edit}`) };
      const compile = python.major === 3 && python.minor >= 7 ? ["--compile"] : []; // before, with dates
      printed(await venv(python, file, [place, "--scope", "deps", ...compile], env));
      layers.push(user.path(`stable-${python.name}`, edit));
      renameSync(place, layers.at(-1) ?? "");
    }
    const compared = ["-r", "--no-dereference", ...layers];
    expect(await user.run("diff", compared)).toMatchObject({ status: 0, stdout: "" });
  });

  test("a shell activates it, shows the prompt, and forgets it again", async () => {
    const folder = user.path(`shell it's-${python.name}`);
    printed(await venv(python, pex, [folder, "--prompt", "my prompt"]));
    const script = `PS1='$ '; before=$PATH; . "$1/bin/activate"; echo "$PS1"; command -v bear; old; deactivate; echo "$PS1"; [ "$PATH" = "$before" ] && echo same`;
    const shown = printed(await user.run("sh", ["-c", script, "sh", folder])).split("\n");
    expect(shown).toEqual(["(my prompt) $ ", `${folder}/bin/bear`, "old", "$ ", "same"]);
    expect(readFileSync(`${folder}/pyvenv.cfg`, "utf8")).toContain("\nprompt = 'my prompt'\n");
    if (python.major > 2) {
      expect(readdirSync(`${folder}/bin`)).toEqual(expect.arrayContaining(["activate.csh", "activate.fish"]));
    }
    const asked = await user.run(`${folder}/pex-repl`, ["-c", "import apple; print(apple.name)"]);
    expect(asked.stdout.trim()).toBe("apple");
  });
});

test("different files for one place are an error that names them, unless they mean the same or may be", async () => {
  const wheel = (name: string, text: string) => ({
    name,
    version: "1",
    files: { "both.py": text, "same.py": "", "space/__init__.py": `\n# of ${name}\n`, [`${name}.py`]: "" },
    entryPoints: `[console_scripts]\nrun = ${name}:main\n`,
  });
  const file = user.make("colliding.pex", { wheels: [wheel("one", "1"), wheel("two", "2")], tools: true });
  const folder = user.path("colliding");
  const refused = await venv(newest, file, [folder]);
  expect([refused.status, refused.stdout, existsSync(folder)]).toEqual([1, "", false]);
  const names = "one-1-py2.py3-none-any.whl, two-1-py2.py3-none-any.whl";
  expect(refused.stderr).toBe(
    `colliding.pex: Distributions have different files for the same place:\n  bin/run of ${names}\n` +
      `  lib/python${newest.name}/site-packages/both.py of ${names}\nhint: take those of the first ones by --collisions-ok\n`,
  );
  const allowed = await venv(newest, file, [folder, "--collisions-ok"]);
  expect(allowed).toMatchObject({
    status: 0,
    stderr: expect.stringMatching(/^colliding\.pex: warning: Distributions have different/),
  });
  expect(
    printed(await user.run(join(folder, "bin", "python"), ["-c", "import both; print(open(both.__file__).read())"])),
  ).toBe("1");
});

test("a folder behind a link, such as a volume, is filled where it is", async () => {
  const [link, folder] = [user.path("volume"), user.path("elsewhere", "volume")];
  mkdirSync(folder, { recursive: true });
  symlinkSync(folder, link);
  printed(await venv(newest, pex, [link]));
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readdirSync(folder).filter((name) => name.startsWith(".tmp"))).toEqual([]);
  expect(printed(await user.run(join(link, "pex"), []))).toBe("app apple injected");
});

test("any user runs it, from a folder where nobody can write", async () => {
  const folder = user.path("read-only");
  const isRoot = process.getuid?.() === 0;
  // Another user cannot reach a Python that lies in the home of root.
  const python = versions.findLast((each) => !isRoot || !realpathSync(each.path).startsWith(homedir())) ?? newest;
  printed(await venv(python, pex, [folder, "--site-packages-copies"]));
  spawnSync("chmod", ["-R", "a-w", folder]);
  chmodSync(user.dir, 0o755);
  const nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
  const [command, ...args] = [...(isRoot ? nobody : []), join(folder, "pex")];
  expect(printed(await user.run(command, args, { env: { HOME: "/nonexistent" } }))).toBe("app apple injected");
});

test("--rm all takes the PEX and what PEX files have unpacked, and leaves what others keep in PEX_ROOT", async () => {
  const copy = user.path("copy.pex");
  for (const [root, left] of [
    ["root-alone", undefined],
    ["root-shared", ["theirs"]],
  ] as const) {
    cpSync(pex, copy);
    if (left) mkdirSync(user.path(root, ...left), { recursive: true });
    const made = await venv(newest, copy, [user.path(`env-${root}`), "--rm", "all"], { PEX_ROOT: user.path(root) });
    expect(printed(made)).toBe("");
    expect(existsSync(copy)).toBe(false);
    expect(existsSync(user.path(root)) ? readdirSync(user.path(root)) : undefined).toEqual(left);
    expect(printed(await user.run(join(user.path(`env-${root}`), "pex"), []))).toBe("app apple injected");
  }
});

test("--pip installs pip, which knows what is inside", async () => {
  const folder = user.path("with-pip");
  const python = versions.findLast((each) => each.major > 2 && hasPip(each)) ?? newest;
  printed(await venv(python, pex, [folder, "--pip"]));
  const listed = await user.run(join(folder, "bin", "pip"), ["list", "--format=freeze", "--disable-pip-version-check"]);
  expect(listed.stdout).toMatch(/^apple==3\nbear==1\npip==/);
});

const mounts = process.getuid?.() === 0 && spawnSync("unshare", ["-m", "true"]).status === 0;

test.skipIf(!mounts)(
  "two steps of one image make the two scopes, though folders of the first cannot be renamed",
  async () => {
    for (const name of ["first", "changes", "work", "merged"]) mkdirSync(user.path("steps", name), { recursive: true });
    printed(await venv(newest, pex, [user.path("steps", "first", "app"), "--scope", "deps"]));
    const layers = "lowerdir=steps/first,upperdir=steps/changes,workdir=steps/work";
    const lines = [
      `mount -t overlay -o ${layers} none steps/merged`,
      `PEX_TOOLS=1 ${newest.path} ${pex} venv steps/merged/app --scope srcs`,
      `PYTHONPATH=steps/merged/app/${libraryOf(newest)} ${newest.path} -m app`,
      `PEX_TOOLS=1 ${newest.path} ${pex} venv steps/merged/app --force`,
      "exec steps/merged/app/pex again",
    ];
    const run = await user.run("unshare", ["-m", "sh", "-ec", lines.join("\n")]);
    expect(printed(run)).toBe("app apple\napp apple injected again");
  },
);

function libraryOf({ major, minor }: PythonVersion): string {
  return `lib/python${major}.${minor}/site-packages`;
}

test("what the tools print is UTF-8, whatever the locale says", async () => {
  const file = user.make("näme.pex", { tools: true });
  const env = { PEX_TOOLS: "1", LC_ALL: "C", PYTHONCOERCECLOCALE: "0", PYTHONUTF8: "0" };
  for (const python of [sample[0] ?? newest, newest]) {
    expect(printed(await user.run(python.path, [file, "graph"], { env }))).toMatch(/^strict digraph "näme\.pex" \{\n/);
    printed(await user.run(python.path, [file, "graph", "-o", user.path("graph.dot")], { env }));
    expect(readFileSync(user.path("graph.dot"), "utf8")).toContain('digraph "näme.pex"');
  }
});
