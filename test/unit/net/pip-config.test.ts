import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { Host } from "../../../src/base/host.ts";
import { readPipConfig } from "../../../src/net/pip-config.ts";

// What pip itself can judge is in test/conformance/pip-config.test.ts.

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "pexjs-pip-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function host(env: Readonly<Record<string, string>> = {}, platform = "linux"): Host {
  return { platform, env: { XDG_CONFIG_DIRS: "/nonexistent", ...env }, cwd: home, home, tmp: home, cores: 1 };
}

function write(path: string, text: string): string {
  const absolute = join(home, path);
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, text);
  return absolute;
}

test("the active virtual environment counts more than the user's file", () => {
  write(".config/pip/pip.conf", "[global]\nindex-url = https://user.example/\nproxy = http://user.example\n");
  write("venv/pip.conf", "[global]\nindex-url = https://venv.example/\n");
  expect(readPipConfig(host({ VIRTUAL_ENV: join(home, "venv") }))).toMatchObject({
    indexUrl: "https://venv.example/",
    proxy: "http://user.example",
  });
});

test("what is said to `pip download` counts, and what is said to other commands does not", () => {
  write(".pip/pip.conf", "[global]\nretries = 1\n[download]\nretries = 2\n[list]\nretries = 3\n");
  expect(readPipConfig(host()).retries).toBe(2);
});

test("on a Mac the file lies in the user's library, if there is one", () => {
  write(".config/pip/pip.conf", "[global]\nproxy = http://config.example\n");
  expect(readPipConfig(host({}, "darwin")).proxy).toBe("http://config.example");
  write("Library/Application Support/pip/pip.conf", "[global]\nproxy = http://library.example\n");
  expect(readPipConfig(host({}, "darwin")).proxy).toBe("http://library.example");
});

test("the keyring, and a certificate below ~", () => {
  const env = { PIP_KEYRING_PROVIDER: "subprocess", PIP_CERT: "~/ca.pem", PIP_DEFAULT_TIMEOUT: "180" };
  expect(readPipConfig(host(env))).toMatchObject({
    keyringProvider: "subprocess",
    cert: join(home, "ca.pem"),
    timeout: 180,
  });
});

test.each([
  ["PIP_TIMEOUT", { PIP_TIMEOUT: "soon" }, "Invalid value of pip's `PIP_TIMEOUT`: `soon`"],
  ["PIP_NO_INDEX", { PIP_NO_INDEX: "maybe" }, "Invalid value of pip's `PIP_NO_INDEX`: `maybe`"],
])("nonsense in %s is told with its source", (_, env, message) => {
  expect(() => readPipConfig(host(env))).toThrow(expect.objectContaining({ code: "NETWORK_CONFIG", message }));
});

test("a broken file is told by its path, and how to do without it", () => {
  const path = write(".config/pip/pip.conf", "index-url = https://index.example/\n");
  expect(() => readPipConfig(host())).toThrow(
    expect.objectContaining({
      code: "NETWORK_CONFIG",
      message: expect.stringContaining(`Cannot read pip's configuration ${path}: `),
      hint: expect.stringContaining("--no-use-pip-config"),
    }),
  );
});
