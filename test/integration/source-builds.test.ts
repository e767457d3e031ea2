/** Wheels made from source distributions, by backends that lie beside them: no network. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { mkdirSync, writeFileSync } from "node:fs";
import { packTar } from "modern-tar/fs";
import { afterAll, beforeAll, expect, test } from "vitest";

import { installedPythons } from "../support/interpreters.ts";
import { writeWheel } from "../support/wheel-maker.ts";
import { Workspace, type Result } from "../support/workspace.ts";

let user: Workspace;
beforeAll(() => {
  user = new Workspace();
  mkdirSync(user.path("house"));
});
afterAll(() => user.remove());

const pex = (...args: readonly string[]): Promise<Result> => user.pex(["--no-index", "-f", "house", ...args]);

/** A backend of a few lines: packs `payload.py` and says in it what it could see. */
const BACKEND = `
import os, sys, zipfile

def get_requires_for_build_wheel(config_settings=None):
    with open("asked-with", "w") as stream:
        stream.write(repr(config_settings))
    return EXTRA

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    print("the backend at work")
    BODY
    name, version = os.path.basename(os.getcwd()).rsplit("-", 1)
    stem = "%s-%s" % (name, version)
    filename = stem + "-py2.py3-none-any.whl"
    info = stem + ".dist-info/"
    with zipfile.ZipFile(os.path.join(wheel_directory, filename), "w") as wheel:
        wheel.writestr(name + ".py", "seen = %r" % (seen,))
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: %s\\nVersion: %s\\n" % (name, version))
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py2-none-any\\nTag: py3-none-any\\n")
        wheel.writestr(info + "RECORD", "")
    return filename
`;

interface Project {
  readonly name: string;
  readonly requires?: readonly string[];
  readonly extra?: readonly string[];
  /** Python lines that set \`seen\`. */
  readonly body: string;
}

