import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

let directory = "";
let command = "";

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "pexjs-process-"));
  command = join(directory, "pex.mjs");
  await build({
    stdin: {
      contents: `import { main } from "./src/main.ts"; await main("pex");`,
      resolveDir: here("../../.."),
      loader: "ts",
    },
    bundle: true,
    format: "esm",
    platform: "node",
    outfile: command,
    define: { PEXJS_VERSION: '"1.2.3"', PEXJS_DEFAULT_INDEX: '""' },
    plugins: [
      {
        name: "stub",
        setup: (setup) =>
          setup.onResolve({ filter: /\/application\.ts$/ }, () => ({ path: here("stub-application.ts") })),
      },
    ],
  });
});
afterAll(() => rmSync(directory, { recursive: true }));

interface Ended {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What lies in the working directory afterwards, the bundle aside. */
  readonly left: readonly string[];
}

class Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  stdout = "";
  stderr = "";

  constructor(...args: readonly string[]) {
    // Its own process group stands for a terminal's foreground job.
    this.child = spawn(process.execPath, [command, ...args], {
      cwd: directory,
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.child.stdout?.on("data", (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.child.stderr?.on("data", (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.ended = new Promise((resolve) => {
      this.child.on("close", (status, signal) => {
        const left = readdirSync(directory).filter((name) => name !== "pex.mjs");
        resolve({ status, signal, stdout: this.stdout, stderr: this.stderr, left });
      });
    });
  }

  async says(text: string): Promise<void> {
    for (let tries = 0; !(this.stdout + this.stderr).includes(text); tries++) {
      if (tries > 1000) throw new Error(`never said ${text}: ${this.stdout}${this.stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** As the terminal does: to the whole job. */
  signalJob(signal: NodeJS.Signals): void {
    process.kill(-(this.child.pid ?? 0), signal);
  }
}

const run = (...args: readonly string[]): Promise<Ended> => new Running(...args).ended;

describe("a run without -o", () => {
  test("gives the program its streams and arguments, and ends with its status", async () => {
    const running = new Running(
      "process.stdin.on('data', (d) => console.log(`read ${d}`)); console.error(process.argv.slice(1)); process.exitCode = 7",
      "--",
      "-v",
      "x y",
    );
    running.child.stdin?.end("input");
    expect(await running.ended).toEqual({
      status: 7,
      signal: null,
      stdout: "read input\n",
      stderr: "[ '-v', 'x y' ]\n",
      left: [],
    });
  });

  test.each(["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"] as const)("ends by %s when the program does", async (signal) => {
    expect(await run(`process.kill(process.pid, '${signal}'); setInterval(() => {}, 1000)`)).toMatchObject({
      status: null,
      signal,
      left: [],
    });
  });

  test.each([
    ["SIGUSR1", 138],
    ["SIGPIPE", 141],
  ] as const)("shows by status what %s did, for it cannot end a Node process", async (signal, status) => {
    expect(await run(`kill -${signal.slice(3)} $$`, "--python-shebang", "/bin/sh")).toMatchObject({
      status,
      signal: null,
      left: [],
    });
  });

  test("leaves Ctrl-C and Ctrl-\\ to the program", async () => {
    const running = new Running(
      "process.on('SIGINT', () => console.log('int')); process.on('SIGQUIT', () => process.exit(5)); console.log('ready'); setInterval(() => {}, 1000)",
    );
    await running.says("ready");
    running.signalJob("SIGINT");
    await running.says("int");
    running.signalJob("SIGINT");
    running.signalJob("SIGQUIT");
    expect(await running.ended).toMatchObject({ status: 5, signal: null, stderr: "", left: [] });
  });

  test.each(["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGWINCH", "SIGCONT"] as const)(
    "passes %s on to the program",
    async (signal) => {
      const running = new Running(
        `process.on('${signal}', () => process.exit(9)); console.log('ready'); setInterval(() => {}, 1000)`,
      );
      await running.says("ready");
      running.child.kill(signal);
      expect(await running.ended).toMatchObject({ status: 9, signal: null, left: [] });
    },
  );

  test("says so when the interpreter cannot be started", async () => {
    expect(await run("x", "--python-shebang", "/nowhere/python")).toEqual({
      status: 1,
      signal: null,
      stdout: "",
      stderr:
        "error: Cannot start /nowhere/python: ENOENT [CANNOT_START]\nhint: Choose another interpreter with `--python`.\n",
      left: [],
    });
  });
});

describe("a build", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("that %s stops leaves nothing and has its own status", async (signal, status) => {
    const running = new Running("wait", "-o", "x.pex");
    await running.says("building");
    running.signalJob(signal);
    expect(await running.ended).toEqual({
      status,
      signal: null,
      stdout: "",
      stderr: `building\nerror: Stopped by ${signal} [CANCELLED]\n`,
      left: [],
    });
  });
});

test("a reader that has seen enough is no failure", async () => {
  const running = new Running("--help");
  running.child.stdout?.destroy();
  expect(await running.ended).toMatchObject({ status: 0, signal: null, stderr: "" });
});
