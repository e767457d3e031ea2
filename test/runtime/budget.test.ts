/** What a warm start may do, counted and not timed: the calls that it makes beyond those of a plain start of the same kind. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { basename, dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { makeImage, type ImageWheel } from "../../src/pex/image.ts";
import { writeLoose } from "../../src/pex/layout-loose.ts";
import { writePacked } from "../../src/pex/layout-packed.ts";
import { writeZipapp } from "../../src/pex/layout-zipapp.ts";
import { readRuntimeFiles } from "../../src/pex/runtime-files.ts";
import { imageWheels } from "../support/image-wheels.ts";
import { newest, printed, User } from "./kit.ts";

interface Budget {
  readonly calls: number;
  readonly opens: number;
  readonly stats: number;
  readonly execs: number;
}

const WRITERS = { zipapp: writeZipapp, packed: writePacked, loose: writeLoose };

/** Plain starts: of nothing at all by Python, or by a shell that becomes it. */
type Plain = "archive" | "folder" | "script in an environment" | "shell script";

interface Mode {
  readonly layout?: keyof typeof WRITERS;
  readonly venv?: boolean;
  readonly shell?: boolean;
  /** Whether a link stands on the way to the cache. */
  readonly linked?: boolean;
  /** What it is compared with; a start of `--venv` is two. */
  readonly like: readonly Plain[];
  readonly most: Budget;
}

/** With some ten calls to spare: a Python that has `fcntl` in a file of its own makes as many to load it, and looks for it. */
const MODES: Readonly<Record<string, Mode>> = {
  zipapp: { like: ["archive"], most: { calls: 85, opens: 11, stats: 36, execs: 0 } },
  packed: { layout: "packed", like: ["folder"], most: { calls: 60, opens: 6, stats: 30, execs: 0 } },
  loose: { layout: "loose", like: ["folder"], most: { calls: 52, opens: 5, stats: 29, execs: 0 } },
  "--venv": {
    venv: true,
    like: ["archive", "script in an environment"],
    most: { calls: 150, opens: 16, stats: 57, execs: 0 },
  },
  "--sh-boot": { shell: true, like: ["shell script"], most: { calls: 112, opens: 12, stats: 58, execs: 0 } },
  "--venv --sh-boot": {
    venv: true,
    shell: true,
    like: ["shell script"],
    most: { calls: 92, opens: 11, stats: 38, execs: 0 },
  },
  "--venv --sh-boot, the cache behind a link": {
    linked: true,
    venv: true,
    shell: true,
    like: ["shell script"],
    most: { calls: 104, opens: 11, stats: 50, execs: 0 },
  },
};

const user = new User();
let wheels: readonly ImageWheel[];
const plain: Partial<Record<Plain, readonly string[]>> = {};
beforeAll(async () => {
  wheels = await imageWheels(user.dir, [{ name: "one", version: "1", files: { "one.py": "" } }]);
  mkdirSync(user.path("linked"));
  symlinkSync("linked", user.path("link"));
  user.write("plain/__main__.py", "");
  const script = user.path("plain", "__main__.py");
  printed(await user.run(newest.path, ["-m", "zipapp", user.path("plain"), "-o", user.path("plain.pyz")])); // stored
  printed(await user.run(newest.path, ["-m", "venv", "--without-pip", user.path("environment")]));
  plain["archive"] = [newest.path, user.path("plain.pyz")];
  plain["folder"] = [newest.path, user.path("plain")];
  const inEnvironment = [user.path("environment", "bin", "python"), script];
  plain["script in an environment"] = inEnvironment;
  plain["shell script"] = [user.write("plain.sh", `#!/bin/sh\nexec ${inEnvironment.join(" ")}\n`)];
  chmodSync(user.path("plain.sh"), 0o755);
});
afterAll(() => user.remove());

const hasStrace = spawnSync("strace", ["-V"]).status === 0;

describe.skipIf(!hasStrace).each(Object.entries(MODES))("a warm start, %s", (name, mode) => {
  test("makes few calls that a plain start of its kind does not", async () => {
    const pex = await build(name, mode);
    const command = mode.shell ? [pex] : [newest.path, pex];
    const env = mode.linked ? { PEX_ROOT: user.path("link", "root") } : {};
    for (let start = 0; start < 3; start++) await count(command, env);
    const warm = await count(command, env);
    const base = sum(await Promise.all(mode.like.map((kind) => count(plain[kind] ?? []))));
    const more = {
      calls: warm.calls - base.calls,
      opens: warm.opens - base.opens,
      stats: warm.stats - base.stats,
      execs: warm.execs - base.execs,
    };
    for (const what of ["calls", "opens", "stats", "execs"] as const)
      expect(more[what], `${what}: ${JSON.stringify(more)}`).toBeLessThanOrEqual(mode.most[what]);
  });
});

async function build(name: string, { layout = "zipapp", venv = false, shell = false }: Mode): Promise<string> {
  const image = makeImage({
    requirements: ["one"],
    wheels,
    sources: [{ path: "app.py", mode: 0o644, read: () => Buffer.from("def main():\n    pass\n") }],
    settings: { entryPoint: "app:main", venv },
    runtime: readRuntimeFiles(),
    shebang: "#!/usr/bin/env python3",
    shell: shell ? { python: undefined, options: [], names: [basename(newest.path)] } : undefined,
    version: "0.0.1",
    preInstall: layout === "loose",
  });
  const path = user.path("pex", name);
  mkdirSync(user.path("pex"), { recursive: true });
  await WRITERS[layout](image, path);
  return path;
}

let serial = 0;

/**
 * The system calls of a command and all that it starts, but for looks at the folders above the test's own and above the
 * interpreter: how many those are says nothing of the runtime.
 */
async function count([program = "", ...args]: readonly string[], more: Record<string, string> = {}): Promise<Budget> {
  const log = user.path(`strace-${serial++}`);
  const env = { PATH: `${dirname(newest.path)}:/usr/bin:/bin`, ...more };
  printed(await user.run("strace", ["-f", "-o", log, program, ...args], { env }));
  const calls = readFileSync(log, "utf8").matchAll(/^\d+ +(\w+)\((?:AT_FDCWD, )?(?:"([^"]*)")?/gm);
  const names = [...calls].filter(([, , path]) => path === undefined || !isAbove(path)).map(([, call = ""]) => call);
  const matching = (pattern: RegExp): number => names.filter((call) => pattern.test(call)).length;
  return {
    calls: names.length,
    opens: matching(/^open/),
    stats: matching(/stat|^access|^readlink/),
    execs: matching(/^execve|^v?fork|^clone/),
  };
}

function isAbove(path: string): boolean {
  return [user.dir, newest.path].some((each) => each.startsWith(`${path.replace(/\/$/, "")}/`));
}

function sum(budgets: readonly Budget[]): Budget {
  const total = (what: keyof Budget): number => budgets.reduce((before, each) => before + each[what], 0);
  return { calls: total("calls"), opens: total("opens"), stats: total("stats"), execs: total("execs") };
}
