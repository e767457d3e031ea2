/** Pruning never takes what runs, whatever runs, and takes everything else. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";

import { newest, oldest, printed, sample } from "../runtime/kit.ts";
import { verdict, World } from "./world.ts";

const world = new World();
afterAll(() => world.remove());

const DAYS = 86_400;

function prune(root: string, ...args: readonly string[]): Promise<Awaited<ReturnType<World["run"]>>> {
  return world.run(process.execPath, [world.bin("pex3"), "cache", ...args, "--pex-root", root], {
    env: { PATH: world.searchPath },
  });
}

/** A program that goes on when it is told to. */
async function running(root: string, python: (typeof sample)[number], venv: boolean): Promise<ChildProcess> {
  const env = { HOME: world.home, PATH: "/usr/bin:/bin", PEX_ROOT: root, ...(venv && { PEX_VENV: "1" }) };
  const child = spawn(python.path, [world.file, "wait"], { env, stdio: ["pipe", "pipe", "inherit"] });
  await new Promise<void>((resolve) => child.stdout?.once("data", () => resolve()));
  return child;
}

/** Its last words. */
function goOn(child: ChildProcess): Promise<string> {
  let text = "";
  child.stdout?.on("data", (piece: Buffer) => (text += piece.toString()));
  child.stdin?.end("go on\n");
  return new Promise((resolve) => child.on("close", (status) => resolve(`${status} ${text}`)));
}

const entered = world.build("entered", "--layout", "packed", "--venv");
const pythons = sample.filter((each) => each === oldest || each === newest || each.isPyPy);

test.each(pythons.flatMap((python) => [false, true].map((venv) => ({ python, name: python.name, venv }))))(
  "purging beside a running program takes nothing it imports later: Python $name, venv $venv",
  async ({ python, venv }) => {
    const root = world.newRoot();
    const child = await running(root, python, venv);
    const purged = await prune(root, "purge");
    expect([purged.status, purged.stderr]).toEqual([0, ""]);
    expect(purged.stdout).toMatch(/\nIn use: /);
    expect(await goOn(child)).toBe("0 right\n");
    expect((await prune(root, "purge")).stdout).not.toContain("In use");
    for (const kind of ["sites", "code", "venvs", "wheels"]) {
      const folder = join(root, "pexjs", "1", "run", kind);
      expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
    }
    expect(verdict(await world.boot(root, { python, venv }))).toBe("right");
  },
);

const hasStrace = spawnSync("strace", ["-V"]).status === 0;

test.skipIf(!hasStrace).each(pythons)(
  "purging takes no environment that is just being entered: Python $name",
  async ({ path }) => {
    const file = join(await entered, "__main__.py");
    const log = world.path(`execs-${basename(path)}`);
    const env = { HOME: world.home, PATH: "/usr/bin:/bin", PEX_ROOT: world.newRoot() };
    for (let boot = 0; boot < 2; boot++) {
      // The process stops when it has become the Python of the environment, and has done nothing yet.
      const stop = ["-f", "-o", log, "-e", "trace=execve", "-e", "inject=execve:signal=SIGSTOP:when=1"];
      const child = spawn("strace", [...stop, path, file], { env, stdio: ["pipe", "pipe", "inherit"] });
      const stopped = /^(\d+) +--- stopped by SIGSTOP/m;
      while (!existsSync(log) || !stopped.test(readFileSync(log, "utf8"))) await sleep(20);
      expect((await prune(env.PEX_ROOT, "purge")).stdout).toMatch(/\nIn use: /);
      process.kill(Number(stopped.exec(readFileSync(log, "utf8"))?.[1]), "SIGCONT");
      expect(await goOn(child)).toBe("0 right\n");
      rmSync(log);
    }
  },
);

test("what was used lately stays; what was not goes, unless it is only looked for", async () => {
  const root = world.newRoot();
  printed(await world.boot(root));
  const run = join(root, "pexjs", "1", "run");
  const marks = ["sites", "code"].map((kind) => join(run, kind, readdirSync(join(run, kind))[0] ?? "", ".last-access"));
  expect((await prune(root, "prune")).stdout).toBe("Removed 0 entries, 0 B\n");
  const long = Date.now() / 1000 - 15 * DAYS;
  for (const mark of marks) utimesSync(mark, long, long);
  expect((await prune(root, "prune", "--dry-run")).stdout).toMatch(/^Would remove 2 entries/);
  expect((await prune(root, "prune", "--older-than", "16 days")).stdout).toMatch(/^Removed 0 entries/);
  expect((await prune(root, "prune")).stdout).toMatch(/^Removed 2 entries/);
  expect(marks.map((mark) => existsSync(mark))).toEqual([false, false]);
  expect(verdict(await world.boot(root))).toBe("right");
});

test("a script that lies in a wheel is found again after the store of wheels is gone", async () => {
  const root = world.newRoot();
  printed(await world.boot(root));
  printed(await prune(root, "purge", "--entries", "run/wheels"));
  expect(printed(await world.boot(root, { env: { PEX_SCRIPT: "one-script" } }))).toBe("right");
});

