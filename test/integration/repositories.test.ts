/** Projects in repositories: git over HTTP with a password and over ssh, submodules; other systems by commands that stand in for them. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { oraclePython } from "../support/python-oracle.ts";
import { pathWithoutShims, Workspace, type Result } from "../support/workspace.ts";

const SECRET = "hunter2/@";
const BACKEND = `
import os, zipfile
def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    with zipfile.ZipFile(os.path.join(wheel_directory, "lib-1.0-py3-none-any.whl"), "w") as wheel:
        wheel.write("lib.py")
        if os.path.exists("part/words.txt"): wheel.write("part/words.txt", "words.txt")
        wheel.writestr("lib-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: lib\\nVersion: 1.0\\n")
        wheel.writestr("lib-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("lib-1.0.dist-info/RECORD", "")
    return "lib-1.0-py3-none-any.whl"
`;

let user: Workspace;
let server: Server;
beforeAll(async () => {
  user = new Workspace();
  user.write("lib/pyproject.toml", "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n");
  user.write("lib/backend.py", BACKEND);
  user.write("lib/lib.py", "print('lib')\n");
  server = createServer((request, response) => {
    const isKnown = request.headers.authorization === `Basic ${Buffer.from(`me:${SECRET}`).toString("base64")}`;
    if (!isKnown) return response.writeHead(401, { "www-authenticate": "Basic realm=x" }).end();
    try {
      const { pathname } = new URL(request.url ?? "/", "http://x");
      return response.writeHead(200).end(readFileSync(join(user.path("served"), normalize(pathname))));
    } catch {
      return response.writeHead(404).end();
    }
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  for (const name of ["git", "hg", "svn", "brz"]) tool(name);
  makeRepositories();
});
afterAll(() => {
  server.close();
  user.remove();
});

/** Commands that note their arguments: the real git, and stand-ins that check the project out. */
function tool(name: string): void {
  const real = `PATH=${pathWithoutShims()} exec git "$@"`;
  const standIn = `for last; do :; done
case "$*" in
  *clone*|*checkout*|*branch*) cp -r ${user.path("lib")} "$last";;
  *identify*|*info*) echo 0123abcd;;
esac`;
  const path = user.write(
    `bin/${name}`,
    `#!/bin/sh\necho ${name} "$@" >> ${user.path("asked")}\n${name === "git" ? real : standIn}\n`,
  );
  chmodSync(path, 0o755);
}

function git(directory: string, ...args: readonly string[]): void {
  const identity = ["-c", "user.name=Me", "-c", "user.email=me@example.org", "-c", "protocol.file.allow=always"];
  execFileSync("git", [...identity, "-C", directory, ...args], { stdio: "pipe" });
}

/** `lib.git` with two commits on `main`, the first one tagged, and `part.git`, which is a submodule of it. */
function makeRepositories(): void {
  user.write("part/words.txt", "words");
  git(user.path("part"), "init", "--quiet", "--initial-branch=main");
  git(user.path("part"), "add", ".");
  git(user.path("part"), "commit", "--quiet", "-m", "one");
  serve(user.path("part"), "part.git");
  git(user.path("lib"), "init", "--quiet", "--initial-branch=main");
  git(user.path("lib"), "submodule", "--quiet", "add", user.path("part"), "part");
  git(user.path("lib"), "config", "-f", ".gitmodules", "submodule.part.url", "../part.git");
  user.write("lib/lib.py", "print('first')\n");
  git(user.path("lib"), "add", ".");
  git(user.path("lib"), "commit", "--quiet", "-m", "one");
  git(user.path("lib"), "tag", "-a", "v1", "-m", "v1");
  user.write("lib/lib.py", "print('lib')\n");
  git(user.path("lib"), "commit", "--quiet", "-am", "two");
  serve(user.path("lib"), "lib.git");
}

function revision(directory: string, name: string): string {
  return execFileSync("git", ["-C", directory, "rev-parse", name], { encoding: "utf8" }).trim();
}

/** A bare repository that any server of files can serve. */
function serve(directory: string, name: string): void {
  git(directory, "clone", "--quiet", "--bare", ".", user.path("served", name));
  git(user.path("served", name), "update-server-info");
}

function build(requirement: string, more: Readonly<Record<string, string>> = {}): Promise<Result> {
  rmSync(user.path("asked"), { force: true });
  const PATH = `${user.path("bin")}:${pathWithoutShims()}`;
  return user.pex(["--no-index", requirement, "-o", "lib.pex", "-vvv", "--pip-log", "build.log"], {
    env: { PATH, ...more },
  });
}

const asked = (): string => readFileSync(user.path("asked"), "utf8");

test("git gets a password without anybody else seeing it, for submodules too", async () => {
  const origin = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const result = await build(`lib @ git+http://me:${encodeURIComponent(SECRET)}@${origin}/lib.git@main`);
  expect([result.status, result.stderr]).toEqual([0, expect.anything()]);
  const code = "import os, lib; print(os.path.exists(os.path.join(os.path.dirname(lib.__file__), 'words.txt')))";
  expect((await user.run("python3", [user.path("lib.pex"), "-c", code])).stdout).toBe("lib\nTrue\n");
  const text = asked() + result.stdout + result.stderr + readFileSync(user.path("build.log"), "utf8");
  expect(text).toContain(`clone`);
  expect(text).not.toContain("hunter2");

  const refused = await build(`lib @ git+http://me:wrong-secret@${origin}/lib.git`);
  expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining("[REPOSITORY]")]);
  expect(asked() + refused.stderr).not.toContain("wrong-secret");
});

