/** `pex-tools` on the files of upstream's releases: what it prints is what upstream prints, what it makes of them works. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { upstreamPexPython, type UpstreamVersion } from "../support/upstream-pex.ts";
import { type Result, Workspace } from "../support/workspace.ts";

const user = new Workspace();
afterAll(() => user.remove());

/** Wheels as the tools of Python make them, so that the same Python can make the same bytes again. */
const MAKE_WHEELS = `
import base64, hashlib, sys, zipfile
def wheel(name, version, files, headers, programs=()):
    stem = "%s-%s" % (name.replace("-", "_"), version)
    info = stem + ".dist-info/"
    files = dict((path.replace("DATA", stem + ".data"), text) for path, text in files.items())
    files[info + "METADATA"] = "Metadata-Version: 2.1\\nName: %s\\nVersion: %s\\n%s" % (name, version, headers)
    files[info + "WHEEL"] = "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
    if name == "Show-App": files[info + "entry_points.txt"] = "[console_scripts]\\nshow = show_app:main\\n"
    rows = ""
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        rows += "%s,sha256=%s,%d\\n" % (path, digest, len(text.encode()))
    files[info + "RECORD"] = rows + info + "RECORD,,\\n"
    with zipfile.ZipFile("%s/%s-py3-none-any.whl" % (sys.argv[1], stem), "w") as archive:
        for path, text in files.items():
            entry = zipfile.ZipInfo(path, (2021, 5, 6, 7, 8, 10))
            entry.external_attr = (0o100755 if "scripts" in path else 0o100644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)
wheel("Show-App", "1.0", {
    "show_app/__init__.py": "import show_lib\\ndef main():\\n    print('shown with ' + show_lib.NAME)\\n", "show_app/data.txt": "data\\n" * 50,
    "DATA/scripts/show-old": "#!python\\nimport show_app\\nprint('old script')\\n", "DATA/data/share/show/x.txt": "shared\\n",
    "DATA/headers/show.h": "/* */\\n",
}, "Requires-Python: >=3.6\\nRequires-Dist: show-lib (>=1,!=1.5)\\nRequires-Dist: colors; sys_platform=='win32' and (os.name!='x' or python_version<'3')\\nRequires-Dist: Extra.Thing[b,a]>2; extra=='more'\\nProvides-Extra: more\\n")
wheel("show-lib", "2.0", {"show_lib.py": "NAME = 'lib'\\n"}, "Home-page: https://show.example/\\n")
`;

interface Made {
  readonly name: string;
  readonly version: UpstreamVersion;
  readonly layout: string;
  readonly whole?: boolean;
}
const FILES: readonly Made[] = [
  { name: "zipapp", version: "2.105.2", layout: "zipapp" },
  { name: "packed", version: "2.105.2", layout: "packed" },
  { name: "loose", version: "2.105.2", layout: "loose" },
  { name: "whole", version: "2.105.2", layout: "zipapp", whole: true },
  { name: "zipapp-90", version: "2.1.90", layout: "zipapp" },
  { name: "loose-90", version: "2.1.90", layout: "loose" },
];

beforeAll(async () => {
  mkdirSync(user.path("wheels"));
  const made = spawnSync(upstreamPexPython(), ["-c", MAKE_WHEELS, user.path("wheels")], { encoding: "utf8" });
  expect(made).toMatchObject({ status: 0, stderr: "" });
  user.write("src/app.py", "import show_app\ndef run():\n    show_app.main()\n");
  for (const { name, version, layout, whole } of FILES) {
    const more = whole ? ["--no-pre-install-wheels"] : [];
    const words = ["-m", "pex", "--no-pypi", "-f", "wheels", "show-app", "-D", "src", "-e", "app:run"];
    const args = [...words, "--layout", layout, ...more, "-o", name];
    expect(await user.run(upstreamPexPython(version), args)).toMatchObject({ status: 0 });
  }
}, 300_000);

/** One cache and one Python for both. */
const env = { PEX_ROOT: user.path("root") };

function ours(args: readonly string[]): Promise<Result> {
  return user.run(process.execPath, [user.bin("pex-tools"), ...args], { env: { ...env, PEX_PYTHON: base } });
}
function theirs(args: readonly string[]): Promise<Result> {
  return user.run(base, ["-m", "pex.tools", ...args], { env: { ...env, PYTHONPATH: packages } });
}
const asked = spawnSync(
  upstreamPexPython(),
  [
    "-c",
    "import os, pex, sys; print(os.path.realpath(sys.executable)); print(os.path.dirname(os.path.dirname(pex.__file__)))",
  ],
  { encoding: "utf8" },
);
const [base = "", packages = ""] = asked.stdout.split("\n");

