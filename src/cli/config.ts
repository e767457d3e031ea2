/** Files of `PEX_*` settings: `/etc/pexrc`, `~/.pexrc`, `.pexrc`, and the one given by `--rcfile`. */

import { join, resolve } from "node:path";

import { PexError } from "../base/errors.ts";
import { readText, readTextIfExists } from "../base/fs.ts";
import { expandUser, type Host } from "../base/host.ts";

/** A variable holds a value that it cannot have. */
export class InvalidSetting extends PexError {
  readonly code = "INVALID_SETTING";
}

const SYSTEM_FILE = "/etc/pexrc";
const USER_FILE = ".pexrc";

/**
 * The host with the settings of the files as defaults of its environment: later files win over earlier ones, the real
 * environment wins over all.
 *
 * `PEX_IGNORE_RCFILES` keeps all files out, `PEX_DISABLE_VARIABLES` every other `PEX_*` variable as well.
 *
 * @param rcfile A further file, which must exist.
 * @throws FileError, InvalidSetting
 */
export function withConfiguration(host: Host, rcfile: string | undefined): Host {
  const isPex = ([name]: readonly [string, unknown]): boolean => name.startsWith("PEX_");
  if (readBoolean(host, "PEX_DISABLE_VARIABLES")) {
    const others = Object.entries(host.env).filter((entry) => !isPex(entry));
    return {
      ...host,
      env: { ...Object.fromEntries(others), PEX_DISABLE_VARIABLES: host.env["PEX_DISABLE_VARIABLES"] },
    };
  }
  if (readBoolean(host, "PEX_IGNORE_RCFILES")) return host;
  const texts = [SYSTEM_FILE, join(host.home, USER_FILE), join(host.cwd, USER_FILE)].map(
    (path) => readTextIfExists(path) ?? "",
  );
  if (rcfile !== undefined) texts.push(readText(resolve(host.cwd, expandUser(rcfile, host))));
  const settings = texts.flatMap(parseSettings).filter(isPex);
  return settings.length === 0 ? host : { ...host, env: { ...Object.fromEntries(settings), ...host.env } };
}

/** Lines of the form `KEY=VALUE`, without blanks around the line; a line without `=`, or with two of them, says nothing. */
function parseSettings(text: string): (readonly [string, string])[] {
  return text.split(/\r\n|\r|\n/).flatMap((line) => {
    const [key = "", value, ...more] = line.trim().split("=");
    return value === undefined || more.length > 0 ? [] : [[key, value] as const];
  });
}

/** A variable that is on or off. @throws InvalidSetting */
export function readBoolean(host: Host, name: string): boolean {
  const text = host.env[name]?.toLowerCase();
  if (text === undefined || text === "" || text === "0" || text === "false") return false;
  if (text === "1" || text === "true") return true;
  throw new InvalidSetting(`${name} must be 0, 1, true or false: ${host.env[name] ?? ""}`);
}

/** How much is told: `$PEX_VERBOSE`. @throws InvalidSetting */
export function readVerbosity(host: Host): number {
  const text = host.env["PEX_VERBOSE"]?.trim() ?? "";
  if (text === "") return 0;
  if (!/^[+-]?\d+$/.test(text)) throw new InvalidSetting(`PEX_VERBOSE must be a whole number: ${text}`);
  return Number(text);
}
