import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { readProjectTree } from "../../../src/sources/project-tree.ts";

let house: string;
beforeEach(() => {
  house = realpathSync(mkdtempSync(join(tmpdir(), "pexjs-reach-")));
});
afterEach(() => rmSync(house, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(house, path)), { recursive: true });
  writeFileSync(join(house, path), text);
}

const SETUP = "import os\nfrom setuptools import setup\n";

describe("a project depends", () => {
  test.each([
    ["setup.py", `${SETUP}setup(version=open(os.path.join(os.path.dirname(__file__), "VERSION")).read())`],
    [
      "setup.py",
      `${SETUP}here = os.path.dirname(os.path.abspath(__file__))\nREADME = Path(__file__).resolve().parent / "README"`,
    ],
    ["setup.py", `${SETUP}setup(url="https://code.example/me/x.git", long_description="Use it... with github")`],
    ["setup.cfg", "[options]\npackage_dir =\n  = src\n[options.packages.find]\nwhere = src\n"],
    ["pyproject.toml", '[project]\nversion = "1"\n[tool.hatch.version]\npath = "src/x/__about__.py"\n# not ../this\n'],
    [
      "pyproject.toml",
      '[project]\ndependencies = ["x>=1..2"]\n[project.urls]\nh = "https://x/.."'.replace("/..", "/..."),
    ],
    ["conftest.py", "import subprocess"],
    ["src/x/main.py", "os.environ['X'] + '../y'"],
  ])("on its files: %s %j", (path, text) => {
    write(`app/${path}`, text);
    expect(readProjectTree(join(house, "app")).reach).toMatchObject({ kind: "files", reason: undefined });
  });

  test.each([
    ["setup.py", `${SETUP}open("../VERSION")`],
    ["setup.py", `${SETUP}open(os.path.join(here, '..', 'VERSION'))`],
    ["setup.py", `${SETUP}open(os.path.dirname(os.path.dirname(__file__)) + "/VERSION")`],
    ["setup.py", `${SETUP}here = Path(__file__).parent\nroot = here.parent`],
    ["setup.py", `${SETUP}setup(version=os.environ["BUILD"])`],
    ["setup.cfg", "[metadata]\nlong_description = file: ../README.md\n"],
    ["pyproject.toml", '[project]\nreadme = "../README.md"'],
    ["pyproject.toml", '[tool.hatch.build.targets.wheel.force-include]\n"/opt/words" = "words"'],
    ["pyproject.toml", '[tool.hatch.version]\nsource = "env"'],
    ["native/Cargo.toml", '[dependencies]\nx = { path = "../../x" }'],
    ["CMakeLists.txt", "include_directories(${CMAKE_SOURCE_DIR}/../include)"],
  ])("on what is around it: %s %j", (path, text) => {
    write(`app/${path}`, text);
    expect(readProjectTree(join(house, "app")).reach).toMatchObject({ kind: "surroundings" });
  });

  test.each([
    ["setup.py", `${SETUP}setup(use_scm_version=True)`],
    ["setup.py", `${SETUP}subprocess.check_output(["git", "describe"])`],
    ["setup.py", `${SETUP}setup(setup_requires=["pbr"], pbr=True)`],
    ["pyproject.toml", '[project]\nreadme = "../README.md"\n[build-system]\nrequires = ["setuptools-scm"]'],
    ["pyproject.toml", '[tool.hatch.version]\nsource = "vcs"\n[build-system]\nrequires = ["hatch-vcs"]'],
    ["pyproject.toml", '[tool.poetry.dependencies]\nx = { path = "x" }'],
    ["pyproject.toml", '[project]\ndependencies = ["x @ {root:uri}/x"]'],
    ["pyproject.toml", '[project]\ndependencies = ["x @ file:///${PROJECT_ROOT}/x"]'],
  ])("on where it lies: %s %j", (path, text) => {
    write(`app/${path}`, text);
    expect(readProjectTree(join(house, "app")).reach).toMatchObject({ kind: "place" });
  });

  test("on programs that its declaration names, and on the backend that it brings", () => {
    write("app/pyproject.toml", '[tool.poetry.build]\nscript = "tools/make.py"\n');
    write("app/tools/make.py", "import subprocess");
    expect(readProjectTree(join(house, "app")).reach.reason).toBe("tools/make.py says `import subprocess`");
    write("own/pyproject.toml", '[build-system]\nbuild-backend = "ours:Backend"\nbackend-path = ["./tools"]\n');
    write("own/tools/ours.py", "import subprocess");
    expect(readProjectTree(join(house, "own")).reach.kind).toBe("surroundings");
  });

  test("on the workspace that its crate is part of", () => {
    write("Cargo.toml", '[workspace]\nmembers = ["app"]\n');
    write("app/Cargo.toml", "[package]\nversion.workspace = true\n");
    expect(readProjectTree(join(house, "app")).reach.reason).toBe(`it is part of ${house}/Cargo.toml`);
  });
});

describe("a copy", () => {
  test("sees of a crowded directory what the project mentions", () => {
    for (let count = 0; count < 600; count++) write(`file-${count}.txt`, "");
    write("VERSION", "1");
    write("app/setup.py", "open('../VERSION')");
    const copy = readProjectTree(join(house, "app")).prepare(mkdtempSync(join(house, "workspace-")));
    expect(readdirSync(join(copy, ".."))).toEqual(["VERSION", "app"]);
  });

  test("sees what its project sees, without what tools and builds have left there", () => {
    write("VERSION", "1");
    write("lib/lib.py", "lib");
    write("app/setup.py", "open('../VERSION')");
    write("app/src/app.py", "app");
    for (const junk of [
      "build/lib/old.py",
      "app.egg-info/x",
      "__pycache__/x",
      "env/pyvenv.cfg",
      "target/CACHEDIR.TAG",
    ]) {
      write(`app/${junk}`, "");
    }
    symlinkSync("../../lib", join(house, "app", "src", "lib"));
    symlinkSync("..", join(house, "app", "up"));
    symlinkSync("nowhere", join(house, "app", "broken"));
    mkdirSync(join(house, "app", ".git"));
    const tree = readProjectTree(join(house, "app"));
    const copy = tree.prepare(mkdtempSync(join(house, "workspace-")));
    const read = (path: string): string => readFileSync(join(copy, path), "utf8");
    expect([read("../VERSION"), read("../lib/lib.py"), read("src/app.py"), read("src/lib/lib.py")]).toEqual([
      "1",
      "lib",
      "app",
      "lib",
    ]);
    writeFileSync(join(copy, "src", "app.py"), "changed");
    expect(readFileSync(join(house, "app", "src", "app.py"), "utf8")).toBe("app");
    expect(realpathSync(join(copy, ".git"))).toBe(join(house, "app", ".git"));
    for (const junk of ["build", "app.egg-info", "__pycache__", "env", "target", "up", "broken"]) {
      expect(() => read(junk), junk).toThrow("ENOENT");
    }
  });
});
