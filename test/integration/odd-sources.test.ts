/** Sources that nobody expects come out of every layout as they went in. */
import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";

import { pythonVersions } from "../support/python-versions.ts";
import { Workspace } from "../support/workspace.ts";

/** Prints what lies beside it that is not the PEX's own, with executable bits; run by a Python that reads the names as bytes. */
const LIST = `import os
import pex
home = os.path.dirname(os.path.abspath(__file__))
own = {".bootstrap", ".deps", "__pex__", "__pycache__", "PEX-INFO", "__main__.py"}
for folder, folders, files in os.walk(os.fsencode(home)):
    folders[:] = sorted(each for each in folders if os.fsdecode(each) not in own)
    for name in sorted(each for each in files if os.fsdecode(each) not in own):
        path = os.path.join(folder, name)
        print(os.path.relpath(path, os.fsencode(home)), os.access(path, os.X_OK), os.path.islink(path))
print(pex.NAME)
`;

const EXPECTED = `b'.hidden' False False
b'app.py' False False
b'back\\\\slash.txt' False False
b'gr\\xc3\\xb6\\xc3\\x9fe.txt' False False
b'run.sh' True False
b'linked/__init__.py' False False
b'linked/link.sh' True False
b'new\\nline/with space.txt' False False
b'pex/__init__.py' False False
b'pkg/__init__.py' False False
b'pkg/link.sh' True False
the user's own
`;

let user: Workspace;
beforeAll(() => {
  user = new Workspace();
  user.write("src/app.py", LIST);
  user.write("src/pex/__init__.py", 'NAME = "the user\'s own"\n');
  user.write("src/größe.txt", "");
  user.write("src/back\\slash.txt", "");
  user.write("src/new\nline/with space.txt", "");
  user.write("src/.hidden", "");
  user.write("src/pkg/__init__.py", "");
  user.write("src/run.sh", "#!/bin/sh\n");
  chmodSync(user.path("src/run.sh"), 0o755);
  symlinkSync("../run.sh", user.path("src/pkg/link.sh"));
  symlinkSync("pkg", user.path("src/linked"));
  mkdirSync(user.path("src/empty"));
});
afterAll(() => user.remove());

test.each([["zipapp"], ["zipapp", "--no-compress"], ["packed"], ["loose"], ["zipapp", "--venv"]])(
  "--layout %s %s",
  async (...layout) => {
    const built = await user.pex(["-D", "src", "-m", "app", "--layout", ...layout, "-o", "out"]);
    expect(built).toMatchObject({ status: 0, stderr: "" });
    const ran = await user.run("python3", [user.path("out")]);
    expect(ran.stderr).toBe("");
    if (!layout.includes("--venv")) expect(ran.stdout).toBe(EXPECTED);
    else expect(ran.stdout).toContain("the user's own\n");
  },
);

test.each(pythonVersions().filter(({ major }) => major === 3))(
  "packages without `__init__.py` are found in the file itself, under Python $name",
  async ({ path }) => {
    user.write("spaces/space/inner/module.py", "print('found')\n");
    user.write("spaces/regular/__init__.py", "");
    user.write("spaces/static/file.txt", "");
    await user.pex(["-D", "spaces", "-o", "spaces.pex"]);
    const env = { PYTHONPATH: user.path("spaces.pex") };
    expect(await user.run(path, ["-c", "import space.inner.module"], { env })).toMatchObject({ stdout: "found\n" });
    const listed = await user.run(path, ["-m", "zipfile", "-l", user.path("spaces.pex")]);
    expect(listed.stdout.match(/^\S+\/(?= )/gm)).toEqual(["space/", "space/inner/"]);
  },
);

test.each(["__main__.py", "PEX-INFO", ".deps/x", ".bootstrap/x", "__pex__/x"])(
  "%s is refused with the same words in every layout",
  async (name) => {
    user.write(`reserved/${name.replaceAll("/", "-")}/${name}`, "");
    const said = new Set<string>();
    for (const layout of ["zipapp", "packed", "loose"]) {
      const source = `reserved/${name.replaceAll("/", "-")}`;
      const built = await user.pex(["-D", source, "--layout", layout, "-o", "refused"]);
      expect(built.status).toBe(1);
      said.add(built.stderr);
    }
    expect([...said]).toHaveLength(1);
    expect([...said][0]).toContain("[SOURCE_CONFLICT]");
  },
);
