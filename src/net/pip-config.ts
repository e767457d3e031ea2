/**
 * pip's configuration: the files and `PIP_*` variables in which people have told where their packages are.
 *
 * Precedence as in pip's documentation ("Configuration"): global, user, site, `PIP_CONFIG_FILE`, environment;
 * sections of a command count over `[global]` wherever they stand; the empty value says nothing.
 */

import { join } from "node:path";

import { isDirectory, readTextIfExists } from "../base/fs.ts";
import { expandUser, type Host } from "../base/host.ts";
import { messageOf } from "../base/errors.ts";
import { escapeControl } from "../base/text.ts";
import { parseConfig } from "../standards/configparser.ts";

import { NetworkConfigError } from "./errors.ts";

/** The part of pip's configuration that we honour; `undefined` and empty where nothing is said. */
export interface PipConfig {
  /** Replaces the default index. */
  readonly indexUrl: string | undefined;
  readonly extraIndexUrls: readonly string[];
  readonly findLinks: readonly string[];
  readonly noIndex: boolean;
  readonly trustedHosts: readonly string[];
  readonly cert: string | undefined;
  readonly clientCert: string | undefined;
  readonly proxy: string | undefined;
  /** Seconds. */
  readonly timeout: number | undefined;
  readonly retries: number | undefined;
  readonly keyringProvider: string | undefined;
}

/** Values by key, such as `extra-index-url`, and who said it. */
type Values = Map<string, { readonly value: string; readonly source: string }>;

/** The sections that speak to us, later ones count more: we do what `pip install` and `pip download` do. */
const SECTIONS = ["global", "install", "download"];

/** Reads all of pip's configuration. @throws NetworkConfigError for values that make no sense, FileError */
export function readPipConfig(host: Host): PipConfig {
  const files = configFiles(host).map(readSections);
  const values: Values = new Map();
  for (const section of SECTIONS) {
    for (const file of files) for (const [key, value] of file.get(section) ?? []) values.set(key, value);
  }
  for (const [key, value] of environmentValues(host)) values.set(key, value);
  const text = (key: string) => values.get(key)?.value;
  const path = (key: string) => {
    const value = text(key);
    return value === undefined ? undefined : expandUser(value, host);
  };
  return {
    indexUrl: text("index-url") ?? text("pypi-url"),
    extraIndexUrls: words(text("extra-index-url")),
    findLinks: words(text("find-links")),
    noIndex: parseBoolean(values, "no-index"),
    trustedHosts: words(text("trusted-host")),
    cert: path("cert"),
    clientCert: path("client-cert"),
    proxy: text("proxy"),
    timeout: parseNumber(values, "timeout") ?? parseNumber(values, "default-timeout"),
    retries: parseNumber(values, "retries"),
    keyringProvider: text("keyring-provider"),
  };
}

/** Paths of the files, later ones count more; they need not exist. */
function configFiles(host: Host): string[] {
  const { env } = host;
  const explicit = env["PIP_CONFIG_FILE"];
  if (explicit === "/dev/null") return [];
  const files = globalDirectories(host).map((directory) => join(directory, "pip.conf"));
  const hasExplicit = explicit !== undefined && explicit !== "" && readTextIfExists(explicit) !== undefined;
  if (!hasExplicit) files.push(join(host.home, ".pip", "pip.conf"), join(userDirectory(host), "pip.conf"));
  const environment = env["VIRTUAL_ENV"] || env["CONDA_PREFIX"];
  if (environment) files.push(join(environment, "pip.conf"));
  if (hasExplicit) files.push(explicit);
  return files;
}

function globalDirectories(host: Host): string[] {
  if (host.platform === "darwin") return ["/Library/Application Support/pip"];
  const directories = (host.env["XDG_CONFIG_DIRS"] || "/etc/xdg").split(":").filter((path) => path !== "");
  return [...directories.map((path) => join(path, "pip")), "/etc"];
}

function userDirectory(host: Host): string {
  if (host.platform === "darwin") {
    const path = join(host.home, "Library", "Application Support", "pip");
    return isDirectory(path) ? path : join(host.home, ".config", "pip");
  }
  return join(host.env["XDG_CONFIG_HOME"] || join(host.home, ".config"), "pip");
}

function readSections(path: string): Map<string, Values> {
  const sections = new Map<string, Values>();
  const text = readTextIfExists(path);
  if (text === undefined) return sections;
  let parsed: ReturnType<typeof parseConfig>;
  try {
    parsed = parseConfig(text, { keepCase: false });
  } catch (error) {
    throw new NetworkConfigError(`Cannot read pip's configuration ${path}: ${messageOf(error)}`, {
      cause: error,
      hint: "repair the file, or ignore it with --no-use-pip-config",
    });
  }
  for (const [section, entries] of parsed) {
    const values: Values = new Map();
    for (const [name, value] of entries) note(values, { name, value, source: `\`${name}\` in ${path}` });
    sections.set(section, values);
  }
  return sections;
}

function environmentValues({ env }: Host): Values {
  const values: Values = new Map();
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith("PIP_") && value !== undefined)
      note(values, { name: name.slice(4), value, source: `\`${name}\`` });
  }
  return values;
}

function note(values: Values, { name, value, source }: { name: string; value: string; source: string }): void {
  if (value.trim() !== "") values.set(name.toLowerCase().replaceAll("_", "-").replace(/^--/, ""), { value, source });
}

function words(text: string | undefined): string[] {
  return text?.split(/\s+/).filter((word) => word !== "") ?? [];
}

const BOOLEANS: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(["y", "yes", "t", "true", "on", "1"].map((word) => [word, true])),
  ...Object.fromEntries(["n", "no", "f", "false", "off", "0"].map((word) => [word, false])),
};

function parseBoolean(values: Values, key: string): boolean {
  const found = values.get(key);
  if (!found) return false;
  const value = BOOLEANS[found.value.toLowerCase()];
  if (value === undefined) throw invalid(found, "write `true` or `false`");
  return value;
}

function parseNumber(values: Values, key: string): number | undefined {
  const found = values.get(key);
  if (!found) return undefined;
  const value = Number(found.value);
  if (!Number.isFinite(value) || value < 0) throw invalid(found, "write a number that is not negative");
  return value;
}

function invalid(
  { value, source }: { readonly value: string; readonly source: string },
  what: string,
): NetworkConfigError {
  return new NetworkConfigError(`Invalid value of pip's ${source}: \`${escapeControl(value)}\``, {
    hint: `${what}, or ignore pip's configuration with --no-use-pip-config`,
  });
}
