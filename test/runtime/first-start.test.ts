/** The first start unpacks; whatever happens to it, no start ever meets something half done. */
import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { newest, printed, sample, User, versions } from "./kit.ts";

let user: User;
beforeEach(() => {
  user = new User();
});
afterEach(() => user.remove());

const CODE = "import one, two, one.data; print(one.where, two.where)";
const SPEC: Parameters<User["make"]>[1] = {
  wheels: [
    {
      name: "one",
      version: "1.0",
      files: {
        "one/__init__.py": "where = 'one'\n",
        "one/data/__init__.py": "",
        "one/data/räksmörgås.txt": "words",
        "one/empty": "",
        "shared.py": "where = 'one'\n",
        "one-1.0.data/purelib/two.py": "where = 'two'\n",
        "one-1.0.data/data/share/one.txt": "data",
        "one-1.0.data/headers/one.h": "header",
        "one-1.0.data/scripts/run": "#!/bin/sh\n",
        "one/tool.sh": "#!/bin/sh\n",
      },
      executables: ["one/tool.sh", "one-1.0.data/scripts/run"],
    },
    {
      name: "other",
      version: "2.0",
      files: {
        "shared.py": "where = 'other'\n",
        "ns/__init__.py": "",
        "ns/other.py": "",
        "extra.pth": "import sys; sys.pth_ran = True\n",
      },
    },
    { name: "third", version: "3.0", files: { "ns/__init__.py": "", "ns/third.py": "" } },
  ],
  sources: { "app/__init__.py": "", "app/words.txt": "beside" },
};

/** Folders that are no finished thing. */
function leftovers(): string[] {
  return readdirSync(user.runFolder, { recursive: true, encoding: "utf8" }).filter((name) => /\.tmp-/.test(name));
}

describe.each(versions)("under Python $name", (python) => {
  test("wheels are unpacked faithfully, merged in order, and known to importlib.metadata", async () => {
    const pex = user.make("x.pex", SPEC);
    for (let start = 0; start < 2; start++)
      expect(printed(await user.start(python, pex, ["-c", CODE]))).toMatch(/one'?,? '?two/);
    const code = `
import app, ns.other, ns.third, one, os, shared, sys
top = os.path.dirname(os.path.dirname(one.__file__))
print([shared.where, sys.pth_ran, os.access(os.path.join(top, 'one/tool.sh'), os.X_OK), os.access(one.__file__, os.X_OK)])
print(sorted(os.listdir(os.path.join(top, 'one/data')))[-1:], open(os.path.join(os.path.dirname(app.__file__), 'words.txt')).read())
if sys.version_info >= (3, 8):
    from importlib import metadata
    assert [metadata.version(n) for n in ('one', 'other', 'third')] == ['1.0', '2.0', '3.0']
    assert {d.metadata['Name'] for d in metadata.distributions()} - {'cffi', 'greenlet', 'hpy', 'readline'} == {'one', 'other', 'third'}
`;
    const [first, second] = printed(await user.start(python, pex, ["-c", code])).split("\n");
    expect(first).toBe("['one', True, True, False]");
    expect(second).toMatch(/r(ä|\\xc3\\xa4)ksm.*beside/);
    expect(leftovers()).toEqual([]);
  });

  test("a top-level entry that a cleaner took is back at the next start", async () => {
    const pex = user.make("x.pex", SPEC);
    printed(await user.start(python, pex, ["-c", CODE]));
    const run = user.runFolder;
    for (const folder of readdirSync(join(run, "sites")))
      rmSync(join(run, "sites", folder, "site-packages", "one"), { recursive: true });
    expect(printed(await user.start(python, pex, ["-c", CODE]))).toMatch(/one'?,? '?two/);
    for (const folder of readdirSync(join(run, "wheels")))
      rmSync(join(run, "wheels", folder, "lib"), { recursive: true });
    rmSync(join(run, "sites"), { recursive: true });
    expect(printed(await user.start(python, pex, ["-c", CODE]))).toMatch(/one'?,? '?two/);
    for (const folder of readdirSync(join(run, "code")))
      rmSync(join(run, "code", folder, "src", "app"), { recursive: true });
    expect(printed(await user.start(python, pex, ["-c", "import app; print(1)"]))).toBe("1");
  });
});

