/** Distributions in a PEX are what `pip install` would have made of the same wheels. */
import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { writeWheel, type WheelSpec } from "../support/wheel-maker.ts";
import { newest, printed, User, versions } from "./kit.ts";

const PKGUTIL = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n";
/** What setuptools wrote into wheels with `namespace_packages`. */
const NAMESPACE_PTH =
  "import sys, types, os; p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('legacy',)); " +
  "m = sys.modules.setdefault('legacy', types.ModuleType('legacy')); " +
  "mp = (m.__dict__.setdefault('__path__', [])); (p not in mp) and mp.append(p)\n";

const inSchemes = (name: string): string =>
  name === "run.sh" ? "schemes/run.sh" : `schemes-1.0.data/scripts/schemes-${name}`;
const WHEELS: readonly WheelSpec[] = [
  {
    name: "schemes",
    version: "1.0",
    entryPoints:
      "[console_scripts]\nschemes-tool = schemes:main\n[gui_scripts]\nschemes-window = schemes.inner:Class.main\n[plug]\na = schemes:main\n",
    executables: ["run.sh", "python", "shell", "window.sh"].map(inSchemes),
    modes: {
      "schemes/secret.txt": 0o100000,
      "schemes/setuid": 0o104755,
      "schemes/modeless.py": 0,
    },
    files: {
      "schemes/__init__.py": "from schemes_pure import WHERE\ndef main():\n    print('schemes ' + WHERE)\n",
      "schemes/inner.py": "class Class(object):\n    main = staticmethod(lambda: 5)\n",
      "schemes/run.sh": "#!/bin/sh\necho run\n",
      "schemes/secret.txt": "readable all the same",
      "schemes/setuid": "",
      "schemes/modeless.py": "",
      "schemes/site-packages/odd.py": "NAME = __name__\n",
      "schemes/d\u00e4t\u00e4 \u2603.txt": "snow",
      "site-packages/more_odd.py": "",
      "schemes-1.0.data/purelib/schemes_pure.py": "WHERE = 'pure'\n",
      "schemes-1.0.data/platlib/schemes_plat.py": "",
      "schemes-1.0.data/scripts/schemes-python": "#!python\nimport schemes\nschemes.main()\n",
      "schemes-1.0.data/scripts/schemes-window.sh": "#!/bin/sh\necho window\n",
      "schemes-1.0.data/scripts/schemes-shell": "#!/bin/sh\necho shell\n",
      "schemes-1.0.data/headers/schemes.h": "",
      "schemes-1.0.data/data/share/man/schemes.1": "manual",
      "schemes-1.0.data/data/etc/schemes.conf": "",
    },
  },
  {
    name: "paths",
    version: "2",
    files: {
      "paths.pth": "# a comment\nimport sys; sys.from_pth = getattr(sys, 'from_pth', 0) + 1\npaths_extra\n",
      "paths_extra/from_path.py": "",
      "paths-nspkg.pth": NAMESPACE_PTH,
      "legacy/one.py": "",
    },
  },
  { name: "space-one", version: "1", files: { "space/one.py": "", "pk/__init__.py": PKGUTIL, "pk/one.py": "" } },
  { name: "space-two", version: "1", files: { "space/two.py": "", "pk/__init__.py": PKGUTIL, "pk/two.py": "" } },
];

const user = new User();
afterAll(() => user.remove());
const withPip = versions.findLast(
  ({ path, major }) => major === 3 && spawnSync(path, ["-m", "pip", "-V"]).status === 0,
);

test.skipIf(!withPip)("an environment has the files, contents and modes that pip gives it", async () => {
  const python = withPip ?? newest;
  const folder = user.path("for-pip");
  const files = WHEELS.map((wheel) => writeWheel(folder, wheel));
  const theirs = user.path("theirs");
  await user.run(python.path, ["-m", "venv", "--without-pip", theirs]);
  const pip = ["-m", "pip", "-qq", "--disable-pip-version-check", "--python", join(theirs, "bin", "python")];
  const install = await user.run(python.path, [...pip, "install", "--no-index", "--no-deps", "--no-compile", ...files]);
  expect([install.status, install.stderr]).toEqual([0, ""]);
  const pex = user.make("venv.pex", { wheelFiles: files, facts: { venv: true, entry_point: "sys:exit" } });
  printed(await user.start(python, pex));
  const venvs = join(user.runFolder, "venvs");
  const ours = join(venvs, readdirSync(venvs)[0] ?? "");
  expect(tree(ours)).toEqual(tree(theirs));
});

