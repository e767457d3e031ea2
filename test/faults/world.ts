/** A small PEX that checks itself, boots of it under faults, and the verdict: right, one clear error, or wrong. */
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { newest, printed, User } from "../runtime/kit.ts";
import type { PythonVersion } from "../support/python-versions.ts";
import type { Result, RunOptions } from "../support/workspace.ts";

const INJECTOR = fileURLToPath(new URL("injector.py", import.meta.url));

/** What removes unused entries from the runtime's cache. */
export const PRUNE: string = fileURLToPath(new URL("../../python/probes/prune_cache.py", import.meta.url));

const FIRST = {
  "one/__init__.py": "where = 'one'\n",
  "one/data/big.txt": "big\n".repeat(5000),
  "one/lazy.py": "x = 1\n",
};
const SECOND = { "two.py": "where = 'two'\n", "shared.py": "where = 'two'\n" };
const SCRIPT = { "one-1.0.data/scripts/one-script": "#!python\nprint('right')\n" };

/** Every file of every distribution is compared, then an import that a running program would do late. */
const APP = `
EXPECTED = ${JSON.stringify({ ...FIRST, ...SECOND })}

def main():
    import os, sys, one, two, shared
    from helper import more
    if len(sys.argv) > 1:
        sys.stdout.write("started\\n"); sys.stdout.flush(); sys.stdin.readline()
    top = os.path.dirname(os.path.dirname(one.__file__))
    for name in sorted(EXPECTED):
        with open(os.path.join(top, name)) as stream:
            assert stream.read() == EXPECTED[name], name
    with open(os.path.join(os.path.dirname(more.__file__), "words.txt")) as stream:
        assert stream.read() == "words"
    import one.lazy, helper.late
    print("right")
`;

export type Verdict = "right" | "error" | "killed" | "wrong";

/** How a PEX is started. */
export interface Form {
  /** From a virtual environment. */
  readonly venv?: boolean;
  /** By `/bin/sh`: a file that the builder made. */
  readonly shell?: boolean;
}

export interface BootOptions extends RunOptions, Form {
  readonly python?: PythonVersion;
  /** See `injector.py`. */
  readonly fault?: string;
  /** Another PEX than the usual one. */
  readonly file?: string;
  readonly args?: readonly string[];
}

export class World extends User {
  readonly file: string;
  readonly #shellFiles = new Map<boolean, Promise<string>>();
  #roots = 0;

  constructor() {
    super();
    this.file = this.make("x.pex", {
      wheels: [
        { name: "one", version: "1.0", files: { ...FIRST, ...SCRIPT } },
        { name: "two", version: "1.0", files: SECOND },
      ],
      sources: {
        "app.py": APP,
        "helper/__init__.py": "",
        "helper/more.py": "",
        "helper/late.py": "",
        "helper/words.txt": "words",
      },
      facts: { entry_point: "app:main" },
    });
  }

  /** The same PEX as the builder makes it. */
  async build(name: string, ...options: readonly string[]): Promise<string> {
    const sources = this.path(`${name}-sources`);
    printed(await this.run(newest.path, ["-m", "zipfile", "-e", this.file, sources]));
    for (const part of [".bootstrap", ".deps", "__main__.py", "__pex__", "PEX-INFO"])
      rmSync(join(sources, part), { recursive: true, force: true });
    const inputs = ["--no-pypi", "-f", this.path("wheels", "1"), "one", "two", "-D", sources, "-m", "app:main"];
    const pythons = ["--python", newest.path, "--interpreter-constraint", ">=2.7"];
    if (!options.includes("--sh-boot")) pythons.push("--python-shebang", newest.path);
    const args = [this.bin("pex"), ...inputs, ...pythons, "-o", this.path(name), ...options];
    printed(await this.run(process.execPath, args, { env: { PATH: this.searchPath } }));
    return this.path(name);
  }

  /** A PEX_ROOT that is not there yet. */
  newRoot(): string {
    return this.path(`root-${(this.#roots += 1)}`);
  }

  boot(root: string, { shell, ...boot }: BootOptions = {}): Promise<Result> {
    return shell ? this.#bootByShell(root, boot) : this.#bootByPython(root, boot);
  }

