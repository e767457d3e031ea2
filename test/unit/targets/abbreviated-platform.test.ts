import { describe, expect, test } from "vitest";

import {
  formatPlatform,
  parseManylinux,
  parsePlatform,
  platformTarget,
} from "../../../src/targets/abbreviated-platform.ts";
import type { Target } from "../../../src/targets/target.ts";
import { formatVersion } from "../../../src/standards/version.ts";

/** The target of a platform with four fields. */
function target(text: string, manylinux?: string | false): Target {
  const wish = parsePlatform(text);
  if (wish.kind !== "platform") throw new Error(`${text} is a ${wish.kind}`);
  return platformTarget(wish.platform, parseManylinux(manylinux));
}

describe("a platform is read from", () => {
  test.each([
    ["linux_x86_64-cp-36-cp36m", "linux_x86_64-cp-36-cp36m"],
    ["linux-x86_64-cp-36-cp36m", "linux_x86_64-cp-36-cp36m"],
    ["linux-x86_64-cp-3.6-cp36m", "linux_x86_64-cp-36-cp36m"],
    ["linux-x86_64-cp-36-m", "linux_x86_64-cp-36-cp36m"],
    ["linux-x86_64-cp-27-mu", "linux_x86_64-cp-27-cp27mu"],
    ["linux_x86_64-cp-3.10.1-cp310", "linux_x86_64-cp-3.10.1-cp310"],
    ["linux_aarch64-cp-313-t", "linux_aarch64-cp-313-cp313t"],
    ["linux_x86_64-cp-310-abi3", "linux_x86_64-cp-310-abi3"],
    ["linux_x86_64-cp-310-none", "linux_x86_64-cp-310-none"],
    ["linux_x86_64-pp-3.10-pypy310_pp73", "linux_x86_64-pp-310-pypy310_pp73"],
    ["manylinux_2_28_x86_64-cp-3.11.7-cp311", "manylinux_2_28_x86_64-cp-3.11.7-cp311"],
    ["manylinux2014-aarch64-cp-311-cp311", "manylinux2014_aarch64-cp-311-cp311"],
    ["musllinux-1.2-x86_64-cp-312-cp312", "musllinux_1_2_x86_64-cp-312-cp312"],
    ["macosx-10.9-x86_64-cp-39-cp39", "macosx_10_9_x86_64-cp-39-cp39"],
    ["macosx_11_0_arm64-cp-311-cp311", "macosx_11_0_arm64-cp-311-cp311"],
    ["MacOSX-14-ARM64-CP-311-CP311", "macosx_14_arm64-cp-311-cp311"],
    ["win_amd64-cp-311-cp311", "win_amd64-cp-311-cp311"],
    ["win32-cp-38-cp38", "win32-cp-38-cp38"],
    [" win-arm64-cp-311-cp311 ", "win_arm64-cp-311-cp311"],
  ])("%s", (text, normal) => {
    expect(target(text).description).toBe(normal);
  });

  test.each([
    ["linux-x86_64", "linux_x86_64"],
    ["macosx-10.6-x86_64", "macosx_10_6_x86_64"],
    ["macosx_11_0_arm64", "macosx_11_0_arm64"],
    ["win32", "win32"],
    ["win-amd64", "win_amd64"],
    ["musllinux_1_2_aarch64", "musllinux_1_2_aarch64"],
  ])("a system alone: %s", (text, system) => {
    expect(parsePlatform(text)).toEqual({ kind: "system", system });
  });

  test("the word `current`", () => {
    expect(parsePlatform("current")).toEqual({ kind: "current" });
  });

  test("its own normal form", () => {
    const platform = { system: "linux_x86_64", implementation: "cp", version: [3, 9, 18], abi: "cp39" };
    expect(parsePlatform(formatPlatform(platform))).toEqual({ kind: "platform", platform });
  });
});

describe("no platform is", () => {
  const HOW =
    "write it like `linux_x86_64-cp-311-cp311` or `macosx_11_0_arm64-cp-3.11.7-cp311`; `linux_x86_64` alone means this Python there";

  test.each([
    ["bogus", "4 fields are needed, and there is 1", HOW],
    ["linux_x86_64-cp-39", "4 fields are needed, and there are 3", HOW],
    ["linux_x86_64--39-cp39", "the implementation field is blank", HOW],
    ["-cp-39-cp39", "the system field is blank", HOW],
    ["linux_x86_64-cp-39-", "the abi field is blank", HOW],
    ["linux_x86_64-cp-3-cp3", "a version is written like `311`, `3.11` or `3.11.7`, not `3`", HOW],
    ["linux_x86_64-cp-3.8.1.1-cp38", "a version is written like `311`, `3.11` or `3.11.7`, not `3.8.1.1`", HOW],
    ["linux_x86_64-cp-abc-cp3", "a component of the version is no whole number: `abc`", HOW],
    ["linux_x86_64-cp-3.x-cp3", "a component of the version is no whole number: `x`", HOW],
    ["linux_x86_64-c3-39-cp39", "an implementation is `cp` or `pp`, not `c3`", HOW],
    ["linux_x86_64-cp-39-cp38", "the ABI `cp38` is not one of Python 3.9", HOW],
    ["linux_x86_64-cp-39-c p", "no ABI is called `c p`", HOW],
    ["linux_amd64-cp-39-cp39", "no system is called `linux_amd64`", "did you mean `linux_x86_64`?"],
    ["linux-arm64", "no system is called `linux_arm64`", "did you mean `linux_aarch64`?"],
    ["macosx_9_0_ppc-cp-27-m", "no system is called `macosx_9_0_ppc`", expect.stringContaining("--complete-platform")],
    ["solaris-cp-39-cp39", "no system is called `solaris`", expect.stringContaining("--complete-platform")],
  ])("%s", (text, reason, hint) => {
    expect(() => target(text)).toThrow(
      expect.objectContaining({ code: "INVALID_PLATFORM", message: `Not a platform: ${text}: ${reason}`, hint }),
    );
  });
});

