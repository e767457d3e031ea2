import { describe, expect, test } from "vitest";

import { formatMarker } from "../../../src/standards/marker.ts";
import {
  formatRequirement,
  InvalidRequirement,
  parseRequirement,
  type Requirement,
} from "../../../src/standards/requirement.ts";
import { formatSpecifierSet } from "../../../src/standards/specifier.ts";

describe("the parts of a requirement", () => {
  test.each([
    ["flask", { project: "flask" }],
    ["  Flask_Login  ", { name: "Flask_Login", project: "flask-login" }],
    ["flask>=1,<2", { specifier: "<2,>=1" }],
    ["flask (>=1 , <2)", { specifier: "<2,>=1" }],
    ["flask(==1.*)", { specifier: "==1.*" }],
    ["flask ()", { specifier: "" }],
    ["flask>=1,", { specifier: ">=1" }],
    ["flask===1.0;os_name=='a'", { specifier: "===1.0", marker: 'os_name == "a"' }],
    ["uvicorn[Standard, extra_2,standard]", { extras: ["extra-2", "standard"] }],
    ["uvicorn[]", { extras: [] }],
    ["x @ https://files.example/x.whl", { url: "https://files.example/x.whl" }],
    ["x@https://files.example/x;y ; os_name == 'a'", { url: "https://files.example/x;y", marker: 'os_name == "a"' }],
    ["x[y]>=1 ; python_version < '3'", { extras: ["y"], specifier: ">=1", marker: 'python_version < "3"' }],
  ])("%j", (text, expected) => {
    expect(partsOf(parseRequirement(text))).toMatchObject(expected);
    expect(parseRequirement(text).text).toBe(text);
  });

  test("the printed form keeps the spelling of names and sorts the rest", () => {
    const requirement = parseRequirement("Flask_X[B,a,B]>=1,<2;os_name=='a'");
    expect(formatRequirement(requirement)).toBe('Flask_X[B,a]<2,>=1; os_name == "a"');
    expect(formatRequirement(parseRequirement("x@ file:///x.whl ;os_name=='a'"))).toBe(
      'x @ file:///x.whl ; os_name == "a"',
    );
  });
});

describe("malformed requirements", () => {
  test.each([
    ["", "expected a project name, found nothing", "\n^"],
    ["./app", "expected a project name", "./app\n^^^^^"],
    ["flask==", "expected a version after `==`", "flask==\n     ^^"],
    ["flask=1.0", "`=` is no comparison operator", "flask=1.0\n     ^^^^"],
    ["flask 3.0", "expected a version specifier, `@`, `;` or the end after the project name", "flask 3.0\n      ^^^"],
    ["flask>1 <2", "expected a comma before this clause", "flask>1 <2\n        ^^"],
    ["flask>=3.*", "`.*` can only be used with `==` and `!=`", "flask>=3.*\n        ^^"],
    ["flask===a,b", "expected a comparison operator", "flask===a,b\n          ^"],
    ["flask[a b]", "expected a comma between extras, or the `]` that closes them", "flask[a b]\n     ^^^^"],
    ["flask (>=1", "expected the `)` that closes this parenthesis", "flask (>=1\n      ^^^^"],
    ["flask @", "expected a URL after `@`", "flask @\n       ^"],
    ["https://a.example/b", "a URL needs a project name before it", "https://a.example/b\n     ^^^^^^^^^^^^^^"],
    ["flask; os_nam=='a'", "unknown marker variable: `os_nam`", "flask; os_nam=='a'\n       ^^^^^^"],
    ["flask>1\u001b[31m", "expected a comma, `;` and a marker, or the end", "flask>1\\x1b[31m\n       ^"],
  ])("%j: %s", (text, what, frame) => {
    const indented = frame.replace(/^/gm, "    ");
    expect(() => parseRequirement(text)).toThrow(InvalidRequirement);
    expect(() => parseRequirement(text)).toThrow(`Invalid requirement: ${what}\n${indented}`);
  });

  test.each([
    ["flask 3.0", "Did you mean `flask==3.0`?"],
    ["flask~=3", "Write `~=1.0`, or `>=1` to set no upper bound"],
    ["flask; python_verison > '3'", "Did you mean `python_version`?"],
    ["flask; python_version > 3", 'Did you mean `"3"`?'],
  ])("%j has a hint", (text, hint) => {
    expect(() => parseRequirement(text)).toThrow(expect.objectContaining({ hint }));
  });

  test("the message about an endless line shows only the faulty place", () => {
    expect(() => parseRequirement(`flask>=1,${"<2,".repeat(100_000)}!${"x".repeat(100_000)}`)).toThrow(
      /^[^]{100,600}$/,
    );
  });
});

test.each([
  ["spaces", `flask${" ".repeat(200_000)}!`],
  ["clauses", `flask${">=1,".repeat(50_000)}!`],
  ["spaces between clauses", `flask>=1${" ".repeat(200_000)}!`],
  ["a name", `${"a-".repeat(200_000)}!`],
  ["extras", `flask[${"a,".repeat(100_000)}!`],
  ["parentheses", `flask; ${"(".repeat(200_000)}`],
])("a hostile line of %s is refused in no time", (_title, text) => {
  const start = performance.now();
  expect(() => parseRequirement(text)).toThrow(InvalidRequirement);
  expect(performance.now() - start).toBeLessThan(2_000);
});

function partsOf(requirement: Requirement): Record<string, unknown> {
  const { name, project, extras, specifier, url, marker } = requirement;
  const shown = {
    specifier: formatSpecifierSet(specifier),
    marker: marker === undefined ? undefined : formatMarker(marker),
  };
  return { name, project, extras, url, ...shown };
}
