/** A PEX holds the runtime compiled for the Pythons that it was built for: they compile nothing of it, others do, and both run. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { makeImage, type ImageWheel } from "../../src/pex/image.ts";
import { writeLoose } from "../../src/pex/layout-loose.ts";
import { writePacked } from "../../src/pex/layout-packed.ts";
import { writeZipapp } from "../../src/pex/layout-zipapp.ts";
import { marshalled } from "../../src/pex/marshal.ts";
import { readRuntimeFiles } from "../../src/pex/runtime-files.ts";
import { imageWheels } from "../support/image-wheels.ts";
import { newest, printed, User, versions } from "./kit.ts";

const BYTECODE = fileURLToPath(new URL("../../dist/bytecode/", import.meta.url));
const WRITERS = { zipapp: writeZipapp, packed: writePacked, loose: writeLoose };

const nameOf = ({ isPyPy, major, minor }: (typeof versions)[number]): string =>
  `${isPyPy ? "pypy" : "cpython"}-${major}${minor}`;
/** With audit hooks, and compiled for when this package was built. */
const listening = versions.filter(
  (each) => each.minor >= 8 && !each.isPyPy && existsSync(join(BYTECODE, `${nameOf(each)}.json`)),
);

const user = new User();
let wheels: readonly ImageWheel[];
beforeAll(async () => {
  wheels = await imageWheels(user.dir, [{ name: "one", version: "1", files: { "one.py": "print('one')\n" } }]);
});
afterAll(() => user.remove());

async function build(layout: keyof typeof WRITERS, name: string, interpreters: readonly string[]): Promise<string> {
  const image = makeImage({
    requirements: ["one"],
    wheels,
    sources: [],
    settings: { entryPoint: "one" },
    runtime: readRuntimeFiles(interpreters),
    shebang: "#!/usr/bin/env python3",
    version: "0.0.1",
    preInstall: layout === "loose",
  });
  mkdirSync(user.path("pex"), { recursive: true });
  const path = user.path("pex", name);
  await WRITERS[layout](image, path);
  return path;
}

/** Runs a PEX and tells what of it was compiled. */
const LISTENER = `
import runpy, sys
names = []
def listen(event, values):
    if event == "compile" and isinstance(values[1], (str, bytes)):
        names.append(str(values[1]))
sys.addaudithook(listen)
sys.argv = sys.argv[1:]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
finally:
    sys.stderr.write("".join(name + "\\n" for name in names if "pexjs_runtime" in name or "__main__.py" in name))
`;

test("the runtime was compiled for interpreters of this machine", () => {
  expect(listening.map(({ name }) => name)).not.toEqual([]);
});

describe.each(listening)("under Python $name", (python) => {
  const own = nameOf(python);

  test.each(["zipapp", "packed"] as const)("the first start of a PEX of layout %s compiles nothing", async (layout) => {
    const pex = await build(layout, `${own}-${layout}.pex`, [own]);
    const env = { PEX_ROOT: user.path("roots", `${own}-${layout}`) };
    const compiled = async (): Promise<unknown> => {
      const { status, stdout, stderr } = await user.run(python.path, ["-B", "-c", LISTENER, pex], { env });
      return [
        status,
        stdout,
        stderr.split("\n").filter((name) => layout === "zipapp" || !name.endsWith("/__main__.py")),
      ];
    };
    expect(await compiled()).toEqual([0, "one\n", [""]]);
    expect(await compiled()).toEqual([0, "one\n", [""]]);
  });

  test("that of a loose one compiles its first module only", async () => {
    const pex = await build("loose", `${own}-loose.pex`, [own]);
    const { status, stdout, stderr } = await user.run(python.path, ["-B", "-c", LISTENER, pex]);
    const names = stderr.split("\n").filter((name) => name !== "" && !name.endsWith("/__main__.py"));
    expect([status, stdout]).toEqual([0, "one\n"]);
    expect(names.map((name) => name.slice(name.lastIndexOf("/") + 1))).toEqual(["__init__.py", "begin.py"]);
  });
});

test("one that was compiled for all of them runs everywhere, with one `__main__.pyc` for the first", async () => {
  const pex = await build("zipapp", "all.pex", versions.map(nameOf));
  const names = printed(await user.run(newest.path, ["-m", "zipfile", "-l", pex])).split("\n");
  expect(names.filter((name) => name.startsWith(".bootstrap/compiled-")).length).toBeGreaterThanOrEqual(
    listening.length,
  );
  expect(names.filter((name) => name.startsWith("__main__.pyc"))).toHaveLength(1);
  for (const python of versions) {
    for (const round of ["first", "second"]) expect(printed(await user.start(python, pex)), round).toBe("one");
  }
});

test("compiled code that cannot be read is no harm: there are the sources", async () => {
  const pex = await build("loose", "damaged.pex", listening.map(nameOf));
  const bootstrap = join(pex, ".bootstrap");
  for (const name of readdirSync(bootstrap)) {
    if (name.startsWith("compiled-")) writeFileSync(join(bootstrap, name), "no code at all");
  }
  for (const python of listening) expect(printed(await user.start(python, pex))).toBe("one");
});

test("facts mean the same to Python as to the builder", () => {
  const facts = {
    none: undefined,
    no: false,
    yes: true,
    number: -7,
    text: "größe \u{1f40d}",
    list: ["a", ["b", "c"], []],
  };
  const code =
    "import ast, marshal, sys; print(marshal.loads(sys.stdin.buffer.read()) == ast.literal_eval(sys.argv[1]))";
  const literal = `{"none": None, "no": False, "yes": True, "number": -7, "text": "größe \u{1f40d}", "list": ["a", ["b", "c"], []]}`;
  for (const python of versions.filter(({ major }) => major === 3)) {
    const run = spawnSync(python.path, ["-X", "utf8", "-c", code, literal], {
      input: marshalled(facts),
      encoding: "utf8",
    });
    expect([python.name, run.stdout, run.stderr]).toEqual([python.name, "True\n", ""]);
  }
});
