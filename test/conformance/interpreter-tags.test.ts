import { spawnSync } from "node:child_process";

import { describe, expect, test } from "vitest";

import { markerVariables } from "../../src/standards/marker-environment.ts";
import type { AbiFacts, PlatformFacts } from "../../src/targets/interpreter-facts.ts";
import { genericTags, interpreterTags } from "../../src/targets/interpreter-tags.ts";
import { probeInterpreter } from "../../src/targets/interpreter.ts";
import { platformTags } from "../../src/targets/platform-tags.ts";
import { installedPythons } from "../support/interpreters.ts";
import { askPython, oraclePython } from "../support/python-oracle.ts";
import { SeededRandom } from "../support/seeded-random.ts";

/** `packaging.tags` with everything it asks of its interpreter and machine replaced by facts. */
const ORACLE = `
import contextlib, platform, sys, sysconfig, types
from packaging import tags, _manylinux, _musllinux

real_platform_tags = tags.platform_tags

def set_platform(facts):
    platform.system = lambda: facts["system"]
    sysconfig.get_platform = lambda: facts["name"]
    sysconfig.get_config_var = lambda name: facts.get("pyemscripten")
    glibc = facts.get("glibc")
    _manylinux._get_glibc_version = lambda: _manylinux._GLibCVersion(*(glibc or (-1, -1)))
    musl = facts.get("musl")
    _musllinux._get_musl_version = lambda executable: _musllinux._MuslVersion(*musl) if musl else None
    elf = facts.get("elf")
    file = elf and types.SimpleNamespace(
        capacity=elf["bits"] // 32, encoding=1 if elf["little"] else 2, machine=elf["machine"], flags=elf["flags"])
    _manylinux._parse_elf = lambda path: contextlib.nullcontext(file)
    refused = facts.get("manylinuxRefused")
    policy = refused and types.SimpleNamespace(
        manylinux_compatible=lambda major, minor, arch: "%d_%d_%s" % (major, minor, arch) not in refused)
    _manylinux._get_manylinux_module = lambda: policy
    is_32bit = facts["bits"] == 32
    system = facts["system"]
    if system == "Linux":
        return list(tags._linux_platforms(is_32bit))
    if system == "Darwin":
        return list(tags.mac_platforms(tuple(facts["version"]), tags._mac_arch(facts["machine"], is_32bit)))
    if system == "iOS":
        return list(tags.ios_platforms(tuple(facts["version"]), facts["multiarch"]))
    if system == "Android":
        return list(tags.android_platforms(facts["apiLevel"], facts["name"].split("-")[-1]))
    return list(real_platform_tags())

def set_abi(facts):
    variables = {
        "Py_DEBUG": int(facts["debug"]), "Py_GIL_DISABLED": int(facts["freeThreaded"]), "WITH_PYMALLOC": int(facts["pymalloc"]),
        "Py_UNICODE_SIZE": 4 if facts["wideUnicode"] else 2, "EXT_SUFFIX": facts["extensionSuffix"],
        "py_version_nodot": facts["versionNodot"],
    }
    tags._get_config_var = lambda name, warn=False: variables[name]

def answer(question):
    platforms = set_platform(question["platform"])
    tags.platform_tags = lambda: platforms
    if "abi" not in question:
        return platforms
    set_abi(question["abi"])
    version = tuple(question["version"])
    if question["implementation"] == "CPython":
        own = tags.cpython_tags(version, tags._cpython_abis(version), platforms)
        interpreter = "cp" + question["abi"]["versionNodot"]
    else:
        own = tags.generic_tags("pp" + question["abi"]["versionNodot"], None, platforms)
        interpreter = "pp3"
    return list(map(str, own)) + list(map(str, tags.compatible_tags(version, interpreter, platforms)))
`;

