import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

import { newest, oldest, RUNTIME, versions } from "./kit.ts";

const FILES = readdirSync(RUNTIME, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".py"))
  .map((name) => join(RUNTIME, name));

/** What went away up to Python 3.15, or is announced to; what came after 3.5; and what never was a part of Python. */
const FORBIDDEN = words(`
  asynchat asyncore distutils imp lib2to3 smtpd binhex formatter parser symbol macpath dummy_threading
  aifc audioop cgi cgitb chunk crypt imghdr mailcap msilib nis nntplib ossaudiodev pipes sndhdr spwd sunau telnetlib uu xdrlib
  sre_compile sre_constants sre_parse pkgutil.find_loader pkgutil.get_loader pkgutil.ImpImporter pkgutil.ImpLoader
  importlib.find_loader importlib.abc ast.Str ast.Num ast.Bytes ast.NameConstant locale.resetlocale tempfile.mktemp
  platform.java_ver locale.getdefaultlocale glob.glob0 glob.glob1 typing.no_type_check_decorator http.server.CGIHTTPRequestHandler
  nturl2path profile pty.master_open unittest.makeSuite
  inspect.getargspec time.clock datetime.utcnow platform.linux_distribution platform.dist os.popen2 os.errno
  typing pathlib secrets dataclasses contextvars graphlib tomllib zoneinfo importlib.resources importlib.metadata
  pkg_resources setuptools packaging pip six`);

/** Modules that only some Pythons have: each is imported where it is known to be there, or where its absence is no harm. */
const NOT_EVERYWHERE = words(`
  thread SocketServer BaseHTTPServer SimpleHTTPServer _thread socketserver http.server importlib.machinery venv
  _frozen_importlib _frozen_importlib_external _imp _json _pyrepl _pyrepl.main _sha2 _sha256 readline coverage setproctitle`);

const FOREIGN = foreignNames();

interface Names {
  readonly modules: readonly string[];
  readonly names: readonly string[];
}

/** What the runtime's files take from elsewhere. */
function foreignNames(): Names {
  const script = fileURLToPath(new URL("../support/python_names.py", import.meta.url));
  const found = JSON.parse(spawnSync(newest.path, [script, ...FILES], { encoding: "utf8" }).stdout) as Names;
  const isForeign = (name: string): boolean => !name.startsWith("pexjs_runtime");
  return { modules: found.modules.filter(isForeign), names: found.names.filter(isForeign) };
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

test(`the Pythons under test are ${versions.map((each) => each.name).join(", ")}`, () => {
  expect(oldest.name).toBe("2.7");
  expect(newest.major).toBe(3);
});

test.each([oldest, newest])("every file of the runtime compiles under Python $name without a warning", (python) => {
  const script = "import sys\nfor f in sys.argv[1:]:\n  with open(f) as s: compile(s.read(), f, 'exec', 0, True)";
  const run = spawnSync(python.path, ["-W", "error", "-c", script, ...FILES], { encoding: "utf8" });
  expect(run.stderr).toBe("");
});

test("every file is ASCII, which Python 2 expects of a file that says nothing else", () => {
  for (const file of FILES) expect(readFileSync(file).every((byte) => byte < 128)).toBe(true);
});

test("no file uses what some Python lacks", () => {
  const { modules, names } = FOREIGN;
  expect([modules.length > 20, names.length > 100]).toEqual([true, true]);
  const tops = modules.map((name) => name.replace(/\..*$/, ""));
  expect([...tops, ...modules, ...names].filter((name) => FORBIDDEN.has(name))).toEqual([]);
});

test.each(versions)("every module that is imported is there under Python $name", (python) => {
  const everywhere = FOREIGN.modules.filter((name) => !NOT_EVERYWHERE.has(name));
  const run = spawnSync(python.path, ["-E", "-s", "-c", `import ${everywhere.join(", ")}`], { encoding: "utf8" });
  expect(run.stderr).toBe("");
});

test("the templates have one line for the facts, and `__main__.py` stays small", () => {
  for (const name of ["main.py", "importable.py"]) {
    expect(readFileSync(join(RUNTIME, name), "utf8").match(/^FACTS = /gm)).toHaveLength(1);
  }
  expect(readFileSync(join(RUNTIME, "main.py")).length).toBeLessThan(2304);
});
