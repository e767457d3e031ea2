/** Projects named by path, URL and repository, and who decides between wheels and sources: no network. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { packTar } from "modern-tar/fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { BuildResult } from "../../src/app/build-request.ts";
import { makeWheel, writeWheel } from "../support/wheel-maker.ts";
import { Workspace, type Result } from "../support/workspace.ts";

let user: Workspace;
let files: Server;
const served = new Map<string, Uint8Array>();
beforeAll(async () => {
  user = new Workspace();
  mkdirSync(user.path("house"));
  files = createServer((request, response) => {
    const body = served.get(request.url ?? "");
    response.writeHead(body ? 200 : 404).end(body);
  });
  await new Promise<void>((ready) => files.listen(0, "127.0.0.1", ready));
});
afterAll(() => {
  files.close();
  user.remove();
});

const pex = (...args: readonly string[]): Promise<Result> => user.pex(["--no-index", "-f", "house", ...args]);
const origin = (): string => `http://127.0.0.1:${(files.address() as AddressInfo).port}`;

/**
 * Builds `NAME.py` and says in the metadata what `requires.txt` says; leaves a mark in its directory. It calls its parameters
 * otherwise than PEP 517 does, as some backends do.
 */
const BACKEND = `
import os, zipfile
def build_wheel(out, settings=None, metadata=None):
    open("mark-of-a-build", "w").close()
    name, version = open("name.txt").read().split()
    info = "%s-%s.dist-info/" % (name, version)
    filename = "%s-%s-py3-none-any.whl" % (name, version)
    requires = open("requires.txt").read()
    with zipfile.ZipFile(os.path.join(out, filename), "w") as wheel:
        wheel.writestr(name + ".py", open("text.txt").read())
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: %s\\nVersion: %s\\n%s" % (name, version, requires))
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(info + "RECORD", "")
    return filename
`;

/** Writes a project that prints a text when it is run. */
function project(path: string, spec: { name: string; version?: string; text?: string; requires?: string }): string {
  const { name, version = "1.0", text = name, requires = "" } = spec;
  user.write(
    `${path}/pyproject.toml`,
    '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
  );
  user.write(`${path}/backend.py`, BACKEND);
  user.write(`${path}/name.txt`, `${name} ${version}`);
  user.write(`${path}/text.txt`, `print(${JSON.stringify(text)})\n`);
  user.write(`${path}/requires.txt`, requires);
  return user.path(path);
}

async function archive(folder: string, root: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of packTar([{ type: "directory", source: folder, target: root }])) {
    chunks.push(Buffer.from(chunk as Uint8Array));
  }
  return gzipSync(Buffer.concat(chunks));
}

function git(directory: string, ...args: readonly string[]): string {
  const identity = ["-c", "user.name=someone", "-c", "user.email=someone@mail.example"];
  return execFileSync("git", [...identity, "-C", directory, ...args], { encoding: "utf8" }).trim();
}

async function prints(name: string, module: string): Promise<string> {
  const ran = await user.run(user.path(name), ["-c", `import ${module}`], { env: { PEX_INTERPRETER: "1" } });
  return ran.stdout + ran.stderr;
}

async function requirementsIn(name: string): Promise<unknown> {
  const ran = await user.run("python3", [
    "-c",
    `import zipfile; print(zipfile.ZipFile(${JSON.stringify(name)}).read("PEX-INFO").decode())`,
  ]);
  return (JSON.parse(ran.stdout) as { requirements: unknown }).requirements;
}

