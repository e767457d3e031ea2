import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

import { bootFiles } from "../../../src/pex/boot-files.ts";
import { readRuntimeFiles } from "../../../src/pex/runtime-files.ts";
import { parsePythonShebang, renderShellHead, type ShellBoot } from "../../../src/pex/shell-boot.ts";
import { DEFAULT_PEX_INFO } from "../../../src/pex/pex-info.ts";
import { shellLiteral } from "../../../src/pex/shell-literal.ts";
import { pythonVersions } from "../../support/python-versions.ts";
import { sampleImage } from "./sample-image.ts";

const folder = mkdtempSync(join(tmpdir(), "pexjs-shell-"));
afterAll(() => rmSync(folder, { recursive: true }));

const HOSTILE = [
  "",
  "a b",
  "it's",
  "''",
  "'''",
  "\\",
  "a\\'b\\\\",
  '$HOME `id` "x" *',
  "a\nb",
  "日本 é",
  "-x",
  "\\u12",
  "end'",
];
const SHELLS = ["dash", "bash", "sh", "busybox"].filter((name) => spawnSync(name, ["-c", ":"]).error === undefined);

test.each(SHELLS.filter((name) => name !== "busybox"))("words mean the same to %s", (shell) => {
  const words = HOSTILE.map(shellLiteral).join(" ");
  const { stdout } = spawnSync(shell, ["-c", `printf '%s\\0' ${words}`], { encoding: "utf8" });
  expect(stdout.split("\0").slice(0, -1)).toEqual(HOSTILE);
});

const SHELL: ShellBoot = { python: undefined, options: [], names: ["python3.11", "python3"] };

describe("the head", () => {
  const template = readRuntimeFiles().shell;
  const render = (shell: Partial<ShellBoot>, info = {}): string =>
    renderShellHead(template, {
      shell: { ...SHELL, ...shell },
      info: { ...DEFAULT_PEX_INFO, ...info },
      layout: "zipapp",
      key: "0123",
    });

  test("is short enough for one read of a shell, and valid for every one", () => {
    const text = render({ python: "/it's/py\\thon", options: ["-X", "it's"] }, { pexRoot: "/a b/$c" });
    expect(Buffer.byteLength(text)).toBeLessThan(8192);
    for (const shell of SHELLS) {
      const arguments_ = shell === "busybox" ? ["sh", "-n"] : ["-n"];
      expect(spawnSync(shell, arguments_, { input: text, encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
    }
  });

  test("gives Python the options of --python-shebang, then those of --inject-python-args", () => {
    const text = render({ options: ["-s"] }, { injectPythonArgs: ["-W", "a b"] });
    expect(text).toContain(`exec "$_pex_program" '-s' '-W' 'a b' "$@"`);
    expect(text).toContain("_pex_stage='arguments'\n");
  });

  test("leaves environments to the runtime with a preamble, and with the option that ends them", () => {
    const parts = { shell: SHELL, info: { ...DEFAULT_PEX_INFO, venv: true }, layout: "zipapp", key: "0123" } as const;
    expect(renderShellHead(template, { ...parts, preamble: "print()" })).toContain("_pex_venv=''\n");
    expect(render({ options: ["-sSE"] }, { venv: true })).toContain("_pex_venv=''\n");
    expect(render({ options: ["-sE"] }, { venv: true })).toContain("_pex_venv='1'\n");
  });

  test("goes into no environment that is made of other PEX files too", () => {
    expect(render({}, { venv: true })).toContain("_pex_venv='1'\n");
    expect(render({}, { venv: true, pexPaths: ["other.pex"] })).toContain("_pex_venv=''\n");
  });

  test("changes nothing in the environment but what the runtime takes out again", () => {
    const assigned = [...template.matchAll(/^\s*(?:export )?(\w+)=|^\s*for (\w+)/gm)].map(([, a, b]) => a ?? b);
    expect(assigned.filter((name) => !/^(?:_pex_\w+|__PEXJS_\w+|IFS)$/.test(name ?? ""))).toEqual([]);
  });

  test("leaves to the runtime what the runtime says must be left to it", () => {
    const outside = /^OUTSIDE = \(([^)]*)\)/m.exec(
      Buffer.from(
        readRuntimeFiles()
          .bootstrap.find(({ path }) => path.endsWith("venv/__init__.py"))
          ?.read() ?? [],
      ).toString(),
    )?.[1];
    const names = [...(outside ?? "").matchAll(/"(\w+)"/g)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(5);
    expect([...template.matchAll(/\{(PEX_\w+)\+x\}/g)].map(([, name]) => name)).toEqual(names);
  });
});

describe("for a directory", () => {
  const image = sampleImage({
    shell: { ...SHELL, python: "/it's/'''py\\thon é", options: ["\\N"] },
    settings: { pexRoot: "/ro\\ot'''" },
    runtime: readRuntimeFiles(),
  });

  test.each(pythonVersions())("`__main__.py` is valid for a shell and for Python $name", ({ path }) => {
    const file = join(folder, "__main__.py");
    writeFileSync(file, bootFiles(image, "packed").program);
    const compile = "import sys\nwith open(sys.argv[1], 'rb') as s: compile(s.read(), 'main', 'exec', 0, True)";
    const { status, stderr } = spawnSync(path, ["-W", "error", "-c", compile, file], { encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
    expect(spawnSync("sh", ["-n"], { input: readFileSync(file, "utf8").split("\n'''\n")[0] ?? "" }).status).toBe(0);
  });
});

test("files that differ in anything have different keys", () => {
  const key = (parts = {}, layout: "zipapp" | "packed" = "zipapp"): string =>
    /"sh_boot": "(\w{32})"/.exec(
      bootFiles(sampleImage({ shell: SHELL, runtime: readRuntimeFiles(), ...parts }), layout).main,
    )?.[1] ?? "";
  const keys = [
    key(),
    key({}, "packed"),
    key({ shell: { ...SHELL, names: ["python3"] } }),
    key({ shell: { ...SHELL, options: ["-s"] } }),
    key({ settings: { venv: true } }),
    key({ version: "2" }),
  ];
  expect(new Set(keys).size).toBe(keys.length);
  expect(key()).toBe(keys[0]);
});

describe("--python-shebang", () => {
  test.each([
    ["/opt/py thon", { python: "/opt/py", options: ["thon"] }],
    ["#!/usr/bin/env python3.9", { python: undefined, name: "python3.9", options: [] }],
    ["/usr/bin/env -S python3 -sE", { python: undefined, name: "python3", options: ["-sE"] }],
    ["python3.12", { python: undefined, name: "python3.12", options: [] }],
  ])("%s", (text, expected) => {
    expect(parsePythonShebang(text)).toEqual(expected);
  });

  test.each(["/usr/bin/env", "/usr/bin/env -i python3", "/usr/bin/env A=1 python3", "./python", "'/opt/python'"])(
    "%s is refused",
    (text) => {
      expect(() => parsePythonShebang(text)).toThrow(/^With --sh-boot this is no use as --python-shebang: /);
    },
  );
});
