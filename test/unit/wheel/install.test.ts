import { createHash } from "node:crypto";
import { expect, test } from "vitest";

import { sha256 } from "../../../src/base/digest.ts";
import { parseWheelFilename } from "../../../src/standards/wheel-filename.ts";
import { installWheel } from "../../../src/wheel/install.ts";
import { installedFingerprint } from "../../../src/wheel/fingerprint.ts";
import { entryPointScript } from "../../../src/wheel/script.ts";
import type { WheelSource } from "../../../src/wheel/wheel-source.ts";
import { destinationOf } from "../../support/wheel-destination.ts";

const FINGERPRINT = installedFingerprint(sha256("the wheel"));
const WHEEL = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n";
const METADATA = "Metadata-Version: 2.1\nName: My-Demo\nVersion: 1.0\n";

/** An open wheel of these files; a name that ends with `*` is executable, one that ends with `/` a directory. */
function fakeSource(files: Readonly<Record<string, string>>): WheelSource {
  const all = {
    ...files,
    "my_demo-1.0.dist-info/METADATA": METADATA,
    "my_demo-1.0.dist-info/WHEEL": WHEEL,
    ...("my_demo-1.0.dist-info/RECORD" in files ? {} : { "my_demo-1.0.dist-info/RECORD": "what the wheel said" }),
  };
  const texts = new Map(Object.entries(all).map(([name, text]) => [name.replace(/\*$/, ""), text]));
  const entries = Object.entries(all).map(([name, text]) => ({
    name: name.replace(/\*$/, ""),
    isDirectory: name.endsWith("/"),
    method: 0,
    crc32: 0,
    compressedSize: text.length,
    size: text.length,
    mode: name.endsWith("*") ? 0o100755 : 0o100644,
    headerOffset: 0,
    end: 0,
  }));
  return {
    name: parseWheelFilename("my_demo-1.0-py3-none-any.whl"),
    entries,
    distInfo: "my_demo-1.0.dist-info",
    dataDirectory: "my_demo-1.0.data",
    readDistInfo: async (name) => texts.get(`my_demo-1.0.dist-info/${name}`),
    async *content({ name }) {
      yield Buffer.from(texts.get(name) ?? "");
    },
    locate: async () => ({ path: "", offset: 0 }),
  };
}

interface Installed {
  readonly texts: ReadonlyMap<string, string>;
  /** `path mode` in the order of writing. */
  readonly list: readonly string[];
}

async function install(files: Readonly<Record<string, string>>): Promise<Installed> {
  const texts = new Map<string, string>();
  const list: string[] = [];
  const write = (path: string, content: Uint8Array, mode: number): void => {
    texts.set(path, Buffer.from(content).toString());
    list.push(`${path} ${mode.toString(8)}`);
  };
  const source = fakeSource(files);
  await installWheel(source, destinationOf(source, write), FINGERPRINT);
  return { texts, list };
}

test("every part of a wheel goes to its place, with its executable bit", async () => {
  const { list } = await install({
    "demo/": "",
    "demo/__init__.py": "",
    "demo/tool.sh*": "",
    "my_demo-1.0.data/purelib/demo/pure.py": "",
    "my_demo-1.0.data/platlib/demo/native.so": "",
    "my_demo-1.0.data/scripts/old": "#!python\n",
    "my_demo-1.0.data/data/share/x": "",
    "my_demo-1.0.data/headers/sub/h.h": "",
    "my_demo-1.0.dist-info/licenses/LICENSE": "",
  });
  expect(list).toEqual([
    "demo/__init__.py 644",
    "demo/tool.sh 755",
    "demo/pure.py 644",
    "demo/native.so 644",
    ".prefix/bin/old 755",
    ".prefix/data/share/x 644",
    ".prefix/include/site/pythonX.Y/My-Demo/sub/h.h 644",
    "my_demo-1.0.dist-info/licenses/LICENSE 644",
    "my_demo-1.0.dist-info/METADATA 644",
    "my_demo-1.0.dist-info/WHEEL 644",
    "my_demo-1.0.pex-info/original-whl-info.json 644",
    "my_demo-1.0.dist-info/RECORD 644",
    ".layout.json 644",
  ]);
});