describe("a local project", () => {
  test("is built from a copy, once for each state of its sources, and recorded by its version", async () => {
    project("app", { name: "app", requires: 'Requires-Dist: extra-need ; extra == "more"\nProvides-Extra: more\n' });
    writeWheel(user.path("house"), { name: "extra-need", version: "2.0", files: { "need.py": "print('needed')\n" } });
    const before = readdirSync(user.path("app"));
    const first = await pex("./app[more]", "-o", "app.pex");
    expect(first, first.stderr).toMatchObject({ status: 0, stderr: "" });
    expect(readdirSync(user.path("app"))).toEqual(before);
    expect(await prints("app.pex", "app, need")).toBe("app\nneeded\n");
    expect(await requirementsIn("app.pex")).toEqual(["app[more]==1.0"]);

    const again = await pex("-v", "./app[more]", "-o", "again.pex");
    expect(again.stderr).not.toContain("building");
    expect(readFileSync(user.path("again.pex"))).toEqual(readFileSync(user.path("app.pex")));

    user.write("app/text.txt", "print('changed')\n");
    expect((await pex("./app", "-o", "changed.pex")).status).toBe(0);
    expect(await prints("changed.pex", "app")).toBe("changed\n");
  });

  test("is meant by --project, by `.`, by -e in a file and by `name @ file:`", async () => {
    const path = project("many", { name: "many" });
    user.write("many.txt", "-e ./many\n");
    const forms: readonly (readonly string[])[] = [
      ["--project", "many"],
      ["-r", "many.txt"],
      [`many @ file://${path}`],
    ];
    for (const form of forms) {
      const result = await pex(...form, "-o", "many.pex");
      expect(result, `${form.join(" ")}: ${result.stderr}`).toMatchObject({ status: 0 });
      expect(await requirementsIn("many.pex")).toEqual(["many==1.0"]);
    }
    const here = await user.pex(["--no-index", ".", "-o", "here.pex"], { cwd: path });
    expect(here.status, here.stderr).toBe(0);
  });

  test("goes before what an index offers under its name, also for its dependants", async () => {
    project("own", { name: "own", version: "1.0", text: "mine" });
    writeWheel(user.path("house"), { name: "own", version: "9.0", files: { "own.py": "print('theirs')\n" } });
    writeWheel(user.path("house"), { name: "dependant", version: "1.0", requires: ["own"], files: { "dep.py": "" } });
    const result = await pex("dependant", "./own", "-o", "own.pex");
    expect(result.status, result.stderr).toBe(0);
    expect(await prints("own.pex", "own")).toBe("mine\n");
  });

  test("is left alone where its marker does not apply", async () => {
    project("windows", { name: "windows" });
    writeWheel(user.path("house"), { name: "plain", version: "1.0", files: { "plain.py": "print('plain')\n" } });
    const result = await pex("plain", "./windows ; os_name == 'nt'", "-o", "plain.pex");
    expect(result.status, result.stderr).toBe(0);
    expect(await requirementsIn("plain.pex")).toEqual(["plain"]);
  });

  test("asks git for its version where it lies, also when that is all that has changed", async () => {
    const path = project("versioned", { name: "versioned" });
    const backend = BACKEND.replace('    open("mark-of-a-build", "w").close()\n', "").replace(
      'name, version = open("name.txt").read().split()',
      'import subprocess\n    name, version = "versioned", subprocess.check_output(["git", "describe", "--dirty"]).decode().strip()',
    );
    user.write("versioned/backend.py", backend);
    user.write("versioned/.gitignore", "__pycache__\n");
    git(path, "init", "--quiet");
    // What is committed there, but of no use for a build: a copy without it would count as changed.
    user.write("versioned/.vscode/settings.json", "{}");
    git(path, "add", ".");
    for (const version of ["1.0", "2.0"]) {
      git(path, "commit", "--quiet", "--allow-empty", "-m", version);
      git(path, "tag", "-a", version, "-m", version);
      const result = await pex("./versioned", "-o", "versioned.pex");
      expect(result.status, result.stderr).toBe(0);
      expect(await requirementsIn("versioned.pex")).toEqual([`versioned==${version}`]);
    }
    expect(git(path, "status", "--short")).toBe("");
  });

  test("finds what lies around it, which is not known from its files, so that it is built each time", async () => {
    const path = project("street/house", { name: "house" });
    const backend = BACKEND.replace('open("text.txt")', 'open(os.path.join("..", "text.txt"))');
    user.write("street/house/backend.py", backend);
    for (const text of ["first", "second"]) {
      user.write("street/text.txt", `print('${text}')\n`);
      const before = readdirSync(path);
      const result = await pex("-vv", "./street/house", "-o", "street.pex");
      expect(result.status, result.stderr).toBe(0);
      expect(result.stderr).toContain(
        "./street/house may depend on more than its files, so it is built each time: backend.py says `wheel.writestr",
      );
      expect(await prints("street.pex", "house")).toBe(`${text}\n`);
      expect(readdirSync(path)).toEqual(before);
    }
  });

  test("that is called otherwise than it was named is refused", async () => {
    const path = project("renamed", { name: "renamed" });
    const result = await pex(`other @ file://${path}`, "-o", "renamed.pex");
    expect(result).toMatchObject({ status: 1 });
    expect(result.stderr).toContain("built something else: renamed-1.0-py3-none-any.whl");
  });
});

