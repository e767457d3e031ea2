/** Every form of the file that is one or a few archives starts the same program: wheels whole or installed, deflated or not, in the archive or in front of it. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { makeImage, type ImageParts, type ImageWheel } from "../../src/pex/image.ts";
import { writePacked } from "../../src/pex/layout-packed.ts";
import { writeZipapp } from "../../src/pex/layout-zipapp.ts";
import { readRuntimeFiles } from "../../src/pex/runtime-files.ts";
import { imageWheels } from "../support/image-wheels.ts";
import type { WheelSpec } from "../support/wheel-maker.ts";
import { newest, printed, RUNTIME, User, versions } from "./kit.ts";

const PEX_TOOLS = join(RUNTIME, "..", "probes", "pex_tools.py");

const WHEELS: readonly WheelSpec[] = [
  {
    name: "one",
    version: "1",
    requires: ["two"],
    entryPoints: "[console_scripts]\none-tool = one:tool\n",
    files: {
      "one/__init__.py": "import two\ndef tool():\n    print('tool with ' + two.NAME)\n",
      "one/größe.txt": "size",
      "one/tool.sh": "#!/bin/sh\n",
      "one-1.data/purelib/pure.py": "",
      "one-1.data/scripts/one-old": "#!python\nimport sys, one\nprint('old ' + sys.argv[0])\n",
      "one-1.data/data/share/data.txt": "shared",
      "one-1.data/headers/one.h": "/* header */",
    },
    executables: ["one/tool.sh"],
  },
  { name: "two", version: "2", files: { "two.py": "NAME = 'two'\n", "two_data/big.txt": "same ".repeat(500_000) } },
];

const PROGRAM = `
import io, os, one, pure, two, helper
def main():
    here = os.path.dirname(one.__file__)
    with io.open(os.path.join(here, u"gr\\xf6\\xdfe.txt"), encoding="utf-8") as stream:
        text = stream.read()
    big = os.path.getsize(os.path.join(os.path.dirname(two.__file__), "two_data", "big.txt"))
    print("%s %s %d %s %s" % (text, two.NAME, big, os.access(os.path.join(here, "tool.sh"), os.X_OK), helper.NAME))
`;
const EXPECTED = "size two 2500000 True helper";

const user = new User();
let wheels: readonly ImageWheel[];
beforeAll(async () => void (wheels = await imageWheels(user.dir, WHEELS)));
afterAll(() => user.remove());

let root: string;
let serial = 0;
beforeEach(() => {
  root = user.path("roots", String(serial++));
});

const FORMS: Readonly<
  Record<string, Partial<ImageParts> & { readonly packed?: boolean; readonly isTooBig?: boolean }>
> = {
  "zipapp of installed wheels": { preInstall: true },
  "zipapp of installed wheels, nothing deflated": { preInstall: true, compress: false },
  "packed with installed wheels": { preInstall: true, packed: true },
  "wheels in front of the archive": { isTooBig: true },
  "installed wheels in front of the archive": { preInstall: true, isTooBig: true },
};

async function build(form: string): Promise<string> {
  const { packed = false, isTooBig = false, ...parts } = FORMS[form] ?? {};
  const file = (path: string, text: string) => ({ path, mode: 0o644 as const, read: () => Buffer.from(text) });
  const image = makeImage({
    requirements: ["one"],
    wheels,
    // So many that one archive has no room for them, where that is tried.
    sources: [
      file("app.py", PROGRAM),
      file("helper.py", "NAME = 'helper'\n"),
      ...Array.from({ length: 300 }, (_, index) => file(`pkg/m${index}.py`, "")),
    ],
    settings: { entryPoint: "app:main" },
    // Compiled for some of them.
    runtime: readRuntimeFiles(["cpython-312", "cpython-38", "pypy-39"]),
    shebang: "#!/usr/bin/env python3",
    version: "0.0.1",
    ...parts,
  });
  const path = user.path("pex", String(serial), `${form}.pex`);
  mkdirSync(user.path("pex", String(serial)), { recursive: true });
  const limits = isTooBig ? { entries: 200, bytes: 2 ** 32 } : undefined;
  await (packed ? writePacked(image, path) : writeZipapp(image, path, { limits }));
  return path;
}