test.each(sample)("options that make Python strict or bare change nothing under Python $name", async (python) => {
  const pex = user.make("x.pex", SPEC);
  const strict = ["-S", "-Es", "-OO", "-B", ...(python.major === 2 ? [] : ["-I", "-bb", "-Werror"])];
  for (const option of strict) {
    const env = { PEX_ROOT: user.path(`root${option}`) };
    for (let start = 0; start < 2; start++) {
      const result = await user.run(python.path, [option, pex, "-c", CODE], { env });
      expect([option, printed(result)]).toEqual([option, expect.stringMatching(/one'?,? '?two/)]);
    }
  }
});

test.each(sample)("a damaged cache file is made again under Python $name", async (python) => {
  const pex = user.make("x.pex", SPEC);
  printed(await user.start(python, pex, ["-c", CODE]));
  for (const folder of ["warm", "activations"]) {
    for (const content of ["", "\0".repeat(5000), "nonsense", "\nnonsense\npexjs 1\n"]) {
      for (const name of readdirSync(join(user.runFolder, folder)))
        writeFileSync(join(user.runFolder, folder, name), content);
      expect(printed(await user.start(python, pex, ["-c", CODE]))).toMatch(/one'?,? '?two/);
    }
  }
});

test("eight first starts at once all succeed, and do the work once", async () => {
  const files = Object.fromEntries(
    Array.from({ length: 400 }, (_, number) => [`many/m${number}.py`, `x = ${number}\n`.repeat(200)]),
  );
  const pex = user.make("x.pex", { ...SPEC, wheels: [...(SPEC.wheels ?? []), { name: "many", version: "1", files }] });
  const starts = await Promise.all(
    Array.from({ length: 8 }, () => user.start(newest, pex, ["-c", `import many.m399; ${CODE}`])),
  );
  for (const each of starts) expect(printed(each)).toBe("one two");
  expect(leftovers()).toEqual([]);
  expect(readdirSync(join(user.runFolder, "sites"))).toHaveLength(1);
});

test("a start killed while it unpacks leaves nothing that a later one takes for whole", async () => {
  const files = Object.fromEntries(
    Array.from({ length: 3000 }, (_, number) => [`many/m${number}.py`, `x = ${number}\n`]),
  );
  const pex = user.make("x.pex", { wheels: [{ name: "many", version: "1", files }], sources: { "app.py": "" } });
  const code = "import many, os; print(len(os.listdir(list(many.__path__)[0])))";
  for (const delay of [25, 50, 75, 100, 150, 200]) {
    const root = user.path(`root-${delay}`);
    const child = spawn(newest.path, [pex, "-c", code], { env: { HOME: user.home, PEX_ROOT: root }, stdio: "ignore" });
    // It may have ended by itself before it is killed.
    const closed = new Promise((resolve) => child.on("close", resolve));
    await sleep(delay);
    child.kill("SIGKILL");
    await closed;
    expect(
      Number(printed(await user.start(newest, pex, ["-c", code], { env: { PEX_ROOT: root } }))),
    ).toBeGreaterThanOrEqual(3000);
  }
});

test("what killed starts have left is swept after a day", async () => {
  const pex = user.make("x.pex", SPEC);
  const [stale, fresh] = [".tmp-1-old", ".tmp-1-new"].map((name) => join(user.runFolder, "sites", name)) as [
    string,
    string,
  ];
  for (const folder of [stale, fresh]) mkdirSync(folder, { recursive: true });
  utimesSync(stale, 1, 1);
  printed(await user.start(newest, pex, ["-c", CODE]));
  expect([existsSync(stale), existsSync(fresh)]).toEqual([false, true]);
});