test("RECORD is written anew: what is there under the names it has now, compiled files left out", async () => {
  const { texts } = await install({
    "demo.py": "x = 1\n",
    "__pycache__/demo.cpython-311.pyc": "compiled elsewhere",
    "my_demo-1.0.data/scripts/old": "#!python\n",
    "my_demo-1.0.dist-info/RECORD": "/etc/passwd,,\nmissing.py,sha256=x,1\nmy_demo-1.0.dist-info/RECORD,,\n",
  });
  const rows = (texts.get("my_demo-1.0.dist-info/RECORD") ?? "").trimEnd().split("\n");
  const digest = createHash("sha256").update("x = 1\n").digest("base64url");
  expect(rows[0]).toBe(`demo.py,sha256=${digest},6`);
  expect(rows.map((row) => row.split(",")[0])).toEqual([
    "demo.py",
    ".prefix/bin/old",
    "my_demo-1.0.dist-info/METADATA",
    "my_demo-1.0.dist-info/WHEEL",
    "my_demo-1.0.pex-info/original-whl-info.json",
    "my_demo-1.0.dist-info/RECORD",
  ]);
  expect(rows.at(-1)).toBe("my_demo-1.0.dist-info/RECORD,,");
});

test("entry points become scripts, unless the wheel has a script of that name", async () => {
  const { texts, list } = await install({
    "my_demo-1.0.data/scripts/mine": "#!/bin/sh\n",
    "my_demo-1.0.dist-info/entry_points.txt":
      "[console_scripts]\nrun = demo.cli:main\nmine = demo:x\n[gui_scripts]\nrun = demo.gui:main\nwindow = demo.gui\n[other]\nplugin = demo:y\n",
  });
  expect(list.filter((line) => line.startsWith(".prefix/"))).toEqual([
    ".prefix/bin/mine 755",
    ".prefix/bin/run 755",
    ".prefix/bin/window 755",
  ]);
  expect(texts.get(".prefix/bin/mine")).toBe("#!/bin/sh\n");
  expect(texts.get(".prefix/bin/run")).toContain("from demo.cli import main");
});

test.each([
  [{ module: "demo.cli", attribute: "App.run" }, "from demo.cli import App\n", "    sys.exit(App.run())\n"],
  [{ module: "demo", attribute: undefined }, "import runpy\n", 'runpy.run_module("demo", run_name="__main__"'],
])("the script of %j starts it", (entryPoint, ...parts) => {
  const text = entryPointScript(entryPoint);
  expect(text.startsWith("#!python\n# -*- coding: utf-8 -*-\n")).toBe(true);
  for (const part of parts) expect(text).toContain(part);
});

test("what pex wants to know of the tree lies beside it", async () => {
  const { texts } = await install({ "demo.py": "" });
  expect(JSON.parse(texts.get(".layout.json") ?? "")).toEqual({
    fingerprint: FINGERPRINT,
    record_relpath: "my_demo-1.0.dist-info/RECORD",
    root_is_purelib: true,
    stash_dir: ".prefix",
    sys_path_entries: ["."],
  });
  const info = JSON.parse(texts.get("my_demo-1.0.pex-info/original-whl-info.json") ?? "") as { entries: unknown[][] };
  expect(info).toMatchObject({ filename: "my_demo-1.0-py3-none-any.whl" });
  expect(info.entries[0]).toEqual(["demo.py", [1980, 1, 1, 0, 0, 0], 0o100644 * 0x10000]);
});

test.each<readonly [string, Readonly<Record<string, string>>, string]>([
  ["two files for one place", { "x.py": "", "my_demo-1.0.data/purelib/x.py": "" }, "CORRUPT_WHEEL"],
  ["an unknown scheme", { "my_demo-1.0.data/magic/x": "" }, "CORRUPT_WHEEL"],
  ["a name that is pex's own", { ".layout.json": "{}" }, "CORRUPT_WHEEL"],
  ["an absolute path in its data", { "my_demo-1.0.data/purelib//etc/passwd": "" }, "ZIP_ABSOLUTE_PATH"],
  [
    "a script that leaves its directory",
    { "my_demo-1.0.dist-info/entry_points.txt": "[console_scripts]\n../../x = demo:main\n" },
    "CORRUPT_WHEEL",
  ],
])("a wheel with %s is refused", async (_, files, code) => {
  await expect(install(files)).rejects.toMatchObject({ code });
});

test("equal wheels have equal fingerprints, other ones others", () => {
  expect(installedFingerprint(sha256("a"))).toBe(installedFingerprint(sha256("a")));
  expect(installedFingerprint(sha256("a"))).not.toBe(installedFingerprint(sha256("b")));
  expect(installedFingerprint(sha256("a"))).not.toBe(sha256("a"));
});
