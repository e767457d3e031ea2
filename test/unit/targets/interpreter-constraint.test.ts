import { describe, expect, test } from "vitest";

import {
  InvalidInterpreterConstraint,
  parseInterpreterConstraint,
  satisfiesConstraint,
  UnsatisfiableInterpreterConstraint,
} from "../../../src/targets/interpreter-constraint.ts";

describe("an interpreter constraint", () => {
  test.each([
    ["CPython>=3.9,<3.12", "CPython<3.12,>=3.9"],
    [">=3.9,<3.12", "<3.12,>=3.9"],
    ["CPython", "CPython"],
    ["PyPy", "PyPy"],
    ["PyPy>=3.9", "PyPy>=3.9"],
    ["CPython+t>=3.13", "CPython+t>=3.13"],
    ["CPython[free-threaded]==3.13.*", "CPython+t==3.13.*"],
    ["CPython-t", "CPython-t"],
    ["CPython[gil]>=3.8", "CPython-t>=3.8"],
    ["CPython!=3.8.*,<4,>=3", "CPython!=3.8.*,<4,>=3"],
    ["CPython===3.8.1", "CPython===3.8.1"],
    [" CPython >= 3.8 , < 4 ", "CPython<4,>=3.8"],
    ["CPython+t==3.13.0rc1", "CPython+t==3.13.0rc1"],
  ])("%s has the normal form %s", (text, normal) => {
    expect(parseInterpreterConstraint(text).text).toBe(normal);
    expect(parseInterpreterConstraint(normal).text).toBe(normal);
  });

  test.each([
    "",
    "3.9",
    "Jython==2.7",
    "cpython>=3",
    "PyPy+t",
    "PyPy[gil]",
    "CPython[foo]",
    "CPython[gil,free-threaded]",
    "CPython3.9",
    "CPython>=",
    "CPython + t",
    "CPython==3.9; os_name=='x'",
    "CPython(>=3.8)",
  ])("%j is refused", (text) => {
    expect(() => parseInterpreterConstraint(text)).toThrow(InvalidInterpreterConstraint);
  });

  test("that is a bare version is refused with the right spelling as hint", () => {
    expect(() => parseInterpreterConstraint("3.9")).toThrow(
      new InvalidInterpreterConstraint("Not an interpreter constraint: 3.9", { hint: "write `==3.9.*` for every 3.9" }),
    );
  });

  test.each([">=3.8,<3.8", "CPython==3.8,==3.9", "==2.7,==3.9.*", "CPython+t<3.13", "CPython>3.9,<=3.9"])(
    "%s is refused because nothing can satisfy it",
    (text) => {
      expect(() => parseInterpreterConstraint(text)).toThrow(UnsatisfiableInterpreterConstraint);
    },
  );
});

describe("an interpreter", () => {
  const CPYTHON = { implementation: "CPython", freeThreaded: false, version: [3, 11, 7] as const };
  const THREADED = { implementation: "CPython", freeThreaded: true, version: [3, 13, 1] as const };
  const PYPY = { implementation: "PyPy", freeThreaded: false, version: [3, 10, 14] as const };
  /** Such as 3.15.0rc2, which pip takes for 3.15.0 when it looks at Requires-Python. */
  const UNRELEASED = { implementation: "CPython", freeThreaded: false, version: [3, 15, 0] as const };

  test.each([
    [
      CPYTHON,
      ["CPython", "CPython-t", ">=3", "==3.11.*", "CPython==3.11.7", "~=3.11.2"],
      ["PyPy", "CPython+t", "<3.11", "==3.11", "==3.11.2"],
    ],
    [THREADED, ["CPython", "CPython+t", ">=3.13", "CPython+t==3.13.*"], ["CPython-t", "PyPy", "<3.13"]],
    [PYPY, ["PyPy", ">=3.9", "PyPy==3.10.*"], ["CPython", "CPython>=3.9", "PyPy>=3.11"]],
    [UNRELEASED, ["CPython", "CPython>=3.14", ">=3.15.0a1", ">=3.15"], ["<3.15", "==3.14.*"]],
  ])("$implementation $version satisfies some constraints and no others", (interpreter, fitting, others) => {
    const satisfied = [...fitting, ...others].filter((text) =>
      satisfiesConstraint(interpreter, parseInterpreterConstraint(text)),
    );
    expect(satisfied).toEqual(fitting);
  });
});