/** Writes NAME-1.0.tar.gz into the house. */
async function offer({ name, requires = [], extra = [], body }: Project): Promise<void> {
  const backend = BACKEND.replace("EXTRA", JSON.stringify(extra)).replace("BODY", body.replaceAll("\n", "\n    "));
  const pyproject = `[build-system]\nrequires = ${JSON.stringify(requires)}\nbuild-backend = "backend"\nbackend-path = ["."]\n`;
  const folder = user.path("sources", `${name}-1.0`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/pyproject.toml`, pyproject);
  writeFileSync(`${folder}/backend.py`, backend);
  writeFileSync(`${folder}/PKG-INFO`, `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n`);
  const chunks: Buffer[] = [];
  for await (const chunk of packTar([{ type: "directory", source: folder, target: `${name}-1.0` }])) {
    chunks.push(Buffer.from(chunk as Uint8Array));
  }
  writeFileSync(user.path("house", `${name}-1.0.tar.gz`), gzipSync(Buffer.concat(chunks)));
}

test("a project is built once, in an environment of its build requirements alone", async () => {
  writeWheel(user.path("house"), {
    name: "helper",
    version: "1.0",
    // Like Meson's, this command starts itself again by the name that it goes by.
    files: {
      "helper.py": [
        "import subprocess, sys",
        "def main():",
        "    if sys.argv[1:] == ['again']: subprocess.check_call([sys.argv[0], 'x y'])",
        "    else: print('helped')",
        "",
      ].join("\n"),
    },
    entryPoints: "[console_scripts]\nhelper-tool = helper:main\n",
  });
  writeWheel(user.path("house"), { name: "late", version: "1.0", files: { "late.py": "" } });
  await offer({
    name: "built",
    requires: ["helper"],
    extra: ["late"],
    body: [
      "import helper, late, subprocess",
      "child = [sys.executable, '-c', 'import helper; helper.main()']",
      "seen = [subprocess.check_output(child).decode().strip(), subprocess.check_output(['helper-tool', 'again']).decode().strip()]",
      "seen.append(any('pip' in name for name in sys.modules))",
    ].join("\n"),
  });
  const result = await pex("built", "-o", "built.pex");
  expect(result, result.stderr).toMatchObject({ status: 0, stdout: "built.pex\n", stderr: "" });
  const run = await user.run(user.path("built.pex"), ["-c", "import built; print(built.seen)"]);
  expect(run.stdout).toBe("['helped', 'helped', False]\n");

  const again = await pex("-v", "built", "-o", "again.pex");
  expect(again.stderr).not.toContain("building built");
  expect(readFileSync(user.path("again.pex"))).toEqual(readFileSync(user.path("built.pex")));
});

test("a backend is told the settings of its requirement, in every hook, and other settings make another wheel", async () => {
  // A build requirement that is a source itself hears nothing of them.
  await offer({ name: "tool", body: "seen = config_settings" });
  await offer({
    name: "told",
    requires: ["tool"],
    body: "import tool\nseen = [config_settings, tool.seen, eval(open('asked-with').read())]",
  });
  const seen = async (line: string): Promise<string> => {
    user.write("told.txt", `${line}\n`);
    const result = await pex("-r", "told.txt", "-o", "told.pex");
    expect(result, result.stderr).toMatchObject({ status: 0, stderr: "" });
    return (await user.run(user.path("told.pex"), ["-c", "import told; print(told.seen)"])).stdout.trim();
  };
  expect(await seen("told")).toBe("[None, None, None]");
  const settings = "{'--opt': 'a=b', 'many': ['1', '2']}";
  expect(await seen('told --config-settings "--opt=a=b" -C many=1 -C many=2')).toBe(`[${settings}, None, ${settings}]`);
  expect(await seen("told")).toBe("[None, None, None]");
  expect(await seen("./sources/told-1.0 -C here=yes")).toBe("[{'here': 'yes'}, None, {'here': 'yes'}]");
});

const PYTHON_2 = installedPythons().find((path) => path.endsWith("/python2.7"));

test.skipIf(PYTHON_2 === undefined)("Python 2.7 gets settings as its own strings", async () => {
  await offer({ name: "old", body: "seen = repr(config_settings)" });
  user.write("old.txt", "old --config-settings a=b\n");
  const result = await pex("--python", PYTHON_2 ?? "", "-r", "old.txt", "-o", "old.pex");
  expect(result, result.stderr).toMatchObject({ status: 0, stderr: "" });
  const run = await user.run(PYTHON_2 ?? "", [user.path("old.pex"), "-c", "import old; print(old.seen)"]);
  expect(run.stdout).toBe("{'a': 'b'}\n");
});

test("what is pure Python is built here for another machine", async () => {
  await offer({ name: "portable", body: "seen = 1" });
  const result = await pex("portable", "--platform", "macosx_11_0_arm64-cp-39-cp39", "-o", "portable.pex");
  expect(result, result.stderr).toMatchObject({ status: 0, stdout: "portable.pex\n", stderr: "" });
  await offer({ name: "movable", body: "seen = 1" });
  const elsewhere = ["--platform", "linux_ppc64le-cp-39-cp39", "-o", "none.pex"];
  const alone = { env: { PATH: "/nowhere" } };
  const again = await user.pex(["--no-index", "-f", "house", "portable", ...elsewhere], alone);
  expect(again, "what was built for one machine fits the other").toMatchObject({ status: 0 });
  const withoutPython = await user.pex(["--no-index", "-f", "house", "movable", ...elsewhere], alone);
  expect(withoutPython).toMatchObject({ status: 1, stdout: "" });
  expect(withoutPython.stderr).toContain("a source that cannot be built here");
});

test("a failing backend is quoted, and its output is kept", async () => {
  await offer({ name: "failing", body: "raise RuntimeError('no compiler today')" });
  const result = await pex("failing", "-o", "failing.pex");
  expect(result).toMatchObject({ status: 1, stdout: "" });
  expect(result.stderr).toMatch(
    /^error: Building failing 1\.0 failed in `build_wheel`: \[BUILD_FAILED\]\n {4}RuntimeError: no compiler today\n/,
  );
  const log = /whole output is in (\S+?)\.?\n/.exec(result.stderr)?.[1] ?? "";
  expect(readFileSync(log, "utf8")).toContain("the backend at work");
});

test("what cannot be had for a build is told with the project that needs it, and so is what was not declared", async () => {
  await offer({ name: "wanting", requires: ["late>7", "nowhere"], body: "seen = 0" });
  const wanting = await pex("wanting", "-o", "wanting.pex");
  expect(wanting.stderr).toContain(
    "error: Cannot get what building wanting 1.0 needs: late>7, nowhere [BUILD_REQUIREMENTS]\n  caused by: No ",
  );
  await offer({ name: "silent", body: "import undeclared" });
  const silent = await pex("silent", "-o", "silent.pex");
  expect(silent.stderr).toContain("ModuleNotFoundError: No module named 'undeclared'\nhint: What the project declares");
  expect(silent.stderr).toMatch(/--no-build-isolation, .*\n    the whole output is in .*silent-1\.0\.log\n/);
  const open = await pex("silent", "--no-build-isolation", "-o", "silent.pex");
  expect(open.stderr).toMatch(/hint: The whole output is in /);
  const table = '[build-system]\nrequires = []\nbuild-backend = "x"\nbackend-path = ["a/../.."]\n';
  user.write("outside/pyproject.toml", table);
  const out = await pex("./outside", "-o", "out.pex");
  expect(out.stderr).toMatch(
    /^error: `backend-path` leads out of the project: pyproject\.toml of \S*outside \[INVALID_PROJECT\]/,
  );
});

test("build requirements that need themselves are found out", async () => {
  await offer({ name: "hen", requires: ["egg"], body: "seen = 0" });
  await offer({ name: "egg", requires: ["hen"], body: "seen = 0" });
  const result = await pex("hen", "-o", "hen.pex");
  expect(result.status).toBe(1);
  expect(result.stderr).toContain("Building needs itself: hen 1.0 → egg 1.0 → hen 1.0");
});

test("an archive that climbs out of its directory is refused", async () => {
  const name = "../escape.py";
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write("0000644\0", 100);
  header.write("0000000\0".repeat(2), 108);
  header.write("00000000000\0".repeat(2), 124);
  header.write("        0", 148);
  header.write("ustar\u000000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  writeFileSync(user.path("house", "hostile-1.0.tar.gz"), gzipSync(Buffer.concat([header, Buffer.alloc(1024)])));
  const result = await pex("hostile", "-o", "hostile.pex");
  expect(result.status).toBe(1);
  expect(result.stderr).toMatch(/^error: Cannot unpack .*hostile-1\.0\.tar\.gz/);
});
