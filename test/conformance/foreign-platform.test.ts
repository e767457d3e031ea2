import { describe, expect, test } from "vitest";

import {
  formatPlatform,
  parseManylinux,
  parsePlatform,
  platformLike,
  platformTarget,
} from "../../src/targets/abbreviated-platform.ts";
import { namedSystems, namedTarget } from "../../src/targets/named-target.ts";
import { probeInterpreter, type Interpreter } from "../../src/targets/interpreter.ts";
import type { Target } from "../../src/targets/target.ts";
import { installedPythons } from "../support/interpreters.ts";
import { askPython } from "../support/python-oracle.ts";

/**
 * `packaging.tags` told that it runs on such a machine. ELF headers are not looked at: that a foreign machine has the ABI of its
 * own wheels is what the platform says.
 */
const ORACLE = `
import re, sysconfig
from packaging import tags, _manylinux, _musllinux

_manylinux._have_compatible_abi = lambda executable, archs: any(
    arch in archs for arch in ("x86_64", "i686", "aarch64", "armv7l", "ppc64le", "s390x", "riscv64"))

def platforms(system, glibc):
    mac = re.match(r"macosx_(\\d+)_(\\d+)_(.+)", system)
    if mac:
        return list(tags.mac_platforms((int(mac[1]), int(mac[2])), mac[3]))
    libc, machine = re.match(r"(linux|musllinux_\\d_\\d|manylinux_\\d+_\\d+|win)_?(.+)", system).groups()
    if libc == "win":
        return [system]
    musl = libc.startswith("musl") and _musllinux._MuslVersion(*map(int, libc.split("_")[1:]))
    glibc = libc.split("_")[1:] if libc.startswith("many") else [] if musl else glibc
    _musllinux._get_musl_version = lambda executable: musl or None
    _manylinux._get_glibc_version = lambda: _manylinux._GLibCVersion(*(map(int, glibc) if glibc else (-1, -1)))
    sysconfig.get_platform = lambda: "linux-" + machine
    return list(tags._linux_platforms(False))

def answer(question):
    system, implementation, version, abi, glibc = question
    found = platforms(system, glibc)
    nodot = "".join(map(str, version))
    if implementation == "cp":
        own, interpreter = tags.cpython_tags(version, [abi], found), "cp" + nodot
    else:
        own, interpreter = tags.generic_tags("pp" + nodot, [abi], found), "pp3"
    return list(map(str, own)) + list(map(str, tags.compatible_tags(version, interpreter, found)))
`;

const SYSTEMS = [
  "linux_x86_64",
  "linux_i686",
  "linux_aarch64",
  "linux_armv7l",
  "linux_armv6l",
  "linux_ppc64le",
  "linux_s390x",
  "manylinux_2_34_x86_64",
  "musllinux_1_2_x86_64",
  "musllinux_1_1_aarch64",
  "macosx_10_9_x86_64",
  "macosx_11_0_arm64",
  "macosx_14_0_x86_64",
  "macosx_26_0_arm64",
  "win_amd64",
  "win32",
];

/** Implementation, version and ABI, as typed and as `packaging` wants them. */
const PYTHONS = [
  ["cp-27-mu", ["cp", [2, 7], "cp27mu"]],
  ["cp-36-m", ["cp", [3, 6], "cp36m"]],
  ["cp-3.9.18-cp39", ["cp", [3, 9], "cp39"]],
  ["cp-310-abi3", ["cp", [3, 10], "abi3"]],
  ["cp-311-none", ["cp", [3, 11], "none"]],
  ["cp-3.14-t", ["cp", [3, 14], "cp314t"]],
  ["pp-310-pypy310_pp73", ["pp", [3, 10], "pypy310_pp73"]],
] as const;

const STANDARDS = [
  ["manylinux2014", [2, 17]],
  ["manylinux_2_28", [2, 28]],
  [false, undefined],
] as const;