describe("a URL", () => {
  test("of a wheel, of an archive and of a part of one is downloaded and checked", async () => {
    const wheel = makeWheel({ name: "remote", version: "3.0", files: { "remote.py": "print('remote')\n" } });
    served.set(`/${wheel.filename}`, wheel.bytes);
    project("bundle/part", { name: "part" });
    const bundle = await archive(user.path("bundle"), "bundle-1");
    served.set("/bundle.tar.gz", bundle);
    const digest = createHash("sha256").update(bundle).digest("hex");
    const result = await pex(
      `${origin()}/${wheel.filename}#sha256=${wheel.sha256}`,
      `part @ ${origin()}/bundle.tar.gz#sha256=${digest}&subdirectory=part`,
      "-o",
      "remote.pex",
    );
    expect(result.status, result.stderr).toBe(0);
    expect(await prints("remote.pex", "remote, part")).toBe("remote\npart\n");
    expect(await requirementsIn("remote.pex")).toEqual([
      `part @ ${origin()}/bundle.tar.gz#sha256=${digest}&subdirectory=part`,
      `remote @ ${origin()}/${wheel.filename}#sha256=${wheel.sha256}`,
    ]);

    const wrong = await pex(`${origin()}/bundle.tar.gz?#sha256=${"0".repeat(64)}&subdirectory=part`, "-o", "wrong.pex");
    expect(wrong.status).toBe(1);
    expect(wrong.stderr).toContain("[HASH_MISMATCH]");
    expect(existsSync(user.path("wrong.pex"))).toBe(false);
  });

  test("of this machine is checked and looked into just so", async () => {
    const wheel = makeWheel({ name: "nearby", version: "1.0", files: { "nearby.py": "print(1)\n" } });
    mkdirSync(user.path("files"));
    writeFileSync(user.path(`files/${wheel.filename}`), wheel.bytes);
    project("bundled/near", { name: "near" });
    writeFileSync(user.path("files/near.tar.gz"), await archive(user.path("bundled"), "bundled-1.0"));
    const url = (file: string): string => pathToFileURL(user.path(`files/${file}`)).href;
    const digest = (algorithm: string, file: string): string =>
      createHash(algorithm)
        .update(readFileSync(user.path(`files/${file}`)))
        .digest("hex");
    const wheelUrl = `${url(wheel.filename)}#sha512=${digest("sha512", wheel.filename)}`;
    const partUrl = `${url("near.tar.gz")}#sha256=${digest("sha256", "near.tar.gz")}&subdirectory=near`;
    const built = await pex(wheelUrl, `near @ ${partUrl}`, "-o", "nearby.pex");
    expect(built, built.stderr).toMatchObject({ status: 0, stderr: "" });
    expect(await prints("nearby.pex", "near, nearby")).toBe("near\n1\n");

    for (const wrong of [wheelUrl, `nearby @ ${wheelUrl}`, partUrl]) {
      const refused = await pex(wrong.replace(/(?<=sha\d+=)[0-9a-f]+/, "0".repeat(64)), "-o", "wrong.pex");
      expect(refused.stderr).toContain("[HASH_MISMATCH]");
    }
    const both = await pex(wheelUrl, wheelUrl.replace(/=.*/, `=${"0".repeat(128)}`), "-o", "wrong.pex");
    expect(both.stderr).toContain(`No file has both hashes: ${wheel.filename}: sha512 `);
  });

  test("in a file with hashes is held against them", async () => {
    served.set("/hashed-1.0.tar.gz", await archive(project("hashed", { name: "hashed" }), "hashed-1.0"));
    const digest = createHash("sha256")
      .update(served.get("/hashed-1.0.tar.gz") ?? "")
      .digest("hex");
    const line = (hash: string): string => `hashed @ ${origin()}/hashed-1.0.tar.gz --hash=sha256:${hash}\n`;
    user.write("right.txt", line(digest));
    user.write("wrong.txt", line("0".repeat(64)));
    const right = await pex("-r", "right.txt", "-o", "right.pex");
    expect(right.status, right.stderr).toBe(0);
    const wrong = await pex("-r", "wrong.txt", "-o", "wrong.pex");
    expect(wrong.stderr).toContain("No given hash is that of hashed-1.0.tar.gz");
    user.write("directory.txt", `${line(digest)}./hashed\n`);
    const directory = await pex("-r", "directory.txt", "-o", "wrong.pex");
    expect(directory.stderr).toContain("    ./hashed (directory.txt, line 2)");
  });

  test("in the metadata of a distribution is followed, with its extras", async () => {
    const wheel = makeWheel({
      name: "referred",
      version: "4.0",
      requires: ['plain-need ; extra == "x"'],
      extras: ["x"],
      files: { "referred.py": "print('referred')\n" },
    });
    served.set(`/${wheel.filename}`, wheel.bytes);
    writeWheel(user.path("house"), {
      name: "plain-need",
      version: "1.0",
      files: { "plain_need.py": "print('need')\n" },
    });
    writeWheel(user.path("house"), {
      name: "referrer",
      version: "1.0",
      requires: [`referred[x] @ ${origin()}/${wheel.filename}`],
      files: { "referrer.py": "" },
    });
    const result = await pex("referrer", "-o", "referrer.pex");
    expect(result.status, result.stderr).toBe(0);
    expect(await prints("referrer.pex", "referred, plain_need")).toBe("referred\nneed\n");
  });

  test("of this machine in the metadata of a distribution is followed, too", async () => {
    const near = writeWheel(user.path("near"), {
      name: "near",
      version: "1.0",
      files: { "near.py": "print('near')\n" },
    });
    const inner = project("inner", { name: "inner", requires: `Requires-Dist: near @ file://${near}\n` });
    project("outer", { name: "outer", requires: `Requires-Dist: inner @ file://${inner}\n` });
    const result = await pex("./outer", "-o", "outer.pex");
    expect(result.status, result.stderr).toBe(0);
    expect(await prints("outer.pex", "outer, inner, near")).toBe("outer\ninner\nnear\n");
    user.write("outer/requires.txt", "Requires-Dist: gone @ file:///gone/away\n");
    expect(await pex("./outer", "-o", "outer.pex")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("/gone/away"),
    });
  });
});