test("purging leaves the locks: two first starts that hold different ones of a name would both publish", async () => {
  const root = world.newRoot();
  printed(await world.boot(root, { venv: true }));
  const locks = (): string[] => readdirSync(join(root, "pexjs", "1", "run", "locks"));
  const before = locks();
  printed(await prune(root, "purge"));
  expect(locks()).toEqual([...new Set([...before, "prune"])].toSorted());
});

test("the builder's part goes by the date of its files, and needs no Python", async () => {
  const root = world.newRoot();
  const wheel = join(root, "pexjs", "1", "build", "wheels", "a".repeat(64));
  mkdirSync(wheel, { recursive: true });
  writeFileSync(join(wheel, "a-1-py3-none-any.whl"), "content");
  const env = { PATH: "/nowhere" };
  const cache = (...args: readonly string[]) =>
    world.run(process.execPath, [world.bin("pex3"), "cache", ...args, "--pex-root", root], { env });
  expect(printed(await cache("info"))).toMatch(/^build\/wheels: 1 entry, 7 B$/m);
  expect(printed(await cache("prune"))).toBe("Removed 0 entries, 0 B");
  utimesSync(join(wheel, "a-1-py3-none-any.whl"), 1, 1);
  expect(printed(await cache("prune"))).toBe("Removed 1 entry, 7 B");
  expect(existsSync(wheel)).toBe(false);
});

test("without a Python the builder's part goes all the same, and one error says that the other stays", async () => {
  const root = world.newRoot();
  printed(await world.boot(root));
  const page = join(root, "pexjs", "1", "build", "pages", "one");
  for (const args of [["purge"], ["purge", "--entries", "build/pages"]]) {
    mkdirSync(dirname(page), { recursive: true });
    writeFileSync(page, "content");
    const all = [world.bin("pex3"), "cache", ...args, "--pex-root", root];
    const result = await world.run(process.execPath, all, { env: { PATH: "/nowhere" } });
    expect(existsSync(page)).toBe(false);
    if (args.length > 1) expect([result.status, result.stdout]).toEqual([0, "Removed 1 entry, 7 B\n"]);
    else
      expect([result.status, result.stdout, result.stderr]).toEqual([
        1,
        "",
        expect.stringMatching(/only a Python sees/),
      ]);
  }
  expect(verdict(await world.boot(root))).toBe("right");
});

test.each([
  ["", []],
  [" --venv", ["--venv"]],
])("ways that a shell takes are closed before what they lead to goes: --sh-boot%s", async (name, options) => {
  const root = world.newRoot();
  const file = await world.build(`shell${name}`, "--sh-boot", ...options);
  const env = { PATH: dirname(newest.path), PEX_ROOT: root };
  const start = async (): Promise<string> => printed(await world.run(file, [], { env }));
  const shell = join(root, "pexjs", "1", "run", "shell");
  const way = (): string => join(shell, readdirSync(shell)[0] ?? "none", "open");
  for (let boot = 0; boot < 2; boot++) expect(await start()).toBe("right");
  expect(existsSync(way())).toBe(true);
  expect((await prune(root, "prune")).stdout).toBe("Removed 0 entries, 0 B\n");
  const purging = prune(root, "purge");
  while (existsSync(way())) await sleep(5);
  // Who has seen it before it was closed finds everything for some seconds.
  const [mark] = readdirSync(join(way(), "..", options.length > 0 ? "venvs" : "start"));
  const kind =
    options.length > 0 ? ["venvs", mark ?? "", "pex"] : ["shell", readdirSync(shell)[0] ?? "", "start", mark ?? ""];
  expect(existsSync(join(shell, "..", ...kind))).toBe(true);
  expect(printed(await purging)).toMatch(/^Removed/);
  expect([readdirSync(shell), existsSync(join(shell, "..", ...kind))]).toEqual([[], false]);
  expect(await start()).toBe("right");
});

test("a way that is opened again while pruning waits stays, with all it leads to", async () => {
  const root = world.newRoot();
  const file = await world.build("opened", "--sh-boot", "--venv");
  const env = { PATH: dirname(newest.path), PEX_ROOT: root };
  printed(await world.run(file, [], { env }));
  const run = join(root, "pexjs", "1", "run");
  const before = ["shell", "venvs"].map((kind) => readdirSync(join(run, kind)));
  const way = join(run, "shell", before[0]?.[0] ?? "", "open");
  const purging = prune(root, "purge");
  while (existsSync(way)) await sleep(5);
  printed(await world.run(file, [], { env }));
  expect(existsSync(way)).toBe(true);
  await purging;
  expect(["shell", "venvs"].map((kind) => readdirSync(join(run, kind)))).toEqual(before);
});

test("boots beside endless purging are right", async () => {
  const root = world.newRoot();
  const state = { going: true };
  const purging = (async () => {
    while (state.going) expect((await prune(root, "purge")).status).toBe(0);
  })();
  for (let boot = 0; boot < 12; boot++) {
    const results = await Promise.all([false, true].map((venv) => world.boot(root, { python: newest, venv })));
    for (const result of results) expect([verdict(result), result.stderr]).toEqual(["right", ""]);
  }
  state.going = false;
  await purging;
});
