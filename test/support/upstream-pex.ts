/**
 * Upstream's pex as the judge of our files.
 *
 * The first test that asks makes a virtual environment below `.test-tools/` with the pinned version; it stays there.
 */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { oraclePython } from "./python-oracle.ts";

const VERSION = "2.105.2";
const TOOLS = fileURLToPath(new URL("../../.test-tools/", import.meta.url));
const VENV = join(TOOLS, `pex-${VERSION}`);

/** A Python in which `-m pex`, `-m pex.cli` and `-m pex.tools` are upstream's commands. */
export function upstreamPexPython(): string {
  if (!existsSync(VENV)) makeEnvironment();
  return join(VENV, "bin", "python");
}

/** Made under another name and renamed: whoever is first wins, and nobody sees half of it. */
function makeEnvironment(): void {
  mkdirSync(TOOLS, { recursive: true });
  const fresh = mkdtempSync(join(TOOLS, "pex-new-"));
  try {
    run(oraclePython(), ["-m", "venv", fresh]);
    run(join(fresh, "bin", "python"), ["-m", "pip", "install", "-q", "--disable-pip-version-check", `pex==${VERSION}`]);
    renameSync(fresh, VENV);
  } catch (error) {
    if (!existsSync(VENV)) throw error;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function run(command: string, args: readonly string[]): void {
  const child = spawnSync(command, args, { encoding: "utf8" });
  if (child.status !== 0) throw new Error(`${command} ${args.join(" ")}: ${child.error?.message ?? child.stderr}`);
}
