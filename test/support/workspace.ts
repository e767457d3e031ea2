/** A person's empty directory with a home and caches of its own, and the built commands to type there. */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PROJECT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Variables of the caller that would steer a PEX, a Python or a package index. */
const STEERING = /^(_{0,2}PEX|PEXJS|PYTHON|PYENV_|PIP_|XDG_|VIRTUAL_ENV|(HTTPS?|ALL|NO)_PROXY$)/i;

export interface Result {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly stdin?: string;
  /** Whether the caller's package index settings are kept (for tests that use the real index). */
  readonly online?: boolean;
}

export class Workspace {
  readonly dir: string;
  readonly home: string;

  constructor() {
    this.dir = realpathSync(mkdtempSync(join(tmpdir(), "pexjs-test-")));
    this.home = join(this.dir, "home");
    mkdirSync(this.home);
    mkdirSync(join(this.dir, "tmp"));
  }

  path(...names: readonly string[]): string {
    return join(this.dir, ...names);
  }

  /** Writes a text file and gives its path. */
  write(name: string, text: string): string {
    const path = this.path(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  /** The path of one of the built commands. */
  bin(name: "pex" | "pex3" | "pex-tools"): string {
    return join(PROJECT, "bin", name);
  }

  /** Runs the built `pex`. */
  pex(args: readonly string[], options: RunOptions = {}): Promise<Result> {
    return this.run(process.execPath, [this.bin("pex"), ...args], options);
  }

  /** Runs any command to its end. */
  run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Result> {
    return new Promise((resolve, reject) => {
      const child = spawn(command, args, { cwd: options.cwd ?? this.dir, env: this.environment(options) });
      let stdout = "";
      let stderr = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
      child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
      child.on("error", reject);
      child.on("close", (status, signal) => resolve({ status, signal, stdout, stderr }));
      child.stdin.on("error", () => {});
      child.stdin.end(options.stdin ?? "");
    });
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }

  private environment(options: RunOptions): NodeJS.ProcessEnv {
    const env: NodeJS.ProcessEnv = {};
    for (const [name, value] of Object.entries(process.env)) {
      if (!STEERING.test(name) || (options.online && /^(PIP_|(HTTPS?|ALL|NO)_PROXY$)/i.test(name))) env[name] = value;
    }
    Object.assign(env, { HOME: this.home, TMPDIR: this.path("tmp"), TERM: "dumb" }, options.env);
    return env;
  }
}

/** Directories of PATH without pyenv's shims, which would run bash for each look-up. */
export function pathWithoutShims(): string {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((each) => !each.endsWith("shims"))
    .join(delimiter);
}
