/** What every Python program has, it has in a PEX: `exit`, `help`, `breakpoint`, the options that Python was given, its line in `ps`. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { printed, sample, User, versions } from "./kit.ts";

const PROGRAM = `from __future__ import print_function
import atexit, sys
print(type(help).__name__, type(copyright).__name__, type(license).__name__, quit, exit)
help(sys.getrefcount if hasattr(sys, "getrefcount") else sys.exit)
print(sys.warnoptions, getattr(sys, "_xoptions", {}).get("mine"), sys.flags.optimize, __debug__)
atexit.register(print, "at exit")
sys.stdout.flush()
if sys.version_info >= (3, 7):
    breakpoint()
else:
    import pdb; pdb.set_trace()
print("after")
exit(3)
`;
const COMMAND_LINE = "print(open('/proc/self/cmdline').read().split('\\0')[:-1])\n";
const SETPROCTITLE = "def setproctitle(title):\n    print('title ' + title)\n";

const user = new User();
const forms: Record<string, string> = {};
const titled: Record<string, string> = {};
beforeAll(() => {
  user.write("plain/app.py", PROGRAM);
  const modes = { zipapp: {}, loose: { layout: "loose" }, venv: { facts: { venv: true } } } as const;
  const wheels = [{ name: "setproctitle", version: "1", files: { "setproctitle.py": SETPROCTITLE } }];
  for (const [name, mode] of Object.entries(modes)) {
    const facts = { entry_point: "app", ...("facts" in mode && mode.facts) };
    forms[name] = user.make(name, { sources: { "app.py": PROGRAM }, ...mode, facts });
    const sources = { "app.py": COMMAND_LINE };
    titled[name] = user.make(`titled-${name}`, { sources, wheels, ...mode, facts });
    titled[`${name} without`] = user.make(`untitled-${name}`, { sources, ...mode, facts });
  }
});
afterAll(() => user.remove());

describe.each(versions)("under Python $name", (python) => {
  test("a program prints, stops for the debugger and ends as a plain script does", async () => {
    const options = ["-O", "-W", "ignore::ImportWarning", ...(python.major === 2 ? [] : ["-X", "mine=1"])];
    const run = async (path: string): Promise<unknown> => {
      const stdin = "p 40 + 2\nc\n";
      const { status, stdout, stderr } = await user.run(python.path, [...options, path], { stdin });
      return [status, stdout.replaceAll(/\/\S+\/app\.py/g, "app.py"), stderr];
    };
    const plain = await run(user.path("plain", "app.py"));
    expect(plain).toEqual([3, expect.stringMatching(/42\n[^]*after\nat exit\n$/), ""]);
    for (const [name, path] of Object.entries(forms)) expect([name, await run(path)]).toEqual([name, plain]);
  });
});

test.each(sample)("the title of the process is what was started, under Python $name", async (python) => {
  for (const [name, path] of Object.entries(titled)) {
    for (const _coldThenWarm of [0, 1]) {
      const lines = printed(await user.start(python, path, ["--to", "a b"])).split("\n");
      const line = (lines.at(-1) ?? "").replaceAll(/[[\],']/g, "");
      const interpreter = name.startsWith("venv") ? /^\S+\/venvs\/\w+\/bin\/python/ : new RegExp(`^${python.path} `);
      expect([name, line]).toEqual([name, expect.stringMatching(interpreter)]);
      expect(line.endsWith(" --to a b")).toBe(true);
      if (!name.startsWith("venv")) expect(line).toContain(` ${path} `);
      const titles = name.endsWith("without")
        ? []
        : [expect.stringMatching(new RegExp(`^title \\S+ ${path} --to a b$`))];
      expect(lines.slice(0, -1)).toEqual(titles);
    }
  }
});
