import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

import { renderMainModule } from "../../../src/pex/main-module.ts";
import { DEFAULT_PEX_INFO } from "../../../src/pex/pex-info.ts";
import { pythonLiteral, type PythonValue } from "../../../src/pex/python-literal.ts";
import { installedPythons } from "../../support/interpreters.ts";
import { askPython } from "../../support/python-oracle.ts";

const BOOT = { layout: "zipapp", hasCode: true, codeKey: "", version: "1.0", ephemeral: false, shellKey: "" } as const;

test("the line FACTS is replaced by sorted facts, the rest of the template stays", () => {
  const info = { ...DEFAULT_PEX_INFO, entryPoint: "app:main", injectEnv: { B: "$&", A: "1" }, pexPaths: ["a"] };
  const text = renderMainModule("# FACTS = no\nFACTS = {}  # one line\nrun(FACTS)\n", info, BOOT);
  expect(text).toMatch(/^# FACTS = no\nFACTS = \{\n {4}"bind_resource_paths": \[\],\n/);
  expect(text).toMatch(/\n {4}"version": "1.0",\n\}\nrun\(FACTS\)\n$/);
  const lines = text.split("\n").filter((line) => line.startsWith("    "));
  expect(lines).toEqual(lines.toSorted());
  expect(lines).toContain('    "inject_env": [["A", "1"], ["B", "$&"]],');
  expect(lines).toContain('    "script": None,');
  expect(lines).toContain('    "strip_pex_env": True,');
});

test.each(["", "x = 1\n", "FACTS = {}\nFACTS = {}\n"])("the template %j is a mistake of ours", (template) => {
  expect(() => renderMainModule(template, DEFAULT_PEX_INFO, BOOT)).toThrow("FACTS");
});

const VALUES: readonly PythonValue[] = [
  "",
  "plain",
  "quote\" and ' and \\ and \\u00e9",
  "line\nreturn\rtab\tnul\0bell\u0007delete\u007f",
  "größe",
  "日本 🐍 \u2028\u00a0\ufeff",
  "mixed é\n\0\\x41",
  [
    ["A", "ü"],
    ["b", []],
  ],
  [true, false, undefined, 0, 42],
  "#{}%s$& '''\"\"\"",
];

test("literals mean the same to Python 3", () => {
  const script = "import ast\ndef answer(text): return ast.literal_eval(text)";
  expect(askPython(script, VALUES.map(pythonLiteral))).toEqual(JSON.parse(JSON.stringify(VALUES)));
});

const python2 = installedPythons().find((path) => path.endsWith("python2.7"));

test.skipIf(python2 === undefined)("literals mean the same to Python 2", () => {
  const program = "import json, sys, ast\nprint(json.dumps([ast.literal_eval(t) for t in json.load(sys.stdin)]))";
  const child = spawnSync(python2 ?? "", ["-c", program], { input: JSON.stringify(VALUES.map(pythonLiteral)) });
  expect(JSON.parse(child.stdout.toString())).toEqual(JSON.parse(JSON.stringify(VALUES)));
});

test("literals are ASCII on one line", () => {
  for (const value of VALUES) expect(pythonLiteral(value)).toMatch(/^[ -~]*$/);
});