test.skipIf(!withPip)("a plain start merges the same packages, with the same contents and modes", async () => {
  const python = withPip ?? newest;
  const files = WHEELS.map((wheel) => writeWheel(user.path("for-target"), wheel));
  const target = user.path("target");
  const pip = ["-m", "pip", "-qq", "--disable-pip-version-check", "install", "--no-index", "--no-deps", "--no-compile"];
  const install = await user.run(python.path, [...pip, "--target", target, ...files]);
  expect([install.status, install.stderr]).toEqual([0, ""]);
  const pex = user.make("target.pex", { wheelFiles: files, facts: { entry_point: "sys:exit" } });
  const root = user.path("merged");
  printed(await user.start(python, pex, [], { env: { PEX_ROOT: root, LC_ALL: "C" } }));
  const sites = join(root, "pexjs", "1", "run", "sites");
  const inside = tree(join(sites, readdirSync(sites)[0] ?? "", "site-packages"), RECORDS);
  // What `--target` puts into bin, share, etc. and include belongs to an environment, which a plain start has not.
  const wanted = tree(target, RECORDS).filter(([name = ""]) => !/^(bin|share|etc|include)\//.test(name));
  expect(inside).toEqual(wanted);
});

const CHECK = `# -*- coding: utf-8 -*-
from __future__ import print_function
import io, json, os, sys
import legacy.one, pk.one, pk.two, pk.own, from_path, schemes, schemes_plat
out = {"pth": sys.from_pth, "legacy": legacy.one.__name__}
folder = os.path.dirname(schemes.__file__)
snow = u"d\\u00e4t\\u00e4 \\u2603.txt"
with io.open(os.path.join(folder if isinstance(folder, bytes) else os.fsencode(folder), snow.encode("utf-8"))) as stream:
    out["snow"] = stream.read()
out["shell"] = os.access(os.path.join(folder, "run.sh"), os.X_OK)
out["secret"] = open(os.path.join(folder, "secret.txt")).read()
if sys.version_info > (3,):
    import space.one, space.two, space.own
if sys.version_info >= (3, 8):
    from importlib import metadata
    out["version"] = metadata.version("schemes")
    out["files"] = len([each for each in metadata.files("paths") if each.locate().exists()]) > 3
print(json.dumps(out, sort_keys=True))
`;

describe.each(versions)("under Python $name", (python) => {
  const locale = { LC_ALL: "C", PYTHONUTF8: "0", PYTHONCOERCECLOCALE: "0" };
  const sources = { "check.py": CHECK, "space/own.py": "", "pk/__init__.py": PKGUTIL, "pk/own.py": "" };
  let pexes: readonly string[];
  beforeAll(() => {
    const first = { sources, wheels: WHEELS, facts: { entry_point: "check" } };
    // The same, with a part of the namespaces in another PEX.
    user.make("other.pex", { wheels: WHEELS.slice(3) });
    pexes = [
      user.make("check.pex", first),
      user.make("check-venv.pex", { ...first, facts: { entry_point: "check", venv: true } }),
      user.make("split.pex", {
        ...first,
        wheels: WHEELS.slice(0, 3),
        facts: { entry_point: "check", pex_path: [user.path("other.pex")] },
      }),
    ];
  });

  test(".pth files, namespaces across sources and distributions, data files, under any locale, with -OO", async () => {
    const expected = { legacy: "legacy.one", secret: "readable all the same", shell: true, snow: "snow" };
    const metadata = python.major === 3 && python.minor >= 8 ? { files: true, version: "1.0" } : {};
    for (const pex of pexes) {
      for (const options of [[], ["-OO"]]) {
        // The compiler of PyPy 7.3.11 now and then fails in `import socket`: a dictionary that nobody touched is said to have changed.
        const calm = python.isPyPy ? ["--jit", "off"] : [];
        const result = await user.run(python.path, [...calm, ...options, pex], { env: locale });
        // Python itself reads the .pth files of a virtual environment twice, up to 3.14.
        const pth = pex.includes("venv") && python.major === 3 && python.minor < 15 ? 2 : 1;
        expect(JSON.parse(printed(result)), basename(pex)).toEqual({ ...expected, ...metadata, pth });
      }
    }
  });
});

test("Python 3.15 and newer run the .start files of distributions, others leave them alone", async () => {
  const files = { "starter.py": "import sys\ndef main():\n    sys.started = getattr(sys, 'started', 0) + 1\n" };
  const wheels = [{ name: "starter", version: "1", files: { ...files, "starter.start": "starter:main\n" } }];
  const sources = { "app.py": "import sys\nprint(getattr(sys, 'started', 0))\n" };
  const spec = { wheels, sources, facts: { entry_point: "app" } };
  const pexes = [
    user.make("start.pex", spec),
    user.make("start-loose", { ...spec, layout: "loose" }),
    user.make("start-venv.pex", { ...spec, facts: { ...spec.facts, venv: true } }),
  ];
  for (const python of versions.filter((each) => each.major === 3 && each.minor >= 14)) {
    for (const pex of pexes) {
      expect([python.name, printed(await user.run(python.path, [pex]))]).toEqual([
        python.name,
        python.minor > 14 ? "1" : "0",
      ]);
    }
  }
});

test("an extension module is loaded from where it was unpacked", async () => {
  const find = "import sys, _bisect, _imp; print(_bisect.__file__); print(_imp.extension_suffixes()[0])";
  for (const python of versions.filter((each) => !each.isPyPy && each.major === 3)) {
    const [file = "", suffix = ""] = (await user.run(python.path, ["-c", find])).stdout.trim().split("\n");
    if (!existsSync(file)) continue;
    const digits = `${python.major}${python.minor}`;
    const tag = `cp${digits}-cp${digits}${python.minor < 8 ? "m" : ""}-linux_${process.arch === "x64" ? "x86_64" : "aarch64"}`;
    const files = { "native/__init__.py": "", [`native/_bisect${suffix}`]: readFileSync(file) };
    const spec: WheelSpec = { name: "native", version: "1", tag, purelib: false, files };
    const sources = {
      "app.py": "from native import _bisect\nprint(_bisect.bisect_right([1, 3], 2), 'native' in _bisect.__file__)\n",
    };
    const pex = user.make(`native-${python.name}.pex`, { wheels: [spec], sources, facts: { entry_point: "app" } });
    expect(printed(await user.start(python, pex))).toBe("1 True");
  }
});

const RECORDS = /^(INSTALLER|REQUESTED|RECORD|direct_url\.json)$/;

/** (path, mode, content) of each file; what tells who installed, and what makes an environment one, is left out. */
function tree(top: string, without = /^(INSTALLER|direct_url\.json)$/): readonly (readonly string[])[] {
  const own =
    /^(pyvenv\.cfg|lib64|\.gitignore|\.bootstrap|\.contents|\.last-access|PEX-INFO|__main__\.py|pex|bin\/(python|activate|Activate|pip).*|.*__pycache__.*|.*\.pyc)$/;
  const rows = [];
  for (const name of readdirSync(top, { recursive: true, encoding: "utf8" }).sort()) {
    const path = join(top, name);
    const found = lstatSync(path);
    if (!found.isFile() || own.test(name.split("/")[0] ?? "") || own.test(name) || without.test(basename(name)))
      continue;
    rows.push([name, (found.mode & 0o7777).toString(8), content(path, top)]);
  }
  return rows;
}

function content(path: string, top: string): string {
  const text = readFileSync(path, "utf8").replaceAll(top, "TOP");
  if (basename(path) === "RECORD") {
    // What two distributions bring belongs to the first; pip lists it for both.
    const rows = text.split("\n").filter((row) => !/INSTALLER|direct_url|bin\/|\.pyc|pk\/__init__/.test(row));
    return rows
      .map((row) => row.replace("\r", ""))
      .toSorted()
      .join("\n");
  }
  if (text.startsWith("#!TOP") && text.includes("sys.exit(")) return "an entry point";
  return text.replace(/^#!TOP\/bin\/python.*/, "#!python");
}
