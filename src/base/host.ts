/** Facts about the machine and the process that the layers below `cli` may use; handed in, so that tests can lie. */

import { availableParallelism, homedir, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** Where and as whom we run. */
export interface Host {
  /** `process.platform`. */
  readonly platform: string;
  /** The environment as it was at the start. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The user's home directory. */
  readonly home: string;
  /** Where temporary files go. */
  readonly tmp: string;
  /** Usable processor cores. */
  readonly cores: number;
}

/** The host of this process, as it is now. */
export function currentHost(): Host {
  return {
    platform: process.platform,
    env: { ...process.env },
    cwd: process.cwd(),
    home: homedir(),
    tmp: tmpdir(),
    cores: availableParallelism(),
  };
}

/**
 * The root of all caches, shared with PEX files at run time:
 * `$PEX_ROOT`, else `pex` below the user's cache directory of this platform.
 */
export function pexRoot(host: Host): string {
  if (host.env["PEX_ROOT"]) return expandUser(host.env["PEX_ROOT"], host);
  if (host.platform === "darwin") return join(host.home, "Library", "Caches", "pex");
  return join(host.env["XDG_CACHE_HOME"] || join(host.home, ".cache"), "pex");
}

/** Replaces a leading `~` by the home directory. */
export function expandUser(path: string, host: Host): string {
  return path === "~" || path.startsWith("~/") ? join(host.home, path.slice(1)) : path;
}

/** Has something done when this process ends by itself. */
export function atExit(task: () => void): void {
  process.once("exit", task);
}
