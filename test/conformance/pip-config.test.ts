import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { expect, test } from "vitest";

import { readPipConfig, type PipConfig } from "../../src/net/pip-config.ts";
import { askPython } from "../support/python-oracle.ts";
import { SeededRandom } from "../support/seeded-random.ts";

const PYTHON = `
import contextlib, io, os
from pip._internal.commands import create_command
before = dict(os.environ)
def answer(env):
    os.environ.clear()
    os.environ.update({key: value for key, value in before.items() if not key.startswith(("PIP_", "XDG_"))})
    os.environ.update(env)
    try:
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            values = create_command("install").parser.get_default_values()
    except SystemExit:
        return "error"
    return {
        "indexUrl": values.index_url, "extraIndexUrls": values.extra_index_urls, "findLinks": values.find_links,
        "noIndex": bool(values.no_index), "trustedHosts": values.trusted_hosts, "cert": values.cert,
        "clientCert": values.client_cert, "proxy": values.proxy, "timeout": values.timeout, "retries": values.retries,
    }
`;

const VALUES: Readonly<Record<string, readonly string[]>> = {
  "index-url": ["https://one.example/simple", "https://two.example/simple", ""],
  "extra-index-url": [
    "https://a.example/",
    "https://a.example/ https://b.example/",
    "\n  https://c.example/\n  https://d.example/",
  ],
  "find-links": ["house", "house\n  garden", ""],
  "no-index": ["true", "no", "1", "off", "maybe"],
  "trusted-host": ["index.example", "index.example a.example:8080"],
  cert: ["/etc/ca.pem"],
  "client-cert": ["/etc/client.pem"],
  proxy: ["http://proxy.example:3128"],
  timeout: ["60", "7"],
  retries: ["0", "9"],
  "cache-dir": ["/nowhere"],
};
const KEYS = Object.keys(VALUES);

function spelled(random: SeededRandom, key: string): string {
  return random.chance(0.2) ? key.replaceAll("-", "_") : random.chance(0.1) ? key.toUpperCase() : key;
}

function configText(random: SeededRandom): string {
  const sections = ["global", "install", "list"].filter(() => random.chance(0.6));
  const body = sections.map((section) => {
    const keys = KEYS.filter(() => random.chance(0.25));
    const lines = keys.map((key) => `${spelled(random, key)} = ${random.pick(VALUES[key] ?? [])}`);
    return `[${section}]\n${lines.join("\n")}\n`;
  });
  return body.join("\n");
}

/** Files below a home, and the variables that lead to them. */
function surroundings(random: SeededRandom, home: string): Record<string, string> {
  const env: Record<string, string> = { HOME: home, XDG_CONFIG_DIRS: join(home, "xdg") };
  const files = ["xdg/pip/pip.conf", ".pip/pip.conf", ".config/pip/pip.conf", "own.conf"];
  for (const file of files) {
    if (random.chance(0.4)) continue;
    mkdirSync(dirname(join(home, file)), { recursive: true });
    writeFileSync(join(home, file), configText(random));
  }
  if (random.chance(0.3))
    env["PIP_CONFIG_FILE"] = random.pick([join(home, "own.conf"), join(home, "missing.conf"), "/dev/null"]);
  for (const key of KEYS) {
    if (random.chance(0.15)) env[`PIP_${key.toUpperCase().replaceAll("-", "_")}`] = random.pick(VALUES[key] ?? []);
  }
  return env;
}

function ours(env: Record<string, string>, home: string): Partial<PipConfig> | "error" {
  try {
    return readPipConfig({ platform: "linux", env, cwd: home, home, tmp: home, cores: 1 });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "NETWORK_CONFIG") return "error";
    throw error;
  }
}

test("pip's configuration is read as pip itself reads it", () => {
  const random = new SeededRandom(2008);
  const homes: string[] = [];
  try {
    const cases = random.times(150, () => {
      const home = mkdtempSync(join(tmpdir(), "pexjs-pip-"));
      homes.push(home);
      return { home, env: surroundings(random, home) };
    });
    const [{ indexUrl, timeout, retries, proxy } = {}] = askPython<Record<string, unknown>>(PYTHON, [
      { HOME: "/nonexistent", XDG_CONFIG_DIRS: "/nonexistent" },
    ]);
    const defaults: Record<string, unknown> = { indexUrl, timeout, retries, proxy };
    const answers = askPython<Record<string, unknown> | "error">(
      PYTHON,
      cases.map(({ env }) => env),
    );
    for (const [number, { env, home }] of cases.entries()) {
      const read = ours(env, home);
      const expected = answers[number];
      if (read === "error" || expected === "error") {
        expect([number, env, read]).toEqual([number, env, expected]);
        continue;
      }
      for (const [key, value] of Object.entries(expected ?? {})) {
        expect([number, key, read[key as keyof PipConfig] ?? defaults[key] ?? null]).toEqual([number, key, value]);
      }
    }
    expect(answers.filter((answer) => answer !== "error").length).toBeGreaterThan(50);
  } finally {
    for (const home of homes) rmSync(home, { recursive: true, force: true });
  }
});
