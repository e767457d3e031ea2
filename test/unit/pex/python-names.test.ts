import { expect, test } from "vitest";

import { pythonNames } from "../../../src/pex/python-names.ts";

test("first the targets, then what constraints allow, then all from new to old, in the end names without a version", () => {
  const names = pythonNames(["python3.9", "pypy3.10"], ["CPython>=3.11,<3.14"]);
  expect(names.slice(0, 7)).toEqual([
    "python3.9",
    "pypy3.10",
    "python3.13",
    "python3.13t",
    "python3.12",
    "python3.11",
    "python3.16",
  ]);
  expect(names.slice(-6)).toEqual(["python3", "python2", "pypy3", "pypy2", "python", "pypy"]);
  expect(new Set(names).size).toBe(names.length);
});

test.each([
  ["CPython-t==3.13.*", ["python3.13"]],
  ["CPython+t==3.13.*", ["python3.13t"]],
  ["PyPy<3.7", ["pypy3.6", "pypy3.5", "pypy2.7"]],
  ["==2.7.*", ["python2.7", "pypy2.7"]],
  ["CPython==3.8.4", ["python3.8"]],
])("%s implies %j", (constraint, expected) => {
  expect(pythonNames([], [constraint]).slice(0, expected.length)).toEqual(expected);
  expect(pythonNames([], [constraint])[expected.length]).toMatch(/^python3\.1[56]$/);
});

test("several constraints are alternatives", () => {
  expect(pythonNames([], ["CPython-t==3.7.*", "CPython-t==3.9.*"]).slice(0, 2)).toEqual(["python3.9", "python3.7"]);
});