  /** The shell finds one Python alone; for a fault that is a script, which makes the Python it starts fail. */
  async #bootByShell(root: string, { python = newest, fault, venv = false, ...options }: BootOptions): Promise<Result> {
    const file =
      this.#shellFiles.get(venv) ?? this.build(`shell-${venv}/x.pex`, "--sh-boot", ...(venv ? ["--venv"] : []));
    this.#shellFiles.set(venv, file);
    const folder = fault === undefined ? dirname(python.path) : this.#failing(python);
    const env = { PATH: folder, PEX_ROOT: root, FAULT: fault, ...options.env };
    return this.run(await file, options.args ?? [], { ...options, env });
  }

  #failing(python: PythonVersion): string {
    const path = this.path("failing", python.name, basename(python.path));
    if (!existsSync(path)) {
      this.write(relative(this.dir, path), `#!/bin/sh\nexec ${python.path} ${INJECTOR} "$FAULT" - "$@"\n`);
      chmodSync(path, 0o755);
    }
    return dirname(path);
  }

  #bootByPython(
    root: string,
    { python = newest, file = this.file, fault, venv, args = [], ...options }: BootOptions,
  ): Promise<Result> {
    const injector = fault === undefined ? [] : [INJECTOR, fault, "-"];
    const env = { PATH: "/usr/bin:/bin", PEX_ROOT: root, ...(venv && { PEX_VENV: "1" }), ...options.env };
    return this.run(python.path, [...injector, file, ...args], { ...options, env });
  }

  /** How often a first boot does each call that a fault can strike. */
  async countCalls(python: PythonVersion, venv: boolean): Promise<ReadonlyMap<string, number>> {
    const log = this.path("calls.log");
    const env = { PATH: "/usr/bin:/bin", PEX_ROOT: this.newRoot(), ...(venv && { PEX_VENV: "1" }) };
    rmSync(log, { force: true });
    await this.run(python.path, [INJECTOR, "none", log, this.file], { env });
    const counts = new Map<string, number>();
    for (const line of readFileSync(log, "utf8").split("\n")) {
      const call = line.split(" ")[0] ?? "";
      for (const kind of [call, ...(KINDS.get(call) ?? [])]) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    return counts;
  }
}

const GROW = ["create", "write", "mkdir", "link", "symlink", "rename"];
const CHANGE = ["unlink", "rmdir", "chmod", "utime"];
const KINDS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ...GROW.map((call) => [call, ["grow", "change"]] as const),
  ...CHANGE.map((call) => [call, ["change"]] as const),
  ...["open", "read", "listdir", "stat", "lstat", "flock"].map((call) => [call, ["read"]] as const),
]);

/** A warning that everything was unpacked elsewhere is as right as silence: the program ran, and all was there. */
export function verdict({ status, signal, stdout, stderr }: Result): Verdict {
  if (signal === "SIGKILL") return "killed";
  const warned = stderr === "" || /^x\.pex: warning: [^\n]*\n$/.test(stderr);
  if (status === 0 && stdout === "right\n" && warned) return "right";
  const clear = /^(x\.pex: warning: [^\n]*\n)?x\.pex: [^\n]+\nhint: [^\n]+\n$/.test(stderr);
  return status === 1 && stdout === "" && clear ? "error" : "wrong";
}

/** Whether every step is tried: see `stepsTaken`. */
export const ALL: boolean = process.env["FAULTS"] === "all";
const SEED = Number(process.env["FAULTS_SEED"] ?? 1);
const [PART = 1, PARTS = 1] = (process.env["FAULTS_PART"] ?? "1/1").split("/").map(Number);

/** Whether this run is to do what cannot be divided into parts. */
export const IS_FIRST_PART: boolean = PART === 1;

/** How long a test may take that tries every step, in milliseconds. */
export const PATIENCE: number = ALL ? 5 * 60 * 60_000 : 120_000;

/**
 * Which of the steps from 1 to `count` are tried: with FAULTS=all each of them, or of those every eighth for FAULTS_PART=3/8;
 * otherwise one of `stride`, from an offset that FAULTS_SEED moves.
 */
export function stepsTaken(count: number, stride: number): readonly number[] {
  const [every, offset] = ALL ? [PARTS, PART] : [stride, SEED];
  const steps = Array.from({ length: count }, (_, index) => index + 1);
  return steps.filter((step) => step % every === offset % every);
}

/** Keeps `count` tasks going. */
export async function inTurns<Item>(
  items: readonly Item[],
  count: number,
  task: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const work = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await task(item);
  };
  await Promise.all(Array.from({ length: count }, work));
}

/** Adds a line of figures to `$FAULTS_REPORT`, if that is set. */
export function report(line: string): void {
  const path = process.env["FAULTS_REPORT"];
  if (path === undefined) return;
  if (!existsSync(path)) mkdirSync(new URL(".", `file://${path}`), { recursive: true });
  appendFileSync(path, `${line}\n`);
}
