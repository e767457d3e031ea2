/** The bytes of a PEX are a pure function of its inputs: not of the clock, the locale, the umask, the place or the load. */
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";

import { writeWheel } from "../support/wheel-maker.ts";
import { Workspace } from "../support/workspace.ts";

let user: Workspace;
beforeAll(() => {
  user = new Workspace();
});
afterAll(() => user.remove());

const LATER = "data:text/javascript,const%20now=Date.now;Date.now=()=>now()%2B1e11";

test("two builds far apart in time and space give the same bytes", async () => {
  const names = ["alpha", "beta", "gamma", "delta"];
  for (const name of names) {
    const requires = name === "alpha" ? ["beta", "gamma ; python_version > '2'", "delta"] : [];
    writeWheel(user.path("wheels"), {
      name,
      version: "1.0",
      files: { [`${name}.py`]: `name = "${name}"\n` },
      requires,
    });
  }
  user.write("src/app/__init__.py", "");
  user.write("src/app/main.py", "import alpha\n\ndef run():\n    print(alpha.name)\n");
  user.write("src/data/ünïcode.txt", "ü".repeat(5000));
  chmodSync(user.write("src/tool.sh", "#!/bin/sh\n"), 0o755);
  const common = ["--no-index", "-f", user.path("wheels"), "alpha", "-D", user.path("src"), "-e", "app.main:run"];

  const first = await user.pex([...common, "-o", user.path("first.pex"), "-j", "1"]);
  mkdirSync(user.path("elsewhere"));
  const script = 'umask 077; exec "$@"';
  const again = await user.run(
    "sh",
    ["-c", script, "sh", process.execPath, user.bin("pex"), ...common, "-o", "second.pex", "-j", "8"],
    {
      cwd: user.path("elsewhere"),
      env: {
        HOME: user.path("elsewhere"),
        LC_ALL: "tr_TR.UTF-8",
        TZ: "Asia/Kathmandu",
        NODE_OPTIONS: `--import=${LATER}`,
        SOURCE_DATE_EPOCH: "1700000000",
      },
    },
  );
  expect([first.status, again.status], first.stderr + again.stderr).toEqual([0, 0]);
  expect(digest(user.path("elsewhere", "second.pex"))).toBe(digest(user.path("first.pex")));
});

/** Dates what it writes as the environment says, and writes what the order of a set is. */
const BACKEND = `
import os, time, zipfile
def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    date = time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", time.time())))[:6]
    info = "dated-1.0.dist-info/"
    with zipfile.ZipFile(os.path.join(wheel_directory, "dated-1.0-py3-none-any.whl"), "w") as wheel:
        for name, text in [
            ("dated.py", "WORDS = %r" % list({"some", "words", "in", "no", "order"})),
            (info + "METADATA", "Metadata-Version: 2.1\\nName: dated\\nVersion: 1.0\\n"),
            (info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"),
            (info + "RECORD", ""),
        ]:
            wheel.writestr(zipfile.ZipInfo(name, date), text)
    return "dated-1.0-py3-none-any.whl"
`;

test.each([[], ["--no-build-isolation"]])("a wheel built again is the same: %j", async (...options) => {
  const table = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n';
  user.write("dated/pyproject.toml", table);
  user.write("dated/backend.py", BACKEND);
  for (const [name, date] of [["one.pex"], ["two.pex", "1700000000"]]) {
    const env = { PYTHONHASHSEED: name === "one.pex" ? "1" : "2", SOURCE_DATE_EPOCH: date };
    const result = await user.pex(["./dated", ...options, "--pex-root", `root-of-${name}`, "-o", name ?? ""], { env });
    expect(result.status, result.stderr).toBe(0);
  }
  expect(digest(user.path("two.pex"))).toBe(digest(user.path("one.pex")));
});

function digest(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