describe("a git repository", () => {
  test("is built at a revision, which is asked for again each time", async () => {
    const repository = project("repository/lib", { name: "lib", text: "first" }).replace(/\/lib$/, "");
    git(repository, "init", "--quiet", "--initial-branch=main");
    git(repository, "add", ".");
    git(repository, "commit", "--quiet", "-m", "one");
    git(repository, "tag", "-a", "v1", "-m", "v1");
    const commit = git(repository, "rev-parse", "HEAD");
    user.write("repository/lib/text.txt", "print('second')\n");
    git(repository, "commit", "--quiet", "-am", "two");

    const at = (revision: string): string => `lib @ git+file://${repository}${revision}#subdirectory=lib`;
    for (const [revision, text] of [
      ["@v1", "first"],
      [`@${commit}`, "first"],
      [`@${commit.slice(0, 10)}`, "first"],
      ["@main", "second"],
      ["", "second"],
    ] as const) {
      const result = await pex(at(revision), "-o", "lib.pex");
      expect(result, `${revision}: ${result.stderr}`).toMatchObject({ status: 0, stderr: "" });
      expect(await prints("lib.pex", "lib")).toBe(`${text}\n`);
    }
    const again = await pex("-v", at("@v1"), "-o", "lib.pex");
    expect(again.stderr).not.toContain("building");

    const missing = await pex(at("@nowhere"), "-o", "missing.pex");
    expect(missing.status).toBe(1);
    expect(missing.stderr).toContain("Cannot get `nowhere` of the repository: lib @ git+file://");
  });

  test("needs git", async () => {
    mkdirSync(user.path("tools"));
    const python = execFileSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).trim();
    symlinkSync(python, user.path("tools", "python3"));
    const result = await user.pex(["--no-index", "git+https://code.example/x.git", "-o", "x.pex"], {
      env: { PATH: user.path("tools") },
    });
    expect(result).toMatchObject({ status: 1, stdout: "" });
    expect(result.stderr).toContain("The command `git` is needed for this requirement, but it is not here");
  });
});

