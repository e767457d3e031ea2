import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

const PROJECT = fileURLToPath(new URL("../../..", import.meta.url));

let directory = "";
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "pexjs-installation-"));
  cpSync(join(PROJECT, "bin"), join(directory, "bin"), { recursive: true });
  writeFileSync(join(directory, "package.json"), '{ "type": "module", "version": "1.2.3" }');
});
afterAll(() => rmSync(directory, { recursive: true }));

describe.each(["pex", "pex3", "pex-tools"])("%s of a fresh clone", (name) => {
  const run = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(join(directory, "bin", name), args, { encoding: "utf8" });
    return { status, stdout, stderr };
  };

  test("says in one line that it must be built", () => {
    expect(run("flask")).toEqual({
      status: 1,
      stdout: "",
      stderr: `${name}: the package is not built yet: run \`npm ci\`\n`,
    });
  });

  test("knows its version all the same", () => {
    expect(run("--version")).toEqual({ status: 0, stdout: "1.2.3\n", stderr: "" });
    expect(run("-V", "ignored").stdout).toBe("1.2.3\n");
  });
});

describe("the default index that is built in", () => {
  const ask = (env: Readonly<Record<string, string>>) => {
    const code = `import("${PROJECT}scripts/default-index.mjs").then(({ defaultIndex }) => console.log(defaultIndex()))`;
    return spawnSync(process.execPath, ["-e", code], { env, encoding: "utf8" });
  };

  test("is the one of $PEXJS_DEFAULT_INDEX, with a slash at its end", () => {
    expect(ask({ PEXJS_DEFAULT_INDEX: "https://index.example/simple" }).stdout).toBe("https://index.example/simple/\n");
  });

  test("else the constant of pip, whatever pip is configured to use", () => {
    const env = { PATH: process.env["PATH"] ?? "", HOME: directory };
    const answer = ask(env).stdout;
    expect(answer).toMatch(/^https:\/\/\S+\/simple\/\n$/);
    expect(ask({ ...env, PIP_INDEX_URL: "https://index.example/simple/" }).stdout).toBe(answer);
  });

  test("else the build fails and says what to do", () => {
    const { status, stderr } = ask({ PATH: directory });
    expect(status).not.toBe(0);
    expect(stderr).toContain("Install one, or set PEXJS_DEFAULT_INDEX to the address of a simple index");
  });
});