describe("the markers of a platform are", () => {
  test.each<[string, Target["markers"]]>([
    [
      "linux_x86_64-cp-36-m",
      {
        implementation_name: "cpython",
        os_name: "posix",
        platform_machine: "x86_64",
        platform_python_implementation: "CPython",
        platform_system: "Linux",
        python_version: "3.6",
        sys_platform: "linux",
      },
    ],
    [
      "macosx-11.0-arm64-cp-3.11.7-cp311",
      {
        implementation_name: "cpython",
        os_name: "posix",
        platform_machine: "arm64",
        platform_python_implementation: "CPython",
        platform_system: "Darwin",
        python_full_version: "3.11.7",
        python_version: "3.11",
        sys_platform: "darwin",
      },
    ],
    [
      "win_amd64-pp-310-pypy310_pp73",
      {
        implementation_name: "pypy",
        os_name: "nt",
        platform_machine: "AMD64",
        platform_python_implementation: "PyPy",
        platform_system: "Windows",
        python_version: "3.10",
        sys_platform: "win32",
      },
    ],
    [
      "linux_i686-cp-27-mu",
      {
        implementation_name: "",
        implementation_version: "0",
        os_name: "posix",
        platform_machine: "i686",
        platform_python_implementation: "CPython",
        platform_system: "Linux",
        python_version: "2.7",
        sys_platform: "linux2",
      },
    ],
  ])("those that are certain: %s", (text, markers) => {
    expect(target(text).markers).toEqual(markers);
  });

  test("silent about the processor of a universal build", () => {
    expect(target("macosx_11_0_universal2-cp-39-cp39").markers).not.toHaveProperty("platform_machine");
  });
});

test("Requires-Python is compared with X.Y.0 unless the patch is known", () => {
  expect(formatVersion(target("linux_x86_64-cp-39-cp39").pythonVersion)).toBe("3.9.0");
  expect(formatVersion(target("linux_x86_64-cp-3.9.18-cp39").pythonVersion)).toBe("3.9.18");
});

describe("a Linux platform supports", () => {
  const newest = (text: string, manylinux?: string | false): string | undefined =>
    target(text, manylinux).tags.find((tag) => tag.includes("manylinux"));

  test.each([
    [undefined, "cp39-cp39-manylinux_2_17_x86_64"],
    ["", "cp39-cp39-manylinux_2_17_x86_64"],
    ["manylinux2010", "cp39-cp39-manylinux_2_12_x86_64"],
    ["manylinux1", "cp39-cp39-manylinux_2_5_x86_64"],
    ["manylinux_2_28", "cp39-cp39-manylinux_2_28_x86_64"],
    [false, undefined],
  ] as const)("the wheels of --manylinux %s", (manylinux, tag) => {
    expect(newest("linux_x86_64-cp-39-cp39", manylinux)).toBe(tag);
    expect(target("linux_x86_64-cp-39-cp39", manylinux).tags[0]).toBe("cp39-cp39-linux_x86_64");
  });

  test("what its own name says, whatever --manylinux says", () => {
    expect(newest("manylinux_2_34_x86_64-cp-39-cp39", false)).toBe("cp39-cp39-manylinux_2_34_x86_64");
    expect(newest("musllinux_1_1_x86_64-cp-39-cp39", "manylinux2014")).toBeUndefined();
    expect(target("musllinux_1_1_x86_64-cp-39-cp39").tags).toContain("cp39-cp39-musllinux_1_0_x86_64");
  });

  test.each(["linux_i686", "linux_armv7l", "linux_aarch64", "linux_ppc64le", "linux_s390x"])(
    "the manylinux of its processor: %s",
    (system) => {
      expect(newest(`${system}-cp-39-cp39`)).toBe(`cp39-cp39-manylinux_2_17_${system.replace("linux_", "")}`);
    },
  );

  test("no standard that does not exist", () => {
    expect(() => parseManylinux("centos7")).toThrow(
      expect.objectContaining({ code: "USAGE", message: "Not a manylinux standard: centos7" }),
    );
  });
});