describe("a constraint with a place", () => {
  test("says where a project comes from that something needs, and builds nothing that nothing needs", async () => {
    const folder = project("limited-1.0", { name: "limited", text: "from a directory" });
    writeWheel(user.path("house"), { name: "limited", version: "2.0", files: { "limited.py": "print('index')" } });
    writeWheel(user.path("house"), { name: "asks", version: "1.0", requires: ["limited"], files: { "asks.py": "" } });
    const wheel = writeWheel(user.path("aside"), { name: "asks", version: "0.5", requires: ["limited"], files: {} });
    user.write("places.txt", `limited @ file://${folder}\nasks @ file://${wheel}\n`);
    const result = await pex("asks", "--constraint", "places.txt", "-o", "limited.pex", "--json");
    expect(result.status, result.stdout).toBe(0);
    const { distributions } = JSON.parse(result.stdout) as BuildResult;
    expect(distributions.map(({ project: name, version }) => `${name} ${version}`)).toEqual([
      "asks 0.5",
      "limited 1.0",
    ]);
    expect(await prints("limited.pex", "limited")).toBe("from a directory\n");
    writeWheel(user.path("house"), { name: "alone", version: "1.0", files: { "alone.py": "" } });
    user.write("broken/pyproject.toml", "[build-system]\nrequires = []\nbuild-backend = 'nowhere'\n");
    user.write("unused.txt", `broken @ file://${user.path("broken")}\n`);
    expect(await pex("alone", "--constraint", "unused.txt", "-o", "alone.pex")).toMatchObject({
      status: 0,
      stderr: "",
    });
  });
});

test("a build requirement may be a wheel or a project at a place, and may refer to one", async () => {
  const tool = project("build-tool", { name: "buildtool" });
  user.write("build-tool/text.txt", "WORD = 'from the tool'\n");
  const referred = writeWheel(user.path("aside"), { name: "referred", version: "1.0", files: { "referred.py": "" } });
  const wheel = writeWheel(user.path("aside"), {
    name: "helper",
    version: "1.0",
    requires: [`referred @ file://${referred}`],
    files: { "helper.py": "import referred" },
  });
  const folder = project("placed", { name: "placed" });
  user.write(
    "placed/pyproject.toml",
    `[build-system]\nrequires = ["buildtool @ file://${tool}", "helper @ file://${wheel}"]\nbuild-backend = "backend"\nbackend-path = ["."]\n`,
  );
  user.write(
    "placed/backend.py",
    `import buildtool, helper\n${BACKEND.replace('open("text.txt").read()', "'print(%r)' % buildtool.WORD")}`,
  );
  const result = await pex(folder, "-o", "placed.pex");
  expect(result.status, result.stderr).toBe(0);
  expect(await prints("placed.pex", "placed")).toBe("from the tool\n");
});

describe("wheels or sources", () => {
  beforeAll(async () => {
    writeWheel(user.path("house"), { name: "both", version: "1.0", files: { "both.py": "print('wheel 1.0')\n" } });
    for (const version of ["1.0", "2.0"]) {
      const folder = project(`both-${version}`, { name: "both", version, text: `source ${version}` });
      writeFileSync(user.path("house", `both-${version}.tar.gz`), await archive(folder, `both-${version}`));
    }
  });

  test.each([
    [[], "source 2.0"],
    [["--no-build"], "wheel 1.0"],
    [["--only-wheel", "both"], "wheel 1.0"],
    [["--only-binary", "both"], "wheel 1.0"],
    [["--prefer-wheel"], "wheel 1.0"],
    [["--no-wheel", "--constraint", "one.txt"], "source 1.0"],
    [["--no-build", "--only-build", "both", "--constraint", "one.txt"], "source 1.0"],
    [["-r", "only-binary.txt"], "wheel 1.0"],
    [["-r", "prefer-binary.txt"], "wheel 1.0"],
    [["-r", "no-binary.txt", "--constraint", "one.txt"], "source 1.0"],
  ])("%j takes %s", async (options, expected) => {
    user.write("only-binary.txt", "--only-binary :all:\n");
    user.write("prefer-binary.txt", "--prefer-binary\n");
    user.write("one.txt", "both==1.0\n");
    user.write("no-binary.txt", "--no-binary both\n");
    const result = await pex("both", ...options, "-o", "both.pex");
    expect(result.status, result.stderr).toBe(0);
    expect(await prints("both.pex", "both")).toBe(`${expected}\n`);
  });

  test("a version that only a refused file could give is named", async () => {
    const result = await pex("both==2.0", "--no-build", "-o", "refused.pex");
    expect(result).toMatchObject({ status: 1, stdout: "" });
    expect(result.stderr).toContain("No usable version matches: both==2.0");
    expect(result.stderr).toContain("2.0: source only, and building is not allowed");
    const local = await pex("./both-2.0", "--no-build", "-o", "refused.pex");
    expect(local.stderr).toContain("This has to be built, but building is not allowed: ./both-2.0");
    const none = await pex("both", "--no-build", "--no-wheel", "-o", "refused.pex");
    expect(none).toMatchObject({ status: 2 });
  });
});