const SYSTEMS = [
  "Linux",
  "Linux",
  "Linux",
  "Linux",
  "Darwin",
  "Darwin",
  "iOS",
  "Android",
  "Windows",
  "Emscripten",
  "FreeBSD",
];
const MACHINES = [
  "x86_64",
  "aarch64",
  "i686",
  "armv7l",
  "armv8l",
  "armv6l",
  "ppc64le",
  "ppc64",
  "s390x",
  "riscv64",
  "loongarch64",
  "mips64",
];

function platformFacts(random: SeededRandom): PlatformFacts {
  const system = random.pick(SYSTEMS);
  const bits = random.chance(0.75) ? 64 : 32;
  const version = [random.pick([10, 10, 11, 12, 13, 15, 26, 9]), random.below(18)] as const;
  switch (system) {
    case "Linux":
      return {
        system,
        bits,
        name: random.chance(0.97) ? `linux-${random.pick(MACHINES)}` : "cross-x86_64",
        glibc: random.chance(0.85) ? [random.pick([2, 2, 2, 2, 3, 4]), random.below(45)] : null,
        musl: random.chance(0.3) ? [1, random.below(6)] : null,
        ...(random.chance(0.7) && {
          elf: {
            bits: random.chance(0.8) ? 32 : 64,
            little: random.chance(0.9),
            machine: random.pick([3, 40, 40, 62]),
            flags: random.pick([0x05000400, 0x05000400, 0x05000200, 0x04000400, 0x85000400, 0]),
          },
        }),
        ...(random.chance(0.2) && { manylinuxRefused: ["2_17_x86_64", "2_5_i686", "2_28_aarch64", "2_17_armv7l"] }),
      };
    case "Darwin":
      return {
        system,
        bits,
        name: "macosx-11-arm64",
        version,
        machine: random.pick(["x86_64", "arm64", "i386", "ppc", "ppc64", "Power Macintosh", "intel"]),
      };
    case "iOS":
      return {
        system,
        bits,
        name: "ios-13.0-arm64-iphoneos",
        version,
        multiarch: random.pick(["arm64-iphoneos", "x86_64-iphonesimulator"]),
      };
    case "Android":
      return {
        system,
        bits,
        name: random.pick(["android-21-arm64_v8a", "android-24-x86_64", "android-21-armeabi.v7a"]),
        apiLevel: 10 + random.below(30),
      };
    case "Windows":
      return { system, bits, name: random.pick(["win-amd64", "win32", "win-arm64"]) };
    case "Emscripten":
      return { system, bits, name: "emscripten-3.1.45-wasm32", pyemscripten: random.chance(0.5) ? "2024_0" : null };
    default:
      return { system, bits, name: "freebsd-14.0-RELEASE-amd64" };
  }
}

function abiFacts(random: SeededRandom, version: readonly [number, number]): AbiFacts {
  return {
    versionNodot: version.join(""),
    extensionSuffix: random.pick([
      ".pypy310-pp73-x86_64-linux-gnu.so",
      ".cpython-310-darwin.so",
      ".cp310-win_amd64.pyd",
      ".graalpy-38-native-x86_64-darwin.dylib",
      ".pyston-23-x86_64-linux-gnu.so",
    ]),
    soabi: null,
    debug: random.chance(0.2),
    freeThreaded: random.chance(0.2),
    pymalloc: random.chance(0.8),
    wideUnicode: random.chance(0.7),
  };
}

