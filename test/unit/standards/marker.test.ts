import { describe, expect, test } from "vitest";

import type { MarkerEnvironment } from "../../../src/standards/marker-environment.ts";
import {
  decideMarker,
  evaluateMarker,
  formatMarker,
  InvalidMarker,
  parseMarker,
  UndefinedMarkerComparison,
  UndefinedMarkerVariable,
} from "../../../src/standards/marker.ts";

const ENVIRONMENT: MarkerEnvironment = {
  os_name: "posix",
  platform_python_implementation: "CPython",
  python_full_version: "3.13.0rc1",
  python_version: "3.13",
  platform_release: "5.15.0-generic",
  sys_platform: "linux",
};

describe("evaluation", () => {
  test.each([
    ["python_version >= '3.9'", true],
    ["python_version < '3.9'", false],
    ["'3.9' <= python_version", true],
    ["'3.13' == python_version", true],
    ["python_version in '3.12 3.13'", true],
    ["python_version not in '3.12 3.13'", false],
    ["python_version == '3.*'", true],
    ["python_version ~= '3.9'", true],
    ["python_version === '3.13'", true],
    ["python_full_version < '3.13'", false],
    ["python_full_version >= '3.13.0rc1'", true],
    ["platform_release >= '5'", false],
    ["platform_release != 'x'", true],
    ["sys_platform == 'linux'", true],
    ["sys_platform >= 'linux'", true],
    ["sys_platform > 'aaa'", false],
    ["'lin' in sys_platform", true],
    ["os.name == 'posix' and python_implementation == 'CPython'", true],
    ["os_name == 'nt' and python_version > '2' or sys_platform == 'linux'", true],
    ["os_name == 'nt' and (python_version > '2' or sys_platform == 'linux')", false],
    ["extra == ''", true],
    ["extra == 'test'", false],
  ])("%s is %s", (text, expected) => {
    expect(evaluateMarker(parseMarker(text), ENVIRONMENT, undefined)).toBe(expected);
  });

  test("names of extras are compared in their normalised form", () => {
    const marker = parseMarker('extra == "Test_Extra"');
    expect(evaluateMarker(marker, ENVIRONMENT, "test.EXTRA")).toBe(true);
    expect(evaluateMarker(marker, ENVIRONMENT, "other")).toBe(false);
  });

  test.each(["platform_machine == 'x86_64'", "'x' in extras", "'a' == 'constructor'", "'a' == '__proto__'"])(
    "%s needs what the environment does not tell",
    (text) => {
      expect(() => evaluateMarker(parseMarker(text), ENVIRONMENT, undefined)).toThrow(UndefinedMarkerVariable);
    },
  );

  test.each([
    ["platform_machine == 'x' and extra == 'test'", undefined, false],
    ["platform_machine == 'x' and sys_platform == 'linux'", undefined, "missing"],
    ["platform_machine == 'x' and extra == 'test'", "test", "missing"],
    ["platform_machine == 'x' or sys_platform == 'linux'", undefined, true],
    ["platform_machine == 'x' or extra == 'test'", undefined, "missing"],
    ["(platform_machine == 'x' or extra == 'test') and os_name == 'nt'", undefined, false],
    ["(platform_machine == 'x' and extra == 'test') or os_name == 'posix'", undefined, true],
    ["python_version < '3' or os_name == 'posix' and extra == 'test'", "test", true],
  ] as const)("deciding %s with extra %s: %s", (text, extra, expected) => {
    const decide = (): boolean => decideMarker(parseMarker(text), ENVIRONMENT, extra);
    if (expected === "missing") expect(decide).toThrow(UndefinedMarkerVariable);
    else expect(decide()).toBe(expected);
  });

  test("a missing variable does no harm where the answer does not depend on it", () => {
    const missing = "platform_machine == 'x86_64'";
    expect(evaluateMarker(parseMarker(`sys_platform == 'linux' or ${missing}`), ENVIRONMENT, undefined)).toBe(true);
    expect(evaluateMarker(parseMarker(`sys_platform == 'win32' and ${missing}`), ENVIRONMENT, undefined)).toBe(false);
    expect(() => evaluateMarker(parseMarker(`${missing} or sys_platform == 'linux'`), ENVIRONMENT, undefined)).toThrow(
      'The target does not define `platform_machine`, which this marker needs: platform_machine == "x86_64"',
    );
  });

  test("texts cannot be compatible or identical", () => {
    expect(() => evaluateMarker(parseMarker("os_name ~= 'posix'"), ENVIRONMENT, undefined)).toThrow(
      UndefinedMarkerComparison,
    );
  });
});

describe("the printed form", () => {
  test.each([
    ["os_name=='a'", 'os_name == "a"'],
    ["((os_name == 'a'))", 'os_name == "a"'],
    ["(os_name == 'a' or os_name == 'b')", 'os_name == "a" or os_name == "b"'],
    ["(os_name=='a' or os_name=='b') and os_name=='c'", '(os_name == "a" or os_name == "b") and os_name == "c"'],
    ["(os_name=='a' and os_name=='b') or os_name=='c'", '(os_name == "a" and os_name == "b") or os_name == "c"'],
    ["os_name=='a' and os_name=='b' or os_name=='c'", 'os_name == "a" and os_name == "b" or os_name == "c"'],
    ["'say \"x\"' in os_name", "'say \"x\"' in os_name"],
    ["'a' not   in os_name", '"a" not in os_name'],
    ["sys.platform == 'a'", 'sys_platform == "a"'],
    ["extra == 'A_b'", 'extra == "a-b"'],
    ["'A_b' == extra", '"a-b" == extra'],
    ["'A_b' in dependency_groups", '"a-b" in dependency_groups'],
  ])("%s prints as %s", (text, expected) => {
    const marker = parseMarker(text);
    expect(formatMarker(marker)).toBe(expected);
    expect(parseMarker(expected)).toEqual(marker.kind === "comparison" ? marker : { ...marker, grouped: false });
  });

  test("both kinds of quotes survive", () => {
    const marker = parseMarker(`os_name == "a\\x22b'c"`);
    expect(parseMarker(formatMarker(marker))).toEqual(marker);
  });
});

describe("malformed markers", () => {
  test.each([
    ["", "Expected a marker variable or quoted text"],
    ["os_name", "Expected a comparison: one of ==, !=, <, <=, >, >=, ~=, ===, in, not in"],
    ["os_name == posix", "Unknown marker variable: `posix`"],
    ["os_name == 'a' and", "Expected a marker variable or quoted text"],
    ["os_name == 'a' andos_name == 'b'", "Expected `and`, `or` or the end of the marker"],
    ["os_name inos_name", "Expected a comparison: one of ==, !=, <, <=, >, >=, ~=, ===, in, not in"],
    ["(os_name == 'a'", "Expected `and`, `or`, or the `)` that closes this parenthesis"],
    ["os_name == 'a')", "Expected `and`, `or` or the end of the marker"],
    ["os_name == 'a", "The quoted text is not closed"],
    ["os_name == 'a\\x'", "Invalid quoted text"],
    ["os_name not 'a'", "Expected `in` after `not`"],
    ["platform.system == 'a'", "Unknown marker variable: `platform.system`"],
    [`${"(".repeat(10_000)}os_name == 'a'${")".repeat(10_000)}`, "The marker has too many nested parentheses"],
  ])("%j", (text, what) => {
    expect(() => parseMarker(text)).toThrow(expect.objectContaining({ constructor: InvalidMarker, what }));
  });
});
