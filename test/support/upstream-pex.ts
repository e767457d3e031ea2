/**
 * Upstream's pex as the judge of our files.
 *
 * The first test that asks makes a virtual environment below `.test-tools/` with that version; it stays there.
 */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { oraclePython } from "./python-oracle.ts";

/** The release that our command line follows, and old ones whose files are still around. */
export type UpstreamVersion = "2.105.2" | "2.1.163" | "2.1.90";

const TOOLS = fileURLToPath(new URL("../../.test-tools/", import.meta.url));

/** A Python in which `-m pex`, `-m pex.cli` and `-m pex.tools` are upstream's commands. */
export function upstreamPexPython(version: UpstreamVersion = "2.105.2"): string {
  const venv = join(TOOLS, `pex-${version}`);
  if (!existsSync(venv)) makeEnvironment(venv, version);
  return join(venv, "bin", "python");
}

/** Made under another name and renamed: whoever is first wins, and nobody sees half of it. */
function makeEnvironment(venv: string, version: UpstreamVersion): void {
  mkdirSync(TOOLS, { recursive: true });
  const fresh = mkdtempSync(join(TOOLS, "pex-new-"));
  try {
    run(oraclePython(), ["-m", "venv", fresh]);
    run(join(fresh, "bin", "python"), ["-m", "pip", "install", "-q", "--disable-pip-version-check", `pex==${version}`]);
    renameSync(fresh, venv);
  } catch (error) {
    if (!existsSync(venv)) throw error;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function run(command: string, args: readonly string[]): void {
  const child = spawnSync(command, args, { encoding: "utf8" });
  if (child.status !== 0) throw new Error(`${command} ${args.join(" ")}: ${child.error?.message ?? child.stderr}`);
}