describe("tags agree with packaging", () => {
  test("for the platforms of every system", () => {
    const random = new SeededRandom(600);
    const questions = random.times(4_000, () => ({ platform: platformFacts(random) }));
    const expected = askPython<string[]>(ORACLE, questions);
    const differences = questions.flatMap(({ platform }, index) => {
      const ours = platformTags(platform);
      return ours.join() === expected[index]!.join() ? [] : [{ platform, ours, packaging: expected[index] }];
    });
    expect(differences.slice(0, 3)).toEqual([]);
  });

  test("for every version, build and implementation", () => {
    const random = new SeededRandom(425);
    const questions = random.times(600, () => {
      const version = random.chance(0.1) ? ([2, 7] as const) : ([3, random.below(17)] as const);
      const implementation = random.chance(0.7) ? "CPython" : "PyPy";
      return { platform: platformFacts(random), implementation, version, abi: abiFacts(random, version) };
    });
    const expected = askPython<string[]>(ORACLE, questions);
    const differences = questions.flatMap(({ platform, implementation, version, abi }, index) => {
      const markers = { implementation_name: implementation.toLowerCase() };
      const ours = interpreterTags({
        ...EMPTY,
        platform,
        implementation,
        version: [...version, 0],
        abi,
        markers: { ...EMPTY.markers, ...markers },
      });
      return ours.join() === expected[index]!.join()
        ? []
        : [{ platform, version, abi, ours, packaging: expected[index] }];
    });
    expect(differences.slice(0, 1)).toEqual([]);
  });
});

const EMPTY = {
  executable: "",
  baseExecutable: "",
  prefix: "",
  basePrefix: "",
  isVenv: false,
  paths: {},
  markers: {
    implementation_name: "",
    implementation_version: "",
    os_name: "",
    platform_machine: "",
    platform_python_implementation: "",
    platform_release: "",
    platform_system: "",
    platform_version: "",
    python_full_version: "",
    python_version: "",
    sys_platform: "",
  },
};

/** Runs `packaging` of the oracle's environment on the interpreter itself. */
const SELF = `
import json, sys
sys.path.append(sys.argv[1])
from packaging import tags, markers
print(json.dumps([list(map(str, tags.sys_tags())), markers.default_environment()]))
`;

/** What a Python that is too old for `packaging` can tell about its ABI and its markers. */
const OLD = `
import json, os, platform, sys, sysconfig
soabi = sysconfig.get_config_var("SOABI")
abi = "cp" + soabi.split("-")[1] if soabi else "cp27m" + ("u" if sys.maxunicode > 0xffff else "")
print(json.dumps([abi, {
    "os_name": os.name, "sys_platform": sys.platform, "platform_machine": platform.machine(), "platform_release": platform.release(),
    "platform_system": platform.system(), "platform_version": platform.version(),
    "platform_python_implementation": platform.python_implementation(), "python_full_version": platform.python_version(),
    "python_version": ".".join(platform.python_version_tuple()[:2]),
}]))
`;

const OLD_ORACLE = `
from packaging import tags
def answer(question):
    version, abi, interpreter = question
    found = list(tags.cpython_tags(version, [abi])) + list(tags.compatible_tags(version, interpreter))
    return list(map(str, found))
`;

describe.each(installedPythons())("the probe of %s", (python) => {
  test("tells the tags and markers that packaging computes there", async () => {
    const interpreter = await probeInterpreter(python, { env: process.env });
    const [major, minor] = interpreter.version;
    const isNew = major === 3 && minor >= 9;
    const run = spawnSync(python, ["-E", "-s", "-c", isNew ? SELF : OLD, oraclePackages()], { encoding: "utf8" });
    const [told, markers] = JSON.parse(run.stdout) as [string | string[], Record<string, string>];
    const tags =
      typeof told === "string"
        ? askPython<string[]>(OLD_ORACLE, [[[major, minor], told, `cp${major}${minor}`]])[0]
        : told;
    expect(interpreter.tags).toEqual(tags);
    expect(interpreter.markers).toMatchObject(markers);
    expect(Object.keys(interpreter.markers).sort()).toEqual([...markerVariables].sort());
  });
});

function oraclePackages(): string {
  const script = "import sysconfig; print(sysconfig.get_path('purelib'))";
  return spawnSync(oraclePython(), ["-I", "-c", script], { encoding: "utf8" }).stdout.trim();
}

test("an implementation without an ABI gets tags for none", () => {
  expect(genericTags("jy27", [], ["linux_x86_64"])).toEqual(["jy27-none-linux_x86_64"]);
});
