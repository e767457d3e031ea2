import { expect, test } from "vitest";

import { parsePexInfo } from "../../../src/pex/pex-info-reader.ts";
import { DEFAULT_PEX_INFO, formatPexInfo, sealPexInfo, type PexInfo } from "../../../src/pex/pex-info.ts";
import { sha1, sha256 } from "../../../src/base/digest.ts";
import { normalizeName } from "../../../src/standards/project-name.ts";

const FULL: PexInfo = sealPexInfo({
  bindResourcePaths: { RES: "app/data" },
  bootstrapHash: "b".repeat(40),
  buildProperties: { pex_version: "1.0", nested: { list: [1, null, true] } },
  codeHash: "c".repeat(40),
  depsAreWheelFiles: true,
  distributions: { "a-1-py3-none-any.whl": "d".repeat(64) },
  emitWarnings: false,
  entryPoint: "app:main",
  excluded: ["x"],
  ignoreErrors: true,
  includesTools: true,
  inheritPath: "fallback",
  injectArgs: ["--größe", "a b"],
  injectEnv: { B: "2", A: "1" },
  injectPythonArgs: ["-W", "error"],
  interpreterConstraints: ["CPython<3.12,>=3.9"],
  interpreterSelectionStrategy: "newest",
  maxInstallJobs: 3,
  overridden: ["y"],
  pexHash: "",
  pexPaths: ["a.pex", "b.pex"],
  pexRoot: "~/root",
  requirements: ["a"],
  script: undefined,
  stripPexEnv: false,
  venv: true,
  venvBinPath: "prepend",
  venvCopies: true,
  venvHermeticScripts: false,
  venvSitePackagesCopies: true,
  venvSystemSitePackages: true,
  activationPlan: {
    roots: ["a"],
    distributions: [
      {
        file: "a-1-py3-none-any.whl",
        project: normalizeName("a"),
        version: "1",
        sha256: sha256("d"),
        requiresPython: undefined,
        requires: [],
      },
    ],
  },
  beforeArchive: { wheels: { "a-1-py3-none-any.whl": { distance: 5, size: 3 } }, sources: [{ distance: 2, size: 2 }] },
});

test("every field survives writing and reading", () => {
  expect(parsePexInfo(formatPexInfo(FULL))).toEqual(FULL);
  const plain = sealPexInfo(DEFAULT_PEX_INFO);
  expect(parsePexInfo(formatPexInfo(plain))).toEqual(plain);
});

test("the file has upstream's fields, is compact, sorted, ASCII and without a final newline", () => {
  expect(
    formatPexInfo({ ...DEFAULT_PEX_INFO, pexPaths: ["a", "b"], injectArgs: ["ü🐍"], requirements: ["b", "a"] }),
  ).toBe(
    '{"bind_resource_paths":{},"bootstrap_hash":"","build_properties":{},"code_hash":"","deps_are_wheel_files":false,' +
      '"distributions":{},"emit_warnings":true,"excluded":[],"ignore_errors":false,"includes_tools":false,' +
      '"inherit_path":"false","inject_args":["\\u00fc\\ud83d\\udc0d"],"inject_env":{},"inject_python_args":[],' +
      '"interpreter_constraints":[],"interpreter_selection_strategy":"oldest","max_install_jobs":0,"overridden":[],' +
      '"pex_hash":"","pex_path":"a:b","pex_paths":["a","b"],"requirements":["a","b"],"strip_pex_env":true,"venv":false,' +
      '"venv_bin_path":"false","venv_copies":false,"venv_hermetic_scripts":true,"venv_site_packages_copies":false,' +
      '"venv_system_site_packages":false}',
  );
});

test("the PEX hash is the SHA-1 of the file without it", () => {
  const text = formatPexInfo(FULL);
  expect(FULL.pexHash).toBe(sha1(text.replace(`"pex_hash":"${FULL.pexHash}",`, "")));
});

test("missing and unknown fields of other makers are no trouble", () => {
  expect(parsePexInfo('{"from_the_future":[1],"entry_point":null}')).toEqual(DEFAULT_PEX_INFO);
});

test.each([
  ['{"inherit_path":true}', { inheritPath: "prefer" }],
  ['{"inherit_path":false}', { inheritPath: "false" }],
  ['{"pex_path":"a.pex:b.pex"}', { pexPaths: ["a.pex", "b.pex"] }],
  ['{"pex_path":"a.pex","pex_paths":["b.pex"]}', { pexPaths: ["b.pex"] }],
  ['{"venv":true}', { venv: true, includesTools: true }],
  ['{"activation_plan":{"format":99}}', { activationPlan: undefined }],
])("reads the older or stranger form %s", (text, expected) => {
  expect(parsePexInfo(text)).toMatchObject(expected);
});

test.each([
  ["", "not valid JSON"],
  ["[]", "not a JSON object"],
  ['{"venv":1}', "venv of PEX-INFO is not true or false: 1"],
  ['{"distributions":{"a":1}}', "distributions"],
  ['{"requirements":"a"}', "a list of texts"],
  ['{"inherit_path":"maybe"}', "one of false, prefer, fallback"],
  ['{"max_install_jobs":1.5}', "an integer"],
])("refuses %s", (text, message) => {
  expect(() => parsePexInfo(text)).toThrow(
    expect.objectContaining({ code: "INVALID_PEX_INFO", message: expect.stringContaining(message) }),
  );
});

test("a field called __proto__ harms nobody", () => {
  expect(parsePexInfo('{"__proto__":{"venv":true},"inject_env":{"__proto__":"x"}}').venv).toBe(false);
});
