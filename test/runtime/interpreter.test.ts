/** A PEX without an entry point is a Python: what it is given runs as `python` would run it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { printed, sample, User, versions } from "./kit.ts";

const SHOW = `
from __future__ import print_function
import inside, sys
main = sys.modules['__main__']
print(__name__, sys.argv, main.__dict__ is globals(), __doc__, __package__, sorted(n for n in globals() if n[:1] != '_'))
`;
const user = new User();
let pex: string;
beforeAll(() => {
  pex = user.make("python.pex", { wheels: [{ name: "inside", version: "1", files: { "inside.py": "import sys\n" } }] });
  user.write("script.py", SHOW);
  user.write("folder/__main__.py", `${SHOW}import beside`);
  user.write("folder/beside.py", "");
  user.write("sub/script.py", "import beside, sys\nsys.exit(7)");
  user.write("sub/beside.py", "");
});
afterAll(() => user.remove());

describe.each(versions)("under Python $name", (python) => {
  test("`-c`, `-m`, scripts, folders and `-` run as under plain Python", async () => {
    const lines = [];
    for (const args of [
      ["-c", SHOW, "a"],
      ["script.py", "--b"],
      ["folder", "c"],
    ])
      lines.push(printed(await user.start(python, pex, args)));
    expect(lines.map((line) => line.replace(/\[.*?\].*/, ""))).toEqual(["__main__ ", "__main__ ", "__main__ "]);
    expect(lines[0]).toMatch(/\['-c', 'a'\] True None None/);
    expect(lines[1]).toMatch(/\['script.py', '--b'\] True None None/);
    expect(lines[2]).toMatch(/\['folder', 'c'\] True None /);
    expect(printed(await user.start(python, pex, ["-", "x"], { stdin: SHOW }))).toMatch(/\['-', 'x'\] True/);
    expect(printed(await user.start(python, pex, [], { stdin: SHOW }))).toMatch(/\[''\] True/);
    expect(printed(await user.start(python, pex, ["-m", "json.tool"], { stdin: '{"a":1}' }))).toMatch(/"a": 1/);
  });

  test("the folder of a script comes first on `sys.path`, after `-c` the working folder", async () => {
    expect((await user.start(python, pex, ["sub/script.py"])).status).toBe(7);
    const first = "import sys; print(sys.path[:1])";
    expect(printed(await user.start(python, pex, ["-c", first]))).toBe("['']");
  });

  test("options for Python work wherever they stand", async () => {
    const flags =
      "import sys; print(sys.flags.optimize, sys.flags.dont_write_bytecode, [w for w in sys.warnoptions if 'Imp' in w], sys.argv)";
    const plain = printed(await user.run(python.path, ["-O", "-B", "-W", "ignore::ImportWarning", "-c", flags, "a"]));
    expect(printed(await user.start(python, pex, ["-O", "-B", "-W", "ignore::ImportWarning", "-c", flags, "a"]))).toBe(
      plain,
    );
    expect(printed(await user.start(python, pex, ["-OBc", flags, "a"]))).toMatch(/1, 1,|1 1 /);
    const before = await user.run(python.path, ["-O", "-B", "-W", "ignore::ImportWarning", pex, "-c", flags, "a"]);
    expect(printed(before)).toBe(plain);
    const version = await user.start(python, pex, ["-V"]);
    expect(version.stdout + version.stderr).toMatch(new RegExp(`^Python ${python.major}.${python.minor}`));
  });

  test("errors are Python's, in one line, with its exit codes", async () => {
    const absent = await user.start(python, pex, ["nosuch.py"]);
    expect([absent.status, absent.stderr]).toEqual([
      2,
      "python.pex: can't open file 'nosuch.py': [Errno 2] No such file or directory\n",
    ]);
    for (const option of ["-c", "-m"]) {
      const lacking = await user.start(python, pex, [option]);
      expect([lacking.status, lacking.stderr.split("\n")[0]]).toEqual([
        2,
        `python.pex: Argument expected for the ${option} option`,
      ]);
    }
    const unknown = await user.start(python, pex, ["-m", "nosuch.module"]);
    expect([unknown.status, unknown.stderr]).toEqual([
      1,
      expect.stringMatching(/^python\.pex: No module named nosuch/),
    ]);
    expect((await user.start(python, pex, ["-c", "import sys; sys.exit(6)"])).status).toBe(6);
    const syntax = await user.start(python, pex, ["-c", "print 'a' b"]);
    expect([syntax.status, syntax.stderr]).toEqual([1, expect.stringMatching(/SyntaxError/)]);
  });
});

test("PEX_INTERPRETER makes an interpreter of any PEX, options included", async () => {
  const app = user.make("app.pex", { sources: { "app.py": "print('sealed')" }, facts: { entry_point: "app" } });
  for (const python of sample) {
    const env = { PEX_INTERPRETER: "1" };
    expect(printed(await user.start(python, app, ["-c", "import sys; print(sys.argv)", "a"], { env }))).toBe(
      "['-c', 'a']",
    );
    expect(printed(await user.start(python, app, ["-Oc", "import app, sys; print(sys.flags.optimize)"], { env }))).toBe(
      "sealed\n1",
    );
    expect(printed(await user.start(python, app, ["-c"], { env: { PEX_INTERPRETER: "0" } }))).toBe("sealed");
  }
});