function targetOf(text: string, manylinux: string | false): Target {
  const wish = parsePlatform(text);
  if (wish.kind !== "platform") throw new Error(text);
  return platformTarget(wish.platform, parseManylinux(manylinux));
}

test("the tags of a platform are those that packaging computes on such a machine", () => {
  const cases = SYSTEMS.flatMap((system) =>
    PYTHONS.flatMap(([python, asked]) =>
      STANDARDS.map(([manylinux, glibc]) => ({
        text: `${system}-${python}`,
        manylinux,
        question: [system, ...asked, glibc ?? []],
      })),
    ),
  );
  const expected = askPython<string[]>(
    ORACLE,
    cases.map(({ question }) => question),
  );
  const differences = cases.flatMap(({ text, manylinux }, index) => {
    const ours = targetOf(text, manylinux).tags;
    return ours.join() === expected[index]?.join() ? [] : [{ text, manylinux, ours, packaging: expected[index] }];
  });
  expect(differences.slice(0, 1)).toEqual([]);
});

test("a named target has the tags that packaging computes on its system", () => {
  const NAMED_PYTHONS = [
    ["py27", [2, 7], "cp27mu"],
    ["py37", [3, 7], "cp37m"],
    ["py311", [3, 11], "cp311"],
    ["py312", [3, 12], "cp312"],
    ["py314t", [3, 14], "cp314t"],
  ] as const;
  const cases = namedSystems().flatMap(({ name, machines, platform }) =>
    Object.entries(machines).flatMap(([machine, tag]) =>
      NAMED_PYTHONS.map(([python, version, abi]) => ({
        text: `${name}-${machine}-${python}`,
        question: [platform(tag, version[1]), "cp", version, abi, []],
      })),
    ),
  );
  const expected = askPython<string[]>(
    ORACLE,
    cases.map(({ question }) => question),
  );
  const wrong = cases.filter(({ text }, index) => namedTarget(text).tags.join() !== expected[index]?.join());
  expect(wrong.map(({ text }) => text)).toEqual([]);
  expect(cases.length).toBeGreaterThan(200);
});

describe.each(installedPythons())("the platform of %s", (python) => {
  test("has its markers and, where the C library is named too, its tags", async (context) => {
    const interpreter = await probeInterpreter(python, { env: process.env });
    context.skip(hasNoName(interpreter), `${python} is a pre-release or a debug build, which a platform cannot say`);
    const system = interpreter.tags[0]?.split("-")[2] ?? "";
    const { markers } = targetOf(formatPlatform(platformLike(interpreter, system)), false);
    expect(interpreter.markers).toMatchObject(markers);
    expect(markers).toHaveProperty("python_full_version");
    const manylinux = interpreter.tags.find((tag) => tag.includes("-manylinux"))?.split("-")[2];
    if (manylinux === undefined) return;
    expect(targetOf(formatPlatform(platformLike(interpreter, manylinux)), false).tags).toEqual(interpreter.tags);
  });

  test("is the target of its name where its system has one", async (context) => {
    const interpreter = await probeInterpreter(python, { env: process.env });
    context.skip(hasNoName(interpreter), `${python} is a pre-release or a debug build, which no target is`);
    const { tags, markers, versionText, freeThreaded } = interpreter;
    const libc = tags.map((tag) => tag.split("-")[2]).find((each) => each !== undefined && !each.startsWith("linux_"));
    const named = namedSystems().find(({ platform }) => platform("x86_64", 12) === libc);
    context.skip(named === undefined || !tags[0]?.startsWith("cp"), `${python} is a ${tags[0]}`);
    const target = namedTarget(`${named?.name}-x86_64-py${versionText}${freeThreaded ? "t" : ""}`);
    expect(target.tags).toEqual(tags);
    const { platform_release: _, platform_version: __, ...same } = markers;
    expect(target.markers).toEqual({ ...same, platform_release: "", platform_version: "" });
  });
});

function hasNoName({ version, versionText, tags }: Interpreter): boolean {
  return versionText !== version.join(".") || /^cp\d+-cp\d+t?d-/.test(tags[0] ?? "");
}
