import { expect, test } from "vitest";

import { parseManylinux, parsePlatform, platformTarget } from "../../../src/targets/abbreviated-platform.ts";
import { describeRelease, neededRelease, optionFor } from "../../../src/targets/later-system.ts";
import { namedTarget } from "../../../src/targets/named-target.ts";
import type { Target } from "../../../src/targets/target.ts";

function platform(text: string, manylinux?: string | false): Target {
  const wish = parsePlatform(text);
  if (wish.kind !== "platform") throw new Error(text);
  return platformTarget(wish.platform, parseManylinux(manylinux));
}

test.each<readonly [Target, readonly string[], string | undefined, string | undefined]>([
  // The oldest of several counts, in whatever order they come.
  [
    platform("linux_x86_64-cp-311-cp311"),
    ["cp311-cp311-manylinux_2_34_x86_64", "cp39-abi3-manylinux_2_28_x86_64"],
    "glibc 2.28",
    "--manylinux manylinux_2_28",
  ],
  [
    platform("linux_x86_64-cp-311-cp311", "manylinux1"),
    ["py3-none-manylinux2010_x86_64"],
    "glibc 2.12",
    "--manylinux manylinux_2_12",
  ],
  [
    platform("linux_x86_64-cp-311-cp311", false),
    ["py3-none-manylinux1_x86_64"],
    "glibc 2.5",
    "--manylinux manylinux_2_5",
  ],
  [
    platform("manylinux2014_aarch64-cp-311-cp311"),
    ["cp311-cp311-manylinux_2_28_aarch64"],
    "glibc 2.28",
    "--platform manylinux_2_28_aarch64-cp-311-cp311",
  ],
  [
    platform("musllinux_1_1_x86_64-cp-3.11.7-cp311"),
    ["cp311-cp311-musllinux_1_2_x86_64"],
    "musl 1.2",
    "--platform musllinux_1_2_x86_64-cp-3.11.7-cp311",
  ],
  [
    platform("macosx_11_0_arm64-cp-311-cp311"),
    ["cp311-cp311-macosx_14_0_arm64", "cp311-cp311-macosx_13_0_x86_64"],
    "macOS 14.0",
    "--platform macosx_14_0_arm64-cp-311-cp311",
  ],
  [namedTarget("ubuntu18.04-py311"), ["cp311-cp311-manylinux_2_34_x86_64"], "glibc 2.34", "--target ubuntu22.04-py311"],
  [
    namedTarget("ubuntu18.04-arm64-py3.11.2"),
    ["py3-none-manylinux_2_28_aarch64"],
    "glibc 2.28",
    "--target ubuntu20.04-arm64-py3.11.2",
  ],
  [namedTarget("macos11-py311"), ["py3-none-macosx_12_0_universal2"], "macOS 12.0", "--target macos12-py311"],
  [namedTarget("debian13-py313"), ["py3-none-manylinux_2_99_x86_64"], "glibc 2.99", undefined],
  // Other Pythons, processors and C libraries are no matter of age.
  [platform("linux_x86_64-cp-311-cp311"), ["cp312-cp312-manylinux_2_28_x86_64"], undefined, undefined],
  [platform("linux_x86_64-cp-311-cp311"), ["cp311-cp311-manylinux_2_28_aarch64"], undefined, undefined],
  [platform("musllinux_1_2_x86_64-cp-311-cp311"), ["cp311-cp311-manylinux_2_28_x86_64"], undefined, undefined],
  [namedTarget("windows-py311"), ["cp311-cp311-win32", "nonsense"], undefined, undefined],
])("what the wheels need of a system, and the option for it (%#)", (target, wheels, needs, option) => {
  const release = neededRelease(target, wheels);
  expect(release && describeRelease(release)).toBe(needs);
  expect(release && optionFor(target, release)).toBe(option);
});