/** Stands in for ssh: notes host and port, and runs what git wants to run there. */
const SSH = `#!/bin/sh
echo ssh "$@" >> ASKED
case "$*" in *nobody@*) echo "nobody@code.example: Permission denied (publickey)." >&2; exit 255;; esac
for last; do :; done
exec sh -c "$last"
`;

test("git over ssh: branches, tags, commits, submodules, contents of files on demand, and what ssh complains of", async () => {
  const GIT_SSH_COMMAND = user.write("ssh/ssh", SSH.replace("ASKED", user.path("asked")));
  chmodSync(GIT_SSH_COMMAND, 0o755);
  const served = user.path("served");
  const [first = "", second = ""] = ["v1^{commit}", "main"].map((name) => revision(user.path("lib"), name));
  // The server sends contents of files when they are asked for.
  git(join(served, "lib.git"), "config", "uploadpack.allowFilter", "true");
  const expectLib = async (place: string, text: string): Promise<void> => {
    const result = await build(`lib @ git+ssh://me@code.example:2222${served}/${place}`, { GIT_SSH_COMMAND });
    expect([result.status, result.stderr]).toEqual([0, expect.anything()]);
    expect(asked()).toMatch(/^ssh .*-p 2222 me@code\.example git-upload-pack /m);
    const code = "import os, lib; print(os.path.exists(os.path.join(os.path.dirname(lib.__file__), 'words.txt')))";
    expect((await user.run("python3", [user.path("lib.pex"), "-c", code])).stdout, place).toBe(`${text}\nTrue\n`);
  };
  await expectLib("lib.git@main", "lib");
  await expectLib("lib.git@v1", "first");
  await expectLib(`lib.git@${first}`, "first");
  await expectLib(`lib.git@${second.slice(0, 10)}`, "lib");

  const refused = await build("lib @ git+ssh://nobody@code.example/lib.git", { GIT_SSH_COMMAND });
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain("\n    nobody@code.example: Permission denied (publickey).\n");
});

test("a shallow repository, as CI checks it out, is taken as it is", { timeout: 30_000 }, async () => {
  const served = user.path("served");
  git(served, "clone", "--quiet", "--bare", "--depth=1", `file://${served}/lib.git`, "shallow.git");
  for (const revision of ["", "@main"]) {
    const result = await build(`lib @ git+file://${served}/shallow.git${revision}`, { GIT_ALLOW_PROTOCOL: "file" });
    expect([result.status, result.stderr]).toEqual([0, expect.anything()]);
  }
  const gone = await build(`lib @ git+file://${served}/shallow.git@v1`);
  expect([gone.status, gone.stderr]).toEqual([1, expect.stringContaining("Cannot get `v1` of the repository")]);

  // Contents of files on demand from a server whose repository is shallow make git ask itself without end.
  git(join(served, "shallow.git"), "config", "uploadpack.allowFilter", "true");
  const GIT_SSH_COMMAND = user.write("ssh/ssh", SSH.replace("ASKED", user.path("asked")));
  chmodSync(GIT_SSH_COMMAND, 0o755);
  const far = await build(`lib @ git+ssh://me@code.example${served}/shallow.git@main`, { GIT_SSH_COMMAND });
  expect([far.status, far.stderr]).toEqual([0, expect.anything()]);
});

test.each([
  [
    "hg+https://code.example/lib@v1",
    "hg identify --id --debug --rev=v1 -- https://code.example/lib\nhg clone --quiet --noupdate -- https://code.example/lib ",
  ],
  [
    "svn+ssh://me@code.example/lib/trunk@12",
    "svn info --non-interactive --show-item=last-changed-revision --revision=12 svn+ssh://me@code.example/lib/trunk@\nsvn checkout --quiet --non-interactive --revision=12 svn+ssh://me@code.example/lib/trunk@ ",
  ],
  [
    "bzr+https://code.example/lib",
    "brz revision-info --revision=-1 --directory=https://code.example/lib\nbrz branch --quiet --revision=-1 -- https://code.example/lib ",
  ],
])("%s is checked out by its command", async (url, commands) => {
  const result = await build(`lib @ ${url}`);
  expect([result.status, result.stderr]).toEqual([0, expect.anything()]);
  expect(asked()).toContain(commands);
  const again = await build(`lib @ ${url}`);
  expect([again.status, asked().split("\n").length]).toEqual([0, 2]);
});

test("a command that is not here is named, and a password is not given to one whose arguments show it", async () => {
  mkdirSync(user.path("few"));
  symlinkSync(oraclePython(), user.path("few", "python3"));
  const env = { PATH: user.path("few") };
  const missing = await user.pex(["lib @ hg+https://code.example/lib", "-o", "x.pex"], { env });
  const message =
    "The command `hg` is needed for this requirement, but it is not here: lib @ hg+https://code.example/lib";
  expect(missing.stderr).toContain(message);
  expect(missing.stderr).toContain("hint: Install hg, or give the URL of an archive");
  const shown = await build("lib @ svn+https://me:hunter2@code.example/lib");
  expect([shown.status, shown.stderr]).toEqual([1, expect.stringContaining("could read the password")]);
  expect(shown.stderr).not.toContain("hunter2");
});
