/**
 * What a user reads when something goes wrong, as a golden for each error; and what must not be left behind then.
 *
 * `UPDATE_GOLDENS=1 npx vitest run test/integration/errors` writes the goldens anew: read the difference before a commit.
 */
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";

import { expectGolden } from "../support/golden.ts";
import { IndexServer } from "../support/index-server.ts";
import { makeWheel, writeWheel, type WheelSpec } from "../support/wheel-maker.ts";
import { Workspace, type Result } from "../support/workspace.ts";

let user: Workspace;
let server: IndexServer;
let online: readonly string[];

const SPECS: readonly WheelSpec[] = [
  {
    name: "greeter",
    version: "1.0",
    files: { "greeter.py": "" },
    entryPoints: "[console_scripts]\ngreet=greeter:main\n",
  },
  { name: "greeter", version: "1.1", files: { "greeter.py": "" } },
  { name: "greeter", version: "2.0", files: { "greeter.py": "" }, requiresPython: ">=4" },
  { name: "greeter", version: "2.1", files: { "greeter.py": "" }, tag: "cp27-cp27mu-win_amd64" },
  { name: "greeter", version: "3.0rc1", files: { "greeter.py": "" } },
  { name: "polite", version: "1.0", requires: ["greeter<1.1"] },
  { name: "formal", version: "1.0", requires: ["greeter>=1.1,<2"] },
  { name: "chatty", version: "1.0", requires: ["greeter", "absent-friend>=2"] },
];

beforeAll(async () => {
  user = new Workspace();
  server = await IndexServer.start();
  for (const spec of SPECS) {
    const wheel = makeWheel(spec);
    server.add({
      ...wheel,
      ...(spec.requiresPython !== undefined && { requiresPython: spec.requiresPython }),
    });
  }
  const wrong = makeWheel({ name: "swapped", version: "1.0" });
  server.add({ ...wrong, sha256: "0".repeat(64) });
  const cut = makeWheel({ name: "cut", version: "1.0", files: { "cut.py": "x".repeat(50_000) } });
  const { filename, bytes } = cut;
  server.add({ filename, bytes: bytes.subarray(0, 300) });
  online = ["--no-index", "-i", server.url];
});
afterAll(async () => {
  await server.close();
  user.remove();
});

/** Fails with this text, prints nothing else, and writes no file. */
async function expectFailure(name: string, args: readonly string[], status = 1): Promise<Result> {
  const before = new Set(readdirSync(user.dir));
  const result = await user.pex([...args, "-o", "out.pex"]);
  expect(result, result.stderr).toMatchObject({ status, stdout: "" });
  expect(readdirSync(user.dir).filter((each) => !before.has(each))).toEqual([]);
  expect(readdirSync(user.path("tmp"))).toEqual([]);
  expectGolden(`build-errors/${name}.txt`, normal(result.stderr));
  return result;
}

/** Ports, places and interpreters differ from machine to machine. */
function normal(text: string): string {
  return text
    .replaceAll(server.origin, "http://index.example")
    .replaceAll(server.origin.replace("http://", ""), "index.example")
    .replaceAll(user.dir, "<dir>")
    .replace(/127\.0\.0\.1:\d+/g, "<address>")
    .replace(/CPython \d+\.\d+\.\d+ at \S*\/python\d*(\.\d+)?/g, "<python>")
    .replace(/cp3\d+-cp3\d+t?-\w+/g, "<tag>")
    .replace(/Python 3\.\d+\.\d+/g, "Python <version>")
    .replace(/\(looked in .*\)/g, "(looked in <path>)");
}

test("an unknown project", () => expectFailure("unknown-project", [...online, "no-such-project"]));
test("a dependency that no index knows", () => expectFailure("unknown-dependency", [...online, "chatty"]));
test("no version matches", () => expectFailure("no-matching-version", [...online, "greeter>=2,<3"]));
test("an exact version that does not exist", () => expectFailure("no-such-version", [...online, "greeter==9.9"]));
test("two requirements contradict each other", () =>
  expectFailure("contradiction", [...online, "greeter<1.1", "greeter>=1.1"]));
