/** What surrounds a start and is not as it should be: the locale, the working folder, streams, threads, a closed pipe. */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";

import { newest, oldest, printed, sample, User } from "./kit.ts";

const NO_THREADS = `
import runpy, sys
try:
    import _thread as threads
except ImportError:
    import thread as threads
def refuse(*arguments):
    raise threads.error("can't start new thread")
threads.start_new_thread = refuse
del sys.argv[0]
sys.path[0] = sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
`;
const SHOW = `
import binascii, os, sys
def main():
    for text in (sys.argv[1], os.environ["WORD"], os.environ["FILE"]):
        content = text if isinstance(text, bytes) else os.fsencode(text)
        print(binascii.hexlify(content[-5:]).decode())
`;
/** No UTF-8 in any Python. */
const ASCII = { LC_ALL: "C", PYTHONCOERCECLOCALE: "0", PYTHONUTF8: "0" };

const user = new User();
let plain: string;
beforeAll(() => {
  const files = Object.fromEntries(Array.from({ length: 100 }, (_, number) => [`inside/part${number}.py`, ""]));
  const script = "#!/bin/sh\nwhile :; do echo again; done\n";
  plain = user.make("plain.pex", {
    wheels: [
      {
        name: "inside",
        version: "1",
        files: { ...files, "inside/__init__.py": "", "inside-1.data/scripts/again": script },
      },
    ],
  });
});
afterAll(() => user.remove());

test.each(
  sample.flatMap((python) =>
    (python.isPyPy ? [false] : [false, true]).map((venv) => ({ venv, python, name: python.name })),
  ),
)(
  "what was sealed is UTF-8, whatever the locale says, under Python $name, with --venv: $venv",
  async ({ python, venv }) => {
    const entryPoints = "[console_scripts]\nzähl = wörter:zähl\n";
    const pex = user.make(`sealed-${venv}.pex`, {
      sources: { "app.py": SHOW, "nä.txt": "" },
      wheels: [{ name: "count", version: "1", files: { "count.py": "" }, entryPoints }],
      facts: {
        venv,
        entry_point: "app:main",
        inject_args: ["an ä"],
        inject_env: [["WORD", "the ä"]],
        bind_resource_paths: [["FILE", "nä.txt"]],
        pex_root: user.path("ä"),
      },
    });
    const hexadecimal = (text: string): string => Buffer.from(text).subarray(-5).toString("hex");
    for (const env of [ASCII, ASCII, { LC_ALL: "C.UTF-8" }]) {
      const shown = printed(await user.start(python, pex, [], { env })).split("\n");
      expect(shown).toEqual([hexadecimal("an ä"), hexadecimal("the ä"), hexadecimal("nä.txt")]);
    }
  },
);

test("a pexrc file is read, whatever the locale says", async () => {
  user.write("rc/.pexrc", "# ä\nPEX_MODULE=ä:ä\n");
  const pex = user.make("rc/x.pex", {});
  for (const python of sample) {
    const { stderr } = await user.start(python, pex, [], { env: ASCII });
    expect(stderr).toMatch(/^x\.pex: No (function of a module has the name|module named)/);
  }
});

test.each(sample)("a working folder that is gone is no obstacle, under Python $name", async (python) => {
  const script = 'mkdir -p "$2" && cd "$2" && rmdir "$2" && exec "$0" "$1" -m json.tool';
  const words = ["-c", script, python.path, plain, user.path("gone")];
  expect(printed(await user.run("sh", words, { stdin: "[]" }))).toBe("[]");
  const elsewhere = await user.run("sh", words, { stdin: "[]", env: { PEX_ROOT: "relative" } });
  expect([elsewhere.status, elsewhere.stdout]).toEqual([0, "[]\n"]);
  expect(elsewhere.stderr).toMatch(
    /^plain\.pex: warning: the cache relative is not writable \(No such file or directory\)[^\n]*\n$/,
  );
  const refused = await user.run("sh", words, { stdin: "[]", env: { PEX_PATH: "other.pex" } });
  expect(refused.stderr).toMatch(
    /^plain\.pex: Cannot merge other\.pex, which PEX_PATH names: No such file or directory\nhint: /,
  );
});

test.each(sample)("a closed stdin is one with nothing in it, under Python $name", async (python) => {
  expect(printed(await user.run("sh", ["-c", 'exec "$0" "$1" <&-', python.path, plain]))).toBe("");
});

test.each([oldest, newest])("where no thread can be started, one does all the work: Python $name", async (python) => {
  const env = { PEX_ROOT: user.path(`alone-${python.name}`), PEX_MAX_INSTALL_JOBS: "4" };
  const words = [user.write("no_threads.py", NO_THREADS), plain, "-c", "import inside.part99; print('right')"];
  expect(printed(await user.run(python.path, words, { env }))).toBe("right");
});

test.each(sample)("a program that takes over ends when nobody reads it: Python $name", (python) => {
  const script = '"$0" "$1" | head -n 1; echo "${PIPESTATUS[0]}"';
  const env = { PATH: "/usr/bin:/bin", PEX_ROOT: user.path("root"), PEX_SCRIPT: "again" };
  mkdirSync(env.PEX_ROOT, { recursive: true });
  const { stdout, stderr } = spawnSync("bash", ["--norc", "-c", script, python.path, plain], { env, encoding: "utf8" });
  expect([stdout, stderr]).toEqual(["again\n141\n", ""]);
});