describe("a dry run learns what an sdist needs", () => {
  const pkgInfo = (name: string, version: string): string =>
    [
      `Metadata-Version: ${version}`,
      `Name: ${name}`,
      "Version: 1.0",
      "Requires-Dist: needed",
      "Dynamic: Classifier",
      "",
    ].join("\n");
  const stated = (name: string): string =>
    `[project]\nname = "${name}"\nversion = "1.0"\ndependencies = ["needed"]\n[build-system]\nrequires = ["nowhere"]\n`;
  const prepare = `
def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    name, version = open("name.txt").read().split()
    os.mkdir(os.path.join(metadata_directory, "x.dist-info"))
    with open(os.path.join(metadata_directory, "x.dist-info", "METADATA"), "w") as text:
        text.write("Metadata-Version: 2.1\\nName: %s\\nVersion: %s\\nRequires-Dist: needed\\n" % (name, version))
    return "x.dist-info"
`;

  test.each<readonly [string, (name: string) => Readonly<Record<string, string>>, readonly string[]]>([
    ["from PKG-INFO that promises it", (name) => ({ "PKG-INFO": pkgInfo(name, "2.2") }), []],
    ["from pyproject.toml that states it", (name) => ({ "pyproject.toml": stated(name) }), []],
    [
      "from its backend, where the table leaves something to it",
      (name) => ({
        "backend.py": BACKEND + prepare,
        "pyproject.toml": `[project]\nname = "${name}"\ndynamic = ["version"]\n[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n`,
      }),
      ["preparing the metadata"],
    ],
    [
      "from its wheel, where nobody else tells",
      (name) => ({ "PKG-INFO": pkgInfo(name, "2.1") }),
      ["preparing the metadata", "building"],
    ],
  ])("%s", async (how, files, does) => {
    const name = how.replaceAll(/\W+/g, "_").toLowerCase();
    writeWheel(user.path("house"), { name: "needed", version: "1.0", files: { "needed.py": "" } });
    const folder = project(`${name}-1.0`, { name });
    for (const [file, text] of Object.entries(files(name))) user.write(`${name}-1.0/${file}`, text);
    writeFileSync(user.path("house", `${name}-1.0.tar.gz`), await archive(folder, `${name}-1.0`));
    for (const isFirst of [true, false]) {
      const result = await pex("-v", "--dry-run", name);
      expect(result.status, result.stderr).toBe(0);
      const done = [...result.stderr.matchAll(/^pex: (building|preparing the metadata) /gm)].map(([, what]) => what);
      expect(done).toEqual(isFirst ? does : []);
      // The wheels that are built here need nothing, whatever the sdist says.
      expect(result.stdout.includes("needed")).toBe(!does.includes("building"));
    }
  });
});

test("without isolation a build sees what is installed for the interpreter", async () => {
  const folder = project("open", { name: "open" });
  user.write(
    "open/pyproject.toml",
    '[build-system]\nrequires = ["nowhere"]\nbuild-backend = "backend"\nbackend-path = ["."]\n',
  );
  expect((await pex(folder, "-o", "open.pex")).stderr).toContain("nowhere");
  const result = await pex(folder, "--no-build-isolation", "-o", "open.pex");
  expect(result.status, result.stderr).toBe(0);
  expect(await prints("open.pex", "open")).toBe("open\n");
});

test("a dependency group adds its requirements", async () => {
  writeWheel(user.path("house"), { name: "grouped", version: "1.0", files: { "grouped.py": "print('grouped')\n" } });
  user.write("groups/pyproject.toml", '[dependency-groups]\nrun = ["grouped"]\n');
  const result = await pex("--group", "run@groups", "-o", "grouped.pex");
  expect(result.status, result.stderr).toBe(0);
  expect(await prints("grouped.pex", "grouped")).toBe("grouped\n");
});
