import { spawnSync } from "node:child_process";
import { realpathSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { probeInterpreter } from "../../src/targets/interpreter.ts";
import { probeScript } from "../../src/targets/probe-script.ts";
import { fakeProgram } from "../support/fake-interpreter.ts";
import { installedPythons } from "../support/interpreters.ts";
import { oraclePython } from "../support/python-oracle.ts";
import { Workspace } from "../support/workspace.ts";

/** What the interpreter says of itself when it starts as usual, with `site`. */
const SELF = `
import json, os, sys, sysconfig
print(json.dumps({
    "prefix": sys.prefix, "basePrefix": getattr(sys, "base_prefix", sys.prefix), "paths": sysconfig.get_paths(),
    "executable": sys.executable}))
`;

interface Self {
  readonly prefix: string;
  readonly basePrefix: string;
  readonly paths: Record<string, string>;
  readonly executable: string;
}

let workspace: Workspace;
beforeAll(() => {
  workspace = new Workspace();
});
afterAll(() => workspace.remove());

function self(python: string): Self {
  const run = spawnSync(python, ["-E", "-s", "-c", SELF], { encoding: "utf8" });
  return JSON.parse(run.stdout) as Self;
}

/** Python 2 has no such module, and distributors leave parts of it out. */
function makesVenv(python: string, options: readonly string[]): boolean {
  const directory = workspace.path(`trial${python.replaceAll("/", "-")}${options.join("")}`);
  return spawnSync(python, ["-m", "venv", "--without-pip", ...options, directory]).status === 0;
}

describe.each(installedPythons())("the probe of %s", (python) => {
  test("tells where things are as the interpreter itself does", async () => {
    const interpreter = await probeInterpreter(python, { env: process.env });
    const { executable: _executable, ...places } = self(python);
    expect(interpreter).toMatchObject({ ...places, isVenv: false, baseExecutable: python, path: python });
  });

  test.for([[], ["--copies"]])("sees through a virtual environment made with %s", async (options, context) => {
    context.skip(!makesVenv(python, options), `${python} makes no virtual environment with ${options.join()}`);
    const directory = workspace.path(`venv${python.replaceAll("/", "-")}${options.join("")}`);
    expect(spawnSync(python, ["-m", "venv", "--without-pip", ...options, directory]).status).toBe(0);
    const inside = `${directory}/bin/python`;
    const interpreter = await probeInterpreter(inside, { env: process.env });
    const { executable: _executable, ...places } = self(inside);
    expect(interpreter).toMatchObject({ ...places, isVenv: true, path: inside });
    expect(self(interpreter.baseExecutable)).toMatchObject({ prefix: places.basePrefix });

    const again = `${directory}-again`;
    expect(spawnSync(inside, ["-m", "venv", "--without-pip", again]).status).toBe(0);
    const nested = await probeInterpreter(`${again}/bin/python`, { env: process.env });
    expect(nested).toMatchObject({ isVenv: true, prefix: again, basePrefix: places.basePrefix });
    expect(realpathSync(nested.baseExecutable)).toBe(realpathSync(interpreter.baseExecutable));
  });
});

describe.each([
  [
    "manylinux_compatible",
    "def manylinux_compatible(major, minor, machine):\n    return None if minor > 20 else minor < 10",
  ],
  [
    "manylinux_compatible for one machine",
    "def manylinux_compatible(major, minor, machine):\n    return machine != 'x86_64'",
  ],
  ["manylinux1_compatible", "manylinux1_compatible = False\nmanylinux2014_compatible = 0"],
])("a _manylinux module with %s", (_what, source) => {
  test("forbids what it forbids packaging", async () => {
    const directory = workspace.path(`policy${source.length}`);
    spawnSync(oraclePython(), ["-m", "venv", "--without-pip", directory]);
    const inside = `${directory}/bin/python`;
    const interpreter = await probeInterpreter(inside, { env: process.env });
    writeFileSync(`${interpreter.paths["purelib"]}/_manylinux.py`, source);
    const restricted = await probeInterpreter(inside, { env: process.env });
    const script =
      "import sys; sys.path.append(sys.argv[1]); from packaging import tags; print(*tags.sys_tags(), sep='\\n')";
    const run = spawnSync(inside, ["-c", script, oracleLibrary()], { encoding: "utf8" });
    expect(restricted.tags).toEqual(run.stdout.trim().split("\n"));
    expect(restricted.tags.length).toBeLessThan(interpreter.tags.length);
  });
});

describe("the probe's reader of executables", () => {
  const LOADER = `#!/bin/sh\nprintf 'musl libc (x86_64)\\nVersion 1.2.4_git\\nDynamic Program Loader\\n' >&2\nexit 1\n`;

  test.each([32, 64].flatMap((bits) => [true, false].map((little) => ({ bits, little }))))(
    "sees what packaging sees in $bits bits, little endian: $little",
    ({ bits, little }) => {
      const loader = fakeProgram(workspace.path("ld-musl-x86_64.so.1"), LOADER);
      const path = workspace.path(`elf${bits}${little}`);
      writeFileSync(path, elfFile({ bits, little, loader, machine: 40, flags: 0x05000400 }));
      const script = `import json, sys
sys.path[:0] = sys.argv[1:3]
import interpreter_info
from packaging import _musllinux, _elffile
path = sys.argv[3]
ours = interpreter_info.read_elf(path)
with open(path, "rb") as stream:
    theirs = _elffile.ELFFile(stream)
    fields = {"bits": theirs.capacity * 32, "little": theirs.encoding == 1, "machine": int(theirs.machine), "flags": theirs.flags,
        "interpreter": theirs.interpreter}
musl = interpreter_info.musl_version(ours["interpreter"])
ours["interpreter"] = ours["interpreter"].decode()
print(json.dumps([[ours, musl], [fields, _musllinux._get_musl_version(path)]]))`;
      const run = spawnSync(
        oraclePython(),
        ["-c", script, dirname(probeScript("interpreter_info.py")), oracleLibrary(), path],
        { encoding: "utf8" },
      );
      const [ours, packaging] = JSON.parse(run.stdout) as [unknown, unknown];
      expect(ours).toEqual(packaging);
      expect(ours).toEqual([{ bits, little, machine: 40, flags: 0x05000400, interpreter: loader }, [1, 2]]);
    },
  );
});

interface ElfShape {
  readonly bits: number;
  readonly little: boolean;
  readonly loader: string;
  readonly machine: number;
  readonly flags: number;
}

/** An ELF header and two program headers, the second of which is PT_INTERP. */
function elfFile({ bits, little, loader, machine, flags }: ElfShape): Buffer {
  const file = Buffer.alloc(512);
  const wide = bits === 64;
  const put = (offset: number, value: number, size: number): void => {
    const at = size === 8 && !little ? offset + 4 : offset;
    const width = Math.min(size, 4);
    if (little) file.writeUIntLE(value, at, width);
    else file.writeUIntBE(value, at, width);
  };
  file.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, little ? 1 : 2, 1]);
  put(18, machine, 2); // e_machine
  put(wide ? 32 : 28, 64, wide ? 8 : 4); // e_phoff
  put(wide ? 48 : 36, flags, 4); // e_flags
  put(wide ? 54 : 42, wide ? 56 : 32, 2); // e_phentsize
  put(wide ? 56 : 44, 2, 2); // e_phnum
  const second = 64 + (wide ? 56 : 32);
  put(64, 6, 4); // p_type: PT_PHDR
  put(second, 3, 4); // p_type: PT_INTERP
  put(second + (wide ? 8 : 4), 256, wide ? 8 : 4); // p_offset
  put(second + (wide ? 32 : 16), loader.length + 1, wide ? 8 : 4); // p_filesz
  file.write(loader, 256, "latin1");
  return file;
}

function oracleLibrary(): string {
  const script = "import sysconfig; print(sysconfig.get_path('purelib'))";
  return spawnSync(oraclePython(), ["-I", "-c", script], { encoding: "utf8" }).stdout.trim();
}
