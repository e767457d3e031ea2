/** Projects that refer to what lies around them, one for each way and build backend: built as if they were built where they lie. */
import { execFileSync } from "node:child_process";
import { lstatSync, readdirSync, symlinkSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { isHere } from "../support/commands.ts";
import { installedPythons } from "../support/interpreters.ts";
import { Workspace } from "../support/workspace.ts";

interface Case {
  readonly what: string;
  /** Path below the house → text; the project is `app`. */
  readonly files: Readonly<Record<string, string>>;
  /** Symbolic links → where they lead. */
  readonly links?: Readonly<Record<string, string>>;
  /** An expression of Python, and its `str()` before and after the change. */
  readonly code: string;
  readonly prints: string;
  /** What changes outside of the project, and what is printed then. */
  readonly change: Readonly<Record<string, string>>;
  readonly printsThen: string;
  /** Whether the house is a git repository, with everything in it committed and `v1.0` a tag. */
  readonly isRepository?: true;
  /** Whether its backend has a directory of its own in every project that is built where it lies. */
  readonly leavesTraces?: true;
  /** Commands of this machine without which it cannot be built. */
  readonly needs?: readonly string[];
}

const VERSION = "__import__('importlib.metadata').metadata.version('app').split('+')[0]";
const README = "__import__('importlib.metadata').metadata.metadata('app').get_payload().strip()";
const LIBRARY = {
  "lib/pyproject.toml":
    '[project]\nname = "lib"\nversion = "1"\ndynamic = ["description"]\n[build-system]\nrequires = ["flit_core<4"]\nbuild-backend = "flit_core.buildapi"\n',
  "lib/lib.py": '"""A library."""\nWORD = "before"\n',
};
const requires = (backend: string, ...requirements: readonly string[]): string =>
  `[build-system]\nrequires = ${JSON.stringify(requirements)}\nbuild-backend = "${backend}"\n`;

const CASES: readonly Case[] = [
  {
    what: "a setup.py that reads a file above it",
    files: {
      "app/setup.py":
        "from pathlib import Path\nfrom setuptools import setup\n" +
        "here = Path(__file__).resolve().parent\nsetup(name='app', version=(here / '..' / 'VERSION').read_text(), py_modules=['app'])\n",
      "app/app.py": "",
      VERSION: "1.5",
    },
    code: VERSION,
    prints: "1.5",
    change: { VERSION: "1.6" },
    printsThen: "1.6",
  },
  {
    what: "setuptools-scm with the repository above, and stale leftovers in the project",
    files: {
      "app/pyproject.toml": `[project]\nname = "app"\ndynamic = ["version"]\n[tool.setuptools_scm]\nroot = ".."\n${requires("setuptools.build_meta", "setuptools>=77", "setuptools-scm>=8")}`,
      "app/src/app/__init__.py": "",
      "app/src/app/data.txt": "kept by git",
      "app/build/lib/app/gone.py": "",
      "app/src/app.egg-info/SOURCES.txt": "src/app/gone.txt\n",
      ".gitignore": "build/\n*.egg-info\n",
      ".vscode/settings.json": "{}",
    },
    code: `(${VERSION}, sorted(__import__('os').listdir(__import__('app').__path__[0])))`,
    prints: "('1.0', ['__init__.py', '__pycache__', 'data.txt'])",
    change: { "elsewhere.txt": "" },
    printsThen: "('1.1.dev1', ['__init__.py', '__pycache__', 'data.txt'])",
    isRepository: true,
  },
  {
    what: "hatch-vcs with the repository above",
    files: {
      "app/pyproject.toml": `[project]\nname = "app"\ndynamic = ["version"]\n[tool.hatch.version]\nsource = "vcs"\n[tool.hatch.version.raw-options]\nroot = ".."\n${requires("hatchling.build", "hatchling", "hatch-vcs")}`,
      "app/app.py": "",
    },
    code: VERSION,
    prints: "1.0",
    change: { "elsewhere.txt": "" },
    printsThen: "1.1.dev1",
    isRepository: true,
  },
  {
    what: "hatchling that takes in a module and a folder from above",
    files: {
      "app/pyproject.toml": `[project]\nname = "app"\nversion = "1"\nreadme = "README.md"\n[tool.hatch.build.targets.wheel.force-include]\n"../shared.py" = "shared.py"\n"../common" = "common"\n${requires("hatchling.build", "hatchling")}`,
      "app/app.py": "",
      "shared.py": "WORD = 'before'",
      "common/words.py": "WORD = 'common'",
      "README.md": "above",
    },
    links: { "app/README.md": "../README.md" },
    code: `(__import__('shared').WORD, __import__('common.words').words.WORD, ${README})`,
    prints: "('before', 'common', 'above')",
    change: { "shared.py": "WORD = 'after'" },
    printsThen: "('after', 'common', 'above')",
  },
  {
    what: "poetry-core with a dependency by path and a readme above",
    files: {
      ...LIBRARY,
      "app/pyproject.toml": `[tool.poetry]\nname = "app"\nversion = "1"\ndescription = ""\nauthors = []\nreadme = "../README.md"\n[tool.poetry.dependencies]\npython = ">=3.9"\nlib = { path = "../lib" }\n${requires("poetry.core.masonry.api", "poetry-core>=2")}`,
      "app/app.py": "",
      "README.md": "above",
    },
    code: `(__import__('lib').WORD, ${README})`,
    prints: "('before', 'above')",
    change: { "lib/lib.py": '"""A library."""\nWORD = "after"\n', "README.md": "anew" },
    printsThen: "('after', 'anew')",
  },
  {
    what: "pdm-backend with a dependency by path",
    files: {
      ...LIBRARY,
      "app/pyproject.toml": `[project]\nname = "app"\nversion = "1"\ndependencies = ["lib @ file:///\${PROJECT_ROOT}/../lib"]\n${requires("pdm.backend", "pdm-backend")}`,
      "app/app.py": "",
    },
    code: "__import__('lib').WORD",
    prints: "before",
    change: { "lib/lib.py": '"""A library."""\nWORD = "after"\n' },
    printsThen: "after",
    leavesTraces: true,
  },
  {
    what: "flit with a module that is a link",
    files: {
      "app/pyproject.toml": `[project]\nname = "app"\nversion = "1"\ndescription = ""\n${requires("flit_core.buildapi", "flit_core<4")}`,
      "app/app/__init__.py": "",
      "shared.py": "WORD = 'before'",
    },
    links: { "app/app/shared.py": "../../shared.py" },
    code: "__import__('app.shared').shared.WORD",
    prints: "before",
    change: { "shared.py": "WORD = 'after'" },
    printsThen: "after",
  },
  {
    what: "maturin with a crate of the workspace around it",
    files: {
      "Cargo.toml": '[workspace]\nmembers = ["app", "crate"]\nresolver = "2"\n[workspace.package]\nversion = "1.5.0"\n',
      "app/Cargo.toml":
        '[package]\nname = "app"\nversion.workspace = true\nedition = "2021"\n[dependencies]\nwords = { path = "../crate" }\n',
      "app/src/main.rs": 'fn main() { println!("{}", words::WORD) }\n',
      "app/pyproject.toml": `[project]\nname = "app"\ndynamic = ["version"]\n[tool.maturin]\nbindings = "bin"\n${requires("maturin", "maturin>=1,<2")}`,
      "crate/Cargo.toml": '[package]\nname = "words"\nversion.workspace = true\nedition = "2021"\n',
      "crate/src/lib.rs": 'pub const WORD: &str = "before";\n',
      "Cargo.lock":
        'version = 3\n\n[[package]]\nname = "app"\nversion = "1.5.0"\ndependencies = [\n "words",\n]\n\n[[package]]\nname = "words"\nversion = "1.5.0"\n',
    },
    code: VERSION,
    prints: "1.5.0",
    change: {
      "Cargo.toml": '[workspace]\nmembers = ["app", "crate"]\nresolver = "2"\n[workspace.package]\nversion = "1.6.0"\n',
    },
    printsThen: "1.6.0",
    needs: ["cargo"],
  },
];

const PYTHON = installedPythons().find((path) => path.endsWith("/python3.11"));
const IDENTITY = ["-c", "user.name=someone", "-c", "user.email=someone@mail.example"];

for (const [index, each] of CASES.entries()) {
  const { what, files, links = {}, code, prints, change, printsThen, isRepository, leavesTraces, needs = [] } = each;
  const missing = needs.filter((command) => !isHere(command));
  if (PYTHON === undefined) missing.push("Python 3.11");
  const name = `${what}${missing.length > 0 ? ` (needs ${missing.join(", ")})` : ""}`;
  test.skipIf(missing.length > 0)(name, { timeout: 300_000 }, async () => {
    const house = `house-${index}`;
    const git = (...args: readonly string[]): void => {
      execFileSync("git", [...IDENTITY, "-C", user.path(house), ...args], { stdio: "pipe" });
    };
    const write = (texts: Case["files"]): void => {
      for (const [path, text] of Object.entries(texts)) user.write(`${house}/${path}`, text);
    };
    write(files);
    for (const [path, target] of Object.entries(links)) symlinkSync(target, user.path(house, path));
    if (isRepository) {
      git("init", "--quiet");
      git("add", ".");
      git("commit", "--quiet", "-m", "one");
      git("tag", "v1.0");
    }
    const before = stateOf(user.path(house, "app"));
    const says = async (): Promise<string> => {
      const env = { RUSTUP_HOME: process.env["RUSTUP_HOME"] ?? join(homedir(), ".rustup") };
      const built = await user.pex(["--python", PYTHON ?? "", `./${house}/app`, "-o", "app.pex"], {
        online: true,
        env,
      });
      expect(built, built.stderr).toMatchObject({ status: 0, stderr: "" });
      return (await user.run(PYTHON ?? "", [user.path("app.pex"), "-c", `print(${code})`])).stdout.trim();
    };
    expect(await says()).toBe(prints);
    if (!leavesTraces) expect(stateOf(user.path(house, "app"))).toEqual(before);
    write(change);
    if (isRepository) {
      git("add", ".");
      git("commit", "--quiet", "-m", "two");
    }
    expect(await says()).toBe(printsThen);
  });
}

let user: Workspace;
beforeAll(() => {
  user = new Workspace();
});
afterAll(() => user.remove());

/** What lies in a directory, and when each directory was last written to: also what is removed again counts. */
function stateOf(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .concat(".")
    .map((name) => `${name} ${lstatSync(join(directory, name)).mtimeMs}`)
    .toSorted();
}
