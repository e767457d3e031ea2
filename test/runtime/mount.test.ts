/** `import __pex__` in a program that runs already, from every form of PEX. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { newest, printed, sample, User, versions, type PexSpec } from "./kit.ts";

const user = new User();
const SPEC: PexSpec = {
  wheels: [
    {
      name: "one",
      version: "1",
      files: { "one.py": "from two import NAME\n", "one.pth": "import sys; sys.pth_was_read = True\n" },
      requires: ["two"],
    },
    {
      name: "two",
      version: "1",
      files: { "two/__init__.py": "NAME = 'two'\n", "clash.py": "OWNER = 'distribution'\n" },
    },
  ],
  roots: ["one"],
  sources: { "app.py": "import one\nNAME = one.NAME + ' by app'\n", "clash.py": "OWNER = 'own'\n" },
};
const FORMS = { zipapp: {}, loose: { layout: "loose" }, venv: { facts: { venv: true } } } as const;
let other: string;
beforeAll(() => {
  for (const [name, form] of Object.entries(FORMS)) user.make(name, { ...SPEC, ...form });
  other = user.make("other.pex", {
    wheels: [{ name: "three", version: "1", files: { "three.py": "", "clash.py": "OWNER = 'other'\n" } }],
    sources: { "other_code.py": "", "clash.py": "OWNER = 'code of another'\n" },
  });
  user.make("sealed", { ...SPEC, facts: { pex_path: [other] } });
  for (const module of ["two", "clash"]) user.write(`host/${module}.py`, "NAME = OWNER = 'host'\n");
});
afterAll(() => user.remove());

/** A program of the host that mounts a PEX, and has modules of the same names, and tells what it sees. */
function program(pex: string, then: string): string {
  return `
import os, sys
sys.path[:0] = ${JSON.stringify([user.path("host"), user.path(pex)])}
import __pex__
import app, clash
from __pex__ import two
${then}
import json, argparse, unittest, email.message, multiprocessing, encodings.idna  # the standard library is complete
left = sorted(name for name in sys.modules if "pexjs" in name)
sys.stdout.write(" ".join([app.NAME, two.NAME, clash.OWNER, str(left), str(getattr(sys, "pth_was_read", False))]))
`;
}

const own = { zipapp: "own", loose: "own", venv: "own" } as const;

describe.each(versions)("under Python $name", (python) => {
  test.each(Object.entries(own))(
    "%s: sources, distributions and the standard library are there",
    async (form, owner) => {
      for (let start = 0; start < 2; start++) {
        const ran = await user.run(python.path, ["-c", program(form, "")], { env: { PATH: user.searchPath } });
        expect(printed(ran)).toBe(`two by app two ${owner} [] True`);
      }
    },
  );

  test("PEX files on PEX_PATH come along, behind the PEX itself", async () => {
    for (const form of ["zipapp", "loose", "venv"]) {
      const env = { PATH: user.searchPath, PEX_PATH: other };
      const ran = await user.run(python.path, ["-c", program(form, "import three, other_code")], { env });
      expect(printed(ran)).toBe("two by app two own [] True");
    }
    const sealed = await user.run(python.path, ["-c", program("sealed", "import three, other_code")]);
    expect(printed(sealed)).toBe("two by app two own [] True");
  });
});

test("what cannot be mounted is an ImportError that the program may catch", async () => {
  user.make("unfit", {
    wheels: [{ name: "native", version: "1", tag: "cp27-cp27m-win32", files: { "native.py": "" } }],
  });
  const code = `
import sys
sys.path.insert(0, ${JSON.stringify(user.path("unfit"))})
try:
    import __pex__
except ImportError as error:
    sys.stdout.write(str(error))
import json
`;
  for (const python of sample) {
    const text = printed(await user.run(python.path, ["-c", code]));
    expect(text).toContain(`${user.path("unfit")}: `);
    expect(text).toContain("inside is native-1-cp27-cp27m-win32.whl, whose tags do not fit");
    expect(text).toContain("hint: ");
  }
});

test("a name that is not inside is an ImportError", async () => {
  const code = `
import sys
sys.path.insert(0, ${JSON.stringify(user.path("zipapp"))})
import __pex__
try:
    from __pex__ import nothing
except ImportError as error:
    print("ImportError")
print(hasattr(__pex__, "__path__"), __pex__.__name__)
`;
  expect(printed(await user.run(newest.path, ["-c", code]))).toBe("ImportError\nTrue __pex__");
});
