import { expect, test } from "vitest";

import { planHash } from "../../../src/pex/activation-plan.ts";
import { imageWheel, sampleImage, sourceFile } from "./sample-image.ts";

test("the info says what is inside: hashes, wheels, sorted requirements and the activation plan", () => {
  const flask = { ...imageWheel("flask-3.0.3-py3-none-any.whl"), requires: ["click>=8"], requiresPython: ">=3.8" };
  const click = imageWheel("click-8.1.7-py3-none-any.whl");
  const { info } = sampleImage({ requirements: ["flask", "click<9", "flask"], wheels: [flask, click, flask] });
  expect(info).toMatchObject({
    depsAreWheelFiles: true,
    requirements: ["click<9", "flask"],
    distributions: { [flask.stored.filename]: flask.stored.sha256, [click.stored.filename]: click.stored.sha256 },
    buildProperties: { builder: "pexjs", pex_version: "1.2.3" },
    codeHash: "da39a3ee5e6b4b0d3255bfef95601890afd80709",
  });
  expect(info.activationPlan).toEqual({
    roots: ["click<9", "flask"],
    distributions: [
      {
        file: "flask-3.0.3-py3-none-any.whl",
        project: "flask",
        version: "3.0.3",
        sha256: flask.stored.sha256,
        requiresPython: ">=3.8",
        requires: ["click>=8"],
      },
      expect.objectContaining({ file: "click-8.1.7-py3-none-any.whl", requiresPython: undefined }),
    ],
  });
});

const base = sampleImage({ sources: [sourceFile("a.py", "1")] });

test.each([
  ["other code", { sources: [sourceFile("a.py", "2")] }],
  ["another path", { sources: [sourceFile("b.py", "1")] }],
  ["an executable bit", { sources: [sourceFile("a.py", "1", 0o755)] }],
  ["a hidden file", { sources: [sourceFile("a.py", "1"), sourceFile(".env", "")] }],
  ["a wheel", { wheels: [imageWheel("x-1-py3-none-any.whl")] }],
  ["another entry point", { settings: { entryPoint: "a" } }],
  ["other arguments", { settings: { injectArgs: ["-v"] } }],
  ["another version of pexjs", { version: "1.2.4" }],
] as const)("%s makes another PEX hash", (_, parts) => {
  const other = sampleImage({ sources: [sourceFile("a.py", "1")], ...parts });
  expect(other.info.pexHash).not.toBe(base.info.pexHash);
});

test.each([
  ["the order of sources", { sources: [sourceFile("b.py", "2"), sourceFile("a.py", "1")] }],
  ["the order and repetition of requirements", { requirements: ["b", "a", "b"] }],
  ["the shebang", { shebang: "#!/bin/python" }],
  ["compression", { compress: false }],
  ["being ephemeral", { ephemeral: true }],
] as const)("%s does not change the PEX hash", (_, parts) => {
  const sources = [sourceFile("a.py", "1"), sourceFile("b.py", "2")];
  const one = sampleImage({ sources, requirements: ["a", "b"] });
  expect(sampleImage({ sources, requirements: ["a", "b"], ...parts }).info.pexHash).toBe(one.info.pexHash);
});

test("the order of wheels is part of what is activated", () => {
  const [a, b] = [imageWheel("a-1-py3-none-any.whl"), imageWheel("b-1-py3-none-any.whl")];
  const plans = [[a, b], [b, a], []].map((wheels) => planHash(sampleImage({ wheels }).info.activationPlan!));
  expect(new Set(plans).size).toBe(3);
  expect(plans[2]).toBe("");
});

test("a venv PEX includes the tools", () => {
  expect(sampleImage({ settings: { venv: true } }).info.includesTools).toBe(true);
  expect(sampleImage().info.includesTools).toBe(false);
});

test.each([
  ["__main__.py", "RESERVED_NAME"],
  ["__main__.pyc", "RESERVED_NAME"],
  ["PEX-INFO", "RESERVED_NAME"],
  [".bootstrap", "RESERVED_NAME"],
  [".bootstrap/x.py", "RESERVED_NAME"],
  [".deps/x.whl", "RESERVED_NAME"],
  ["__pex__/__init__.py", "RESERVED_NAME"],
  ["../x.py", "ZIP_TRAVERSAL"],
  ["/x.py", "ZIP_ABSOLUTE_PATH"],
])("the source %s is refused with %s", (path, code) => {
  expect(() => sampleImage({ sources: [sourceFile(path, "")] })).toThrow(expect.objectContaining({ code }));
});

test.each(["__main__.pyd", "app/__main__.py", "PEX-INFO.txt", ".bootstrap2/x", "pex.py", "pexjs_runtime/x.py"])(
  "the source %s is allowed",
  (path) => {
    expect(sampleImage({ sources: [sourceFile(path, "")] }).sources).toHaveLength(1);
  },
);

test("a reserved __main__.py comes with the way to do it", () => {
  expect(() => sampleImage({ sources: [sourceFile("__main__.py", "")] })).toThrow(
    expect.objectContaining({ hint: expect.stringContaining("--exe") }),
  );
});

test.each([
  ["two sources of one path", { sources: [sourceFile("a.py", "1"), sourceFile("a.py", "1")] }],
  ["a file below a file", { sources: [sourceFile("a", "1"), sourceFile("a.b", ""), sourceFile("a/b/c", "1")] }],
  ["two wheels of one name", { wheels: [imageWheel("a-1-py3-none-any.whl"), imageWheel("a-1-py3-none-any.whl", "x")] }],
])("%s are a conflict", (_, parts) => {
  expect(() => sampleImage(parts)).toThrow(expect.objectContaining({ code: "FILE_CONFLICT" }));
});