test("the second PEX with the same wheels unpacks nothing, and new sources nothing but themselves", async () => {
  const first = user.make("a.pex", SPEC);
  printed(await user.start(newest, first, ["-c", CODE]));
  const state = (): string =>
    execFileSync(
      "find",
      [join(user.runFolder, "wheels"), join(user.runFolder, "sites"), "-newer", first, "-type", "d"],
      { encoding: "utf8" },
    );
  const before = state();
  const second = user.make("b.pex", { ...SPEC, sources: { "app/__init__.py": "x = 2" } });
  expect(printed(await user.start(newest, second, ["-c", `${CODE}; import app; print(app.x)`]))).toBe("one two\n2");
  expect(state()).toBe(before);
});

test("the date of the last use is renewed when it is older than a day, and the folder is locked meanwhile", async () => {
  const pex = user.make("x.pex", SPEC);
  printed(await user.start(newest, pex, ["-c", CODE]));
  const marks = ["sites", "code"].flatMap((kind) =>
    readdirSync(join(user.runFolder, kind)).map((name) => join(user.runFolder, kind, name, ".last-access")),
  );
  expect(marks).toHaveLength(2);
  for (const mark of marks) utimesSync(mark, 1, 1);
  const locked = `
import fcntl, sys
for path in sys.argv[1:]:
    try:
        fcntl.flock(open(path), fcntl.LOCK_EX | fcntl.LOCK_NB)
        print('free')
    except (IOError, OSError):
        print('locked')
`;
  const code = `import subprocess, sys; subprocess.call([sys.executable, '-c', ${JSON.stringify(locked)}] + sys.argv[1:])`;
  expect(printed(await user.start(newest, pex, ["-c", code, ...marks]))).toBe("locked\nlocked");
  for (const mark of marks) expect(Date.now() - statSync(mark).mtimeMs).toBeLessThan(60_000);
  expect(printed(await user.run(newest.path, ["-c", locked, ...marks]))).toBe("free\nfree");
});

describe("without a place to write", () => {
  const nowhere = "/proc/nowhere";

  test("a temporary folder serves, with one warning, and is gone afterwards", async () => {
    const pex = user.make("x.pex", SPEC);
    for (const python of sample) {
      const result = await user.start(python, pex, ["-c", CODE], { env: { PEX_ROOT: nowhere } });
      expect(result.status).toBe(0);
      expect(result.stderr).toMatch(
        /^x\.pex: warning: the cache \/proc\/nowhere is not writable \(.*\), everything is unpacked again to .*\n$/,
      );
      expect(readdirSync(user.path("tmp"))).toEqual([]);
      expect(
        printed(await user.start(python, pex, ["-c", CODE], { env: { PEX_ROOT: nowhere, PEX_EMIT_WARNINGS: "0" } })),
      ).toMatch(/one/);
    }
  });

  test.skipIf(process.getuid?.() !== 0)("a cache that is complete and read-only is as good as any", async () => {
    const pex = user.make("x.pex", SPEC);
    chmodSync(user.dir, 0o755);
    const root = user.path("root");
    mkdirSync(root);
    printed(await user.start(newest, pex, ["-c", CODE], { env: { PEX_ROOT: root } }));
    const script = `import os, sys\nos.setgroups([]); os.setgid(65534); os.setuid(65534)\nos.execv(sys.argv[1], sys.argv[1:])`;
    const system = "/usr/bin/python3"; // one that everybody may run
    if (!existsSync(system)) return;
    printed(await user.run(system, [pex, "-c", CODE], { env: { PEX_ROOT: root } }));
    const result = await user.run(system, ["-c", script, system, pex, "-c", CODE], { env: { PEX_ROOT: root } });
    expect(printed(result)).toBe("one two");
  });

  test("a full disk is one error that says what to do, and nothing half done stays", async () => {
    const pex = user.make("x.pex", SPEC);
    const script = `import resource, os, sys\nresource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\nimport signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nos.execv(sys.argv[1], sys.argv[1:])`;
    const big = user.make("big.pex", {
      wheels: [{ name: "big", version: "1", files: { "big.py": `x = '${"abc".repeat(9000)}'` } }],
    });
    const result = await user.run(newest.path, ["-c", script, newest.path, big, "-c", "import big"]);
    expect([result.status, result.stdout]).toEqual([1, ""]);
    expect(result.stderr).toMatch(
      /^big\.pex: Cannot unpack to .*: File too large\nhint: make room there, or set PEX_ROOT to another folder\n$/,
    );
    expect(leftovers()).toEqual([]);
    expect(existsSync(join(user.runFolder, "sites")) && readdirSync(join(user.runFolder, "sites"))).toEqual([]);
    expect(printed(await user.start(newest, pex, ["-c", CODE]))).toBe("one two");
    expect(printed(await user.start(newest, big, ["-c", "import big; print(len(big.x))"]))).toBe("27000");
  });
});