const lines = (result: Result): string[] => result.stdout.trimEnd().split("\n");
const objects = (result: Result): Record<string, unknown>[] =>
  lines(result).map((line) => JSON.parse(line) as Record<string, unknown>);

test.each(["zipapp", "loose-90"])(
  "what is told of %s is what upstream tells",
  async (name) => {
    const info = objects(await ours([name, "info"]))[0];
    // Upstream also shows the defaults of fields that an older release did not write.
    expect(objects(await theirs([name, "info"]))[0]).toMatchObject(info ?? {});

    // Of several names of one file either is right.
    const withRealPath = (each: Record<string, unknown>) => ({ ...each, path: realpathSync(String(each["path"])) });
    const interpreter = objects(await ours([name, "interpreter", "-v"])).map(withRealPath);
    expect(interpreter).toEqual(objects(await theirs([name, "interpreter", "-v"])).map(withRealPath));

    // The place is the cache's, and each builder has its own.
    const withoutPlace = (each: Record<string, unknown>) => ({ ...each, location: "" });
    const told = objects(await ours([name, "repository", "info", "-v"]));
    for (const each of told) expect(readdirSync(String(each["location"])).join()).toContain("dist-info");
    const expected = objects(await theirs([name, "repository", "info", "-v"]));
    expect(told.map(withoutPlace)).toEqual(expected.map(withoutPlace));

    // Upstream's pages are those of one index; ours are those that the projects name.
    const graph = (result: Result) =>
      lines(result).map((line) =>
        line.replace(/, URL="[^"]*", target="_blank"/, "").replace(/ for interpreter \S+/, ""),
      );
    expect(graph(await ours([name, "graph"]))).toEqual(graph(await theirs([name, "graph"])));
  },
  60_000,
);

test.each(FILES)("the wheels of $name are as they were, as far as the file tells", async ({ name, version, whole }) => {
  const folder = user.path(`extracted-${name}`);
  expect(await ours([name, "repository", "extract", "-f", folder])).toMatchObject({ status: 0, stderr: "" });
  expect(readdirSync(folder).toSorted()).toEqual(readdirSync(user.path("wheels")).toSorted());
  for (const wheel of readdirSync(folder)) {
    const [made, given] = [join(folder, wheel), user.path("wheels", wheel)];
    if (whole || version === "2.105.2") expect(readFileSync(made).equals(readFileSync(given))).toBe(true);
    else expect(contents(made)).toEqual(contents(given));
  }
});

test("pip installs what was made of the oldest file", async () => {
  const folder = user.path("for-pip");
  expect(await ours(["zipapp-90", "extract", "-f", folder])).toMatchObject({ status: 0, stderr: "" });
  const target = ["--target", user.path("installed"), "--no-index", "-f", folder, "show-app"];
  const pip = ["-m", "pip", "install", "-q", "--disable-pip-version-check", ...target];
  expect(await user.run(upstreamPexPython(), pip)).toMatchObject({ status: 0 });
  expect(readdirSync(user.path("installed"))).toContain("show_lib.py");
});

test.each(FILES)("an environment of $name runs like it", async ({ name }) => {
  const folder = user.path(`env-${name}`);
  expect(await ours([name, "venv", folder])).toEqual({ status: 0, signal: null, stdout: "", stderr: "" });
  expect(await user.run(join(folder, "pex"), [])).toMatchObject({ status: 0, stdout: "shown with lib\n" });
  expect(await user.run(join(folder, "bin", "show"), [])).toMatchObject({ status: 0, stdout: "shown with lib\n" });
  expect(await user.run(join(folder, "bin", "show-old"), [])).toMatchObject({ status: 0, stdout: "old script\n" });
  expect(readFileSync(join(folder, "share", "show", "x.txt"), "utf8")).toBe("shared\n");
});

test("pip finds an environment of the oldest file complete, and takes away what is asked of it", async () => {
  const folder = user.path("env-zipapp-90");
  const pip = ["-m", "pip", "--python", join(folder, "bin", "python"), "--disable-pip-version-check"];
  expect((await user.run(upstreamPexPython(), [...pip, "check"])).stdout).toBe("No broken requirements found.\n");
  await user.run(upstreamPexPython(), [...pip, "uninstall", "-y", "show-app"]);
  const left = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    /show.app|show-old|show\.h/.test(path),
  );
  expect(left).toEqual([]);
});

/** Files of a wheel by name; RECORD as a set of lines, for its order is not everywhere known. */
function contents(wheel: string): Record<string, string> {
  const script = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    files = {name: archive.read(name).decode() for name in archive.namelist()}
print(json.dumps({name: "\\n".join(sorted(text.splitlines())) if name.endswith("RECORD") else text for name, text in files.items()}))
`;
  return JSON.parse(spawnSync(base, ["-c", script, wheel], { encoding: "utf8" }).stdout) as Record<string, string>;
}
