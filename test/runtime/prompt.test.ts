/** What a person at a terminal meets: Python's own prompt, with what is inside. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { PythonVersion } from "../support/python-versions.ts";
import { newest, oldest, sample, User, versions } from "./kit.ts";

/** Plays a person at a terminal: `python -c TERMINAL argv… -- lines…`; a script of its own because Node has no terminals. */
const TERMINAL = readFileSync(new URL("../support/terminal.py", import.meta.url), "utf8");
const CONTROL_D = "\u0004";
const CONTROL_P = "\u0010"; // the line before this one
const FORMS = [{}, { PEX_VENV: "1" }];

const user = new User();
let pex: string;
beforeAll(() => {
  pex = user.make("python.pex", { wheels: [{ name: "inside", version: "1", files: { "inside.py": "import sys\n" } }] });
});
afterAll(() => user.remove());

/** The screen after all was typed, and `status 0`. */
async function session(
  python: PythonVersion,
  typed: readonly string[],
  { options = [], env = {} }: { readonly options?: readonly string[]; readonly env?: Record<string, string> } = {},
): Promise<string> {
  const words = ["-c", TERMINAL, python.path, ...options, pex, "--", ...typed];
  const result = await user.run(newest.path, words, { env: { PEX_VERBOSE: undefined, ...env } });
  return result.stdout;
}

describe.each(versions)("under Python $name", (python) => {
  test("at a terminal there is Python's own prompt, with completion, and `exit` codes", async () => {
    const screen = await session(python, [
      "print(6 * 7)",
      "import inside, os, sys",
      "print([os.environ.get('PYTHONINSPECT'), sys.path[0], sys.argv])",
      "ins\t.__name__",
      "sys.exit(7)",
    ]);
    expect(screen).toMatch(
      /^Pex 0\.1\.0 hermetic environment with 1 requirement and 1 activated distribution\.\r\nPython \d/,
    );
    expect(screen).toMatch(/Type "help", "copyright", "credits" or "license" for more information\./);
    expect(screen).toContain("\n42\r\n");
    expect(screen).toContain("[None, '', ['']]");
    if (!python.isPyPy) expect(screen).toContain("'inside'");
    expect(screen).toMatch(/status 7\s*$/);
  });
});

test("PYTHONSTARTUP is run, and a start with -E or -i has a prompt too", async () => {
  const startup = user.write("startup.py", "greeting = 'from ' + 'startup'\n");
  for (const python of sample) {
    const started = await session(python, ["print(greeting)", "exit()"], { env: { PYTHONSTARTUP: startup } });
    expect(started).toContain("from startup");
    for (const option of ["-E", "-i"]) {
      const typed = ["print(6 * 7)", "import inside", "ins\t.__name__", "inside.sys.exit(3)"];
      const screen = await session(python, typed, { options: [option] });
      expect(screen).toMatch(/\n42\r\n[^]*status 3/);
      if (!python.isPyPy) expect(screen).toContain("'inside'");
    }
  }
});

test("`help` and `exit` are there", async () => {
  for (const python of [oldest, newest]) {
    for (const env of FORMS) {
      const screen = await session(python, ["help(len)", "exit(4)"], { env });
      expect(screen).toMatch(/Help on built-in function len[^]*status 4/);
    }
  }
});

describe("the history of the prompt", () => {
  const at = (name: string, more: Record<string, string> = {}) => {
    const home = user.path("homes", name);
    mkdirSync(home, { recursive: true });
    return { home, env: { HOME: home, PEX_ROOT: user.path("root"), TERM: "xterm", ...more } };
  };

  /** Python 3.13 and later have an editor of their own. */
  const editors = versions.filter((each) => sample.includes(each) || each.minor >= 13);
  test.each(editors)("is read and written under Python $name, where it is asked for", async (python) => {
    for (const [form, more] of FORMS.entries()) {
      const history = user.write(`homes/${python.name}-${form}/history`, "first = 41\nsecond = 0\n");
      const asked = { PEX_INTERPRETER_HISTORY: "1", PEX_INTERPRETER_HISTORY_FILE: history, ...more };
      const { home, env } = at(`${python.name}-${form}`, asked);
      const screen = await session(python, [CONTROL_P + CONTROL_P, "print(first + 1)", CONTROL_D], { env });
      expect(screen).toMatch(/\b42\b[^]*status 0/);
      expect(readFileSync(history, "utf8")).toBe("first = 41\nsecond = 0\nfirst = 41\nprint(first + 1)\n");
      expect(existsSync(join(home, ".python_history"))).toBe(false);
    }
  });

  test("is kept nowhere unless it is asked for, and one that cannot be saved is a warning", async () => {
    for (const python of [oldest, newest]) {
      for (const [form, more] of FORMS.entries()) {
        const { home, env } = at(`none-${python.name}-${form}`, more);
        const screen = await session(python, ["print(6 * 7)", CONTROL_D], { env });
        expect(screen).toMatch(/\b42\b[^]*status 0/);
        expect(existsSync(join(home, ".python_history"))).toBe(false);
        const lost = { PEX_INTERPRETER_HISTORY: "1", PEX_INTERPRETER_HISTORY_FILE: "/nowhere/history" };
        const warned = await session(python, ["print(6 * 7)", CONTROL_D], { env: { ...env, ...lost } });
        expect(warned).toMatch(
          /python\.pex: warning: the history of the prompt cannot be saved as \/nowhere\/history: /,
        );
        expect(warned).not.toContain("Traceback");
      }
    }
  });
});