test("dependencies contradict each other", () => expectFailure("conflict", [...online, "polite", "formal"]));
test("a malformed requirement", () => expectFailure("malformed-requirement", [...online, "greeter>=1.0,<<2"]));
test("a missing requirements file", async () => {
  await expectFailure("missing-requirements-file", [...online, "-r", "requirments.txt"]);
});
test("faults in a requirements file", async () => {
  user.write("faulty.txt", "greeter==1.0\ngreeter=>2\n${PEXJS_TEST_UNSET}\n--no-such-option\n");
  await expectFailure("faulty-requirements-file", [...online, "-r", "faulty.txt"]);
});
test("unpinned requirements beside hashed ones", async () => {
  user.write("half.txt", `greeter==1.0 --hash=sha256:${"1".repeat(64)}\npolite\n`);
  await expectFailure("hashes-required", [...online, "-r", "half.txt"]);
});
test("a hash that the user gave is not that of the file", async () => {
  user.write("hashed.txt", `greeter==1.0 --hash=sha256:${"1".repeat(64)}\n`);
  await expectFailure("hash-not-allowed", [...online, "-r", "hashed.txt"]);
});
test("a download whose digest is not the announced one", () => expectFailure("hash-mismatch", [...online, "swapped"]));
test("a truncated wheel", () => expectFailure("truncated-wheel", [...online, "cut"]));
test("a corrupt wheel in a directory", async () => {
  mkdirSync(user.path("bad"), { recursive: true });
  writeFileSync(user.path("bad", "broken-1.0-py3-none-any.whl"), "this is no zip file");
  await expectFailure("corrupt-wheel", ["--no-index", "-f", "bad", "broken"]);
});
test("an index that is down", async () => {
  const port = await closedPort();
  const args = ["--no-index", "-i", `http://127.0.0.1:${port}/simple`, "--retries", "0", "greeter"];
  const result = await expectFailure("index-down", args);
  expect(result.stderr).not.toMatch(/No project/);
});
test("an index that fails", async () => {
  server.intercept = (_request, response) => {
    response.statusCode = 500;
    response.end();
    return true;
  };
  await expectFailure("index-500", [...online, "--retries", "0", "greeter"]);
  server.intercept = undefined;
});
test("an index that wants credentials", async () => {
  const locked = await IndexServer.start({ credentials: { user: "someone", password: "secret" } });
  try {
    locked.add(makeWheel({ name: "greeter", version: "1.0" }));
    const url = locked.urlWith("someone", "wrong");
    const result = await expectFailure("index-401", ["--no-index", "-i", url, "greeter"]);
    expect(result.stderr).not.toContain("wrong");
  } finally {
    await locked.close();
  }
});
test("no place to look", () => expectFailure("no-index", ["--no-index", "greeter"]));
test("an unknown interpreter", () =>
  expectFailure("unknown-interpreter", ["--python", "python9.9", "--python-path", "nowhere"]));
test("no interpreter for a constraint", () =>
  expectFailure("no-interpreter", ["--interpreter-constraint", "CPython>=9.9", "--python-path", "nowhere"]));
test("a malformed interpreter constraint", () =>
  expectFailure("bad-constraint", ["--interpreter-constraint", "Jython==2.7"]));
test("an unknown script", () => expectFailure("unknown-script", [...online, "greeter==1.0", "-c", "greeet"]));
test("two entry points", () => expectFailure("two-entry-points", ["-m", "one", "-c", "two"], 2));
test("an unknown option", () => expectFailure("unknown-option", ["--requrement", "x"], 2));
test("an option of a later release", () => expectFailure("not-implemented", ["--scie", "eager"]));
test("a directory of sources that is not there", () => expectFailure("missing-sources", ["-D", "nowhere"]));
test("a reserved name among the sources", async () => {
  user.write("reserved/__main__.py", "");
  await expectFailure("reserved-name", ["-D", "reserved"]);
});
test("a temporary directory that is not there", () => expectFailure("no-tmpdir", ["--tmpdir", "nowhere"]));
test("a file for the temporary directory", async () => {
  user.write("occupied", "");
  await expectFailure("file-for-tmpdir", ["--tmpdir", "occupied"]);
});

test("an output file below a file", async () => {
  user.write("occupied", "");
  const result = await user.pex(["-o", "occupied/out.pex"]);
  expect(result).toMatchObject({ status: 1, stdout: "" });
  expectGolden("build-errors/output-below-file.txt", normal(result.stderr));
});

test("an output directory that is not writable", async () => {
  mkdirSync(user.path("locked"));
  chmodSync(user.path("locked"), 0o555);
  const result = await user.pex(["-o", "locked/out.pex"]);
  // The superuser may write anywhere.
  if (process.getuid?.() === 0) expect(result.status).toBe(0);
  else {
    expect(result).toMatchObject({ status: 1, stdout: "" });
    expectGolden("build-errors/output-not-writable.txt", normal(result.stderr));
  }
});

test("a disk that is full while the PEX is written leaves no part of it", async () => {
  const files = { "big.bin": Uint8Array.from({ length: 400_000 }, (_, index) => (index * 7919) % 251) };
  writeWheel(user.path("big"), { name: "big", version: "1.0", files });
  mkdirSync(user.path("full"));
  // A limit on the size of files stands for a full disk: it needs no privileges.
  const script = 'trap "" XFSZ; ulimit -f 16; exec "$@"';
  const build = [process.execPath, user.bin("pex"), "--no-index", "-f", user.path("big"), "big", "-o", "full/out.pex"];
  const noise = user.write("noise.bin", "");
  writeFileSync(noise, "");
  const result = await user.run("sh", ["-c", script, "sh", ...build]);
  expect(result, result.stderr).toMatchObject({ status: 1, stdout: "" });
  expect(readdirSync(user.path("full"))).toEqual([]);
  expect(result.stderr).toMatch(/^error: Cannot write .*out\.pex: /);
});

function closedPort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