describe("a damaged or hostile file", () => {
  test("is refused by name, and nothing of it is kept", async () => {
    const evil = user.make("evil.pex", { wheels: [{ name: "evil", version: "1", files: { "../../escaped.py": "" } }] });
    const result = await user.start(newest, evil, ["-c", "pass"]);
    expect([result.status, result.stderr]).toEqual([
      1,
      expect.stringMatching(
        /^evil\.pex: The file is damaged, the file name b?'..\/..\/escaped.py' is not allowed: .*evil\.pex\nhint: copy or build the PEX again\n$/,
      ),
    ]);
    expect(existsSync(join(user.runFolder, "escaped.py"))).toBe(false);
  });

  test("with changed bytes inside a wheel is noticed at the first start", async () => {
    const pex = user.make("x.pex", {
      wheels: [{ name: "one", version: "1", files: { "one.py": "marker = 'unchanged'\n".repeat(50) } }],
    });
    const bytes = readFileSync(pex);
    const wheel = bytes.indexOf("one.py") + 40;
    bytes.writeUInt8(bytes.readUInt8(wheel) ^ 0x55, wheel);
    writeFileSync(pex, bytes);
    const result = await user.start(newest, pex, ["-c", "import one"]);
    expect(result.status).toBe(1);
    expect(result.stderr).toMatch(/^x\.pex: The file is damaged, /);
    expect(leftovers()).toEqual([]);
  });
});

test("a moved, renamed or linked PEX is still itself", async () => {
  const pex = user.make("x.pex", SPEC);
  printed(await user.start(newest, pex, ["-c", CODE]));
  mkdirSync(user.path("with space"));
  renameSync(pex, user.path("with space", "renamed.pex"));
  execFileSync("ln", ["-s", user.path("with space", "renamed.pex"), user.path("link")]);
  const code = "import os, one; print(os.environ['PEX'])";
  expect(printed(await user.start(newest, "./link", ["-c", code], { env: { PEX_ROOT: user.path("a root") } }))).toBe(
    user.path("with space", "renamed.pex"),
  );
});

test("a folder with the same contents runs in place", async () => {
  for (const python of sample) {
    const loose = user.make(`loose-${python.name}`, {
      ...SPEC,
      layout: "loose",
      facts: { entry_point: "where" },
      sources: { "where.py": "import one, shared\nprint(__file__)\n" },
    });
    for (const path of [loose, join(loose, "__main__.py")])
      expect(printed(await user.start(python, path))).toBe(join(loose, "where.py"));
  }
});

test("`import __pex__` mounts what is inside into a program that runs already", async () => {
  const pex = user.make("x.pex", SPEC);
  const code = `import sys; sys.path.insert(0, ${JSON.stringify(pex)}); import __pex__, one, app; from __pex__ import two; print(two.where, sorted(n for n in sys.modules if 'pexjs' in n))`;
  for (const python of sample) {
    for (let start = 0; start < 2; start++)
      expect(printed(await user.run(python.path, ["-c", code])).replaceAll(/[(')]/g, "")).toMatch(/^two,? \[\]$/);
  }
});