describe.each(Object.keys(FORMS))("%s", (form) => {
  test("starts cold and warm under every Python", async () => {
    const pex = await build(form);
    const env = { PEX_ROOT: root };
    for (const python of versions) {
      expect(printed(await user.start(python, pex, [], { env })), `cold, ${python.name}`).toBe(EXPECTED);
      expect(printed(await user.start(python, pex, [], { env })), `warm, ${python.name}`).toBe(EXPECTED);
    }
  });

  test("runs scripts, is merged by PEX_PATH, mounted, and told apart from other first lines", async () => {
    const pex = await build(form);
    const env = { PEX_ROOT: root };
    const script = async (name: string): Promise<string> =>
      printed(await user.start(newest, pex, [], { env: { ...env, PEX_SCRIPT: name } }));
    expect([await script("one-tool"), await script("one-old")]).toEqual(["tool with two", "old one-old"]);
    const empty = user.make("empty.pex", {});
    const code = "import app; app.main()";
    const merged = await user.start(newest, empty, ["-c", code], { env: { ...env, PEX_PATH: pex } });
    expect(printed(merged)).toBe(EXPECTED);
    const mount = `import sys; sys.path.insert(0, ${JSON.stringify(pex)}); import __pex__, app; app.main()`;
    expect(printed(await user.run(newest.path, ["-c", mount], { env }))).toBe(EXPECTED);
  });

  test("becomes a virtual environment, and is taken apart by the tools", async () => {
    const pex = await build(form);
    const env = { PEX_ROOT: root, PEX_VENV: "1" };
    expect(printed(await user.start(newest, pex, [], { env }))).toBe(EXPECTED);
    const code = "import sys; print(open(sys.prefix + '/share/data.txt').read())";
    const data = await user.start(newest, pex, ["-c", code], { env: { ...env, PEX_INTERPRETER: "1" } });
    expect(printed(data)).toBe("shared");
    const out = user.path("extracted", form);
    const tools = { PEX_ROOT: root, __PEXJS_TOOLS_FOR: pex };
    printed(await user.run(newest.path, [PEX_TOOLS, "repository", "extract", "-f", out], { env: tools }));
    expect(readdirSync(out).toSorted()).toEqual(readdirSync(user.path("wheels")).toSorted());
    const info = await user.run(newest.path, [PEX_TOOLS, "repository", "info"], { env: tools });
    expect(printed(info).replaceAll(/^(\S+ \S+) .*$/gm, "$1")).toBe("one 1\ntwo 2");
  });

  test("leaves on disk what whole wheels leave, each wheel once however often it is started", async () => {
    const pex = await build(form);
    printed(await user.start(newest, pex, [], { env: { PEX_ROOT: root } }));
    const store = join(root, "pexjs", "1", "run", "wheels");
    expect(readdirSync(store)).toHaveLength(2);
    const all = readdirSync(store, { recursive: true, encoding: "utf8" }).map((name) => name.slice(65));
    for (const name of [
      "lib/one/__init__.py",
      "lib/pure.py",
      "data/share/data.txt",
      "headers/one.h",
      "scripts/one-old",
    ])
      expect(all, name).toContain(name);
  });
});

test("another first line changes nothing for what lies in front of the archive", async () => {
  const pex = await build("wheels in front of the archive");
  const content = readFileSync(pex);
  const rest = content.subarray(content.indexOf("\n"));
  const longer = Buffer.concat([Buffer.from(`#!/a/much/longer/line/${"x".repeat(300)}`), rest]);
  const other = user.path("other line.pex");
  writeFileSync(other, longer);
  expect(printed(await user.start(newest, other, [], { env: { PEX_ROOT: root } }))).toBe(EXPECTED);
});
