/** The main road on the real package index, with real interpreters: what the README promises, typed as a user types it. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { freePort } from "../support/free-port.ts";
import { pathWithoutShims, Workspace, type Result } from "../support/workspace.ts";

let user: Workspace;
beforeAll(() => {
  user = new Workspace();
});
afterAll(() => user.remove());

const pex = (...args: readonly string[]): Promise<Result> => user.pex(args, { online: true });

test("cowsay speaks without being installed", async () => {
  const result = await pex("cowsay==6.1", "-c", "cowsay", "--", "-t", "It runs");
  expect(result.stdout).toContain("| It runs |");
  expect(result.status).toBe(0);
});

test("pex alone is an interpreter in an empty environment", async () => {
  const result = await user.pex([], { online: true, stdin: "import sys\nprint(6 * 7)\nsys.exit(5)\n" });
  expect(result.stdout).toContain("42");
  expect(result.status).toBe(5);
});

test("an ephemeral run hands the arguments on untouched and leaves nothing behind", async () => {
  user.write("script.py", "import flask, psutil, sys\nprint(sys.argv)\n");
  const result = await pex("flask==3.0.3", "psutil>1", "--", "script.py", "a", "--help", "--", "-o", "b c");
  expect(result.stdout).toBe("['script.py', 'a', '--help', '--', '-o', 'b c']\n");
  expect(readdirSync(user.path("tmp"))).toEqual([]);
});

test("sphinx is saved, and shows its help under the file's name", async () => {
  const built = await pex("sphinx==7.4.7", "sphinx_rtd_theme", "-c", "sphinx-build", "-o", "sphinx.pex");
  expect(built).toMatchObject({ status: 0, stdout: "sphinx.pex\n" });
  const help = await user.run(user.path("sphinx.pex"), ["--help"]);
  expect(help.stdout).toMatch(/usage: sphinx\.pex \[/i);
});

test("gunicorn serves an application that lies inside", async () => {
  user.write(
    "app/myapp.py",
    "def app(environ, start_response):\n    start_response('200 OK', [('Content-Type', 'text/plain')])\n    return [b'hello from wsgi']\n",
  );
  const built = await pex("flask==3.0.3", "gunicorn==22.0.0", "-D", "app", "-c", "gunicorn", "-o", "bin/service.pex");
  expect(built.status, built.stderr).toBe(0);
  const port = await freePort();
  const page = await served(user.path("bin/service.pex"), ["myapp:app", "-b", `127.0.0.1:${port}`], port);
  expect(page).toBe("hello from wsgi");
});

test("uvicorn serves with sealed arguments, and typed ones win", async () => {
  user.write(
    "asgi/example.py",
    "async def app(scope, receive, send):\n    assert scope['type'] == 'http'\n    await send({'type': 'http.response.start', 'status': 200, 'headers': []})\n    await send({'type': 'http.response.body', 'body': b'hello from asgi'})\n",
  );
  const sealed = ["--inject-args", "example:app --port 8888"];
  const built = await pex("uvicorn[standard]==0.30.6", "-c", "uvicorn", ...sealed, "-D", "asgi", "-oexample.pex");
  expect(built.status, built.stderr).toBe(0);
  const port = await freePort();
  expect(await served(user.path("example.pex"), ["--port", String(port)], port)).toBe("hello from asgi");
});

test("jupyterlab holds every dependency and starts", async () => {
  const built = await pex("jupyterlab", "-o", "lab.pex");
  expect(built.status, built.stderr).toBe(0);
  const version = await user.run(user.path("lab.pex"), ["-m", "jupyterlab", "--version"]);
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+/);
});

test("the scientific set computes", async () => {
  const built = await pex("numpy", "pandas", "scipy", "scikit-learn", "-o", "data.pex");
  expect(built.status, built.stderr).toBe(0);
  const code = "import sklearn, pandas; print(pandas.DataFrame([1]).sum()[0])";
  const result = await user.run(user.path("data.pex"), ["-c", code]);
  expect(result).toMatchObject({ status: 0, stdout: "1\n" });
});

test("a wheelhouse is enough when the network is off", async () => {
  const python = (await user.run("python3", ["-c", "import sys; print(sys.executable)"])).stdout.trim();
  const house = await user.run(python, ["-m", "pip", "wheel", "-q", "-w", "house", "flask==3.0.3"], { online: true });
  expect(house.status, house.stderr).toBe(0);
  const dead = "http://127.0.0.1:9";
  const env = { HTTPS_PROXY: dead, HTTP_PROXY: dead, HOME: user.path("elsewhere") };
  mkdirSync(user.path("elsewhere"));
  const built = await user.pex(["--no-index", "-f", "house", "flask", "-o", "f.pex"], { env });
  expect(built.status, built.stderr).toBe(0);
  const result = await user.run(user.path("f.pex"), ["-c", "import flask; print(flask.__name__)"]);
  expect(result.stdout).toBe("flask\n");
});

test("one pure file runs on every interpreter there is", async () => {
  const built = await pex("ansicolors==1.1.8", "six==1.16.0", "-o", "pure.pex");
  expect(built.status, built.stderr).toBe(0);
  const found = await interpreters();
  expect(found.length).toBeGreaterThan(0);
  for (const python of found) {
    const code = "import colors, six, sys; print(colors.__name__ + '%d.%d' % sys.version_info[:2])";
    for (const start of ["cold", "warm"]) {
      const result = await user.run(python, [user.path("pure.pex"), "-c", code]);
      expect(result.stdout, `${python}, ${start}: ${result.stderr}`).toMatch(/^colors\d\.\d+\n$/);
    }
  }
});

/** Every CPython and PyPy on PATH and below pyenv. */
async function interpreters(): Promise<string[]> {
  const root = process.env["PYENV_ROOT"] ?? join(process.env["HOME"] ?? "", ".pyenv");
  const folders = list(join(root, "versions")).map((version) => join(root, "versions", version, "bin"));
  folders.push(...pathWithoutShims().split(":"));
  const paths = folders.flatMap((folder) =>
    list(folder)
      .filter((name) => /^(python|pypy)[23]\.\d+$/.test(name))
      .map((name) => join(folder, name)),
  );
  const working: string[] = [];
  for (const path of paths) {
    if ((await user.run(path, ["-c", ""])).status === 0) working.push(path);
  }
  return working;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Starts a server, fetches its page, and stops it again. */
async function served(command: string, args: readonly string[], port: number): Promise<string> {
  const server = spawn(command, args, { cwd: user.dir, stdio: ["ignore", "pipe", "pipe"] });
  const log: Buffer[] = [];
  server.stdout.on("data", (chunk: Buffer) => log.push(chunk));
  server.stderr.on("data", (chunk: Buffer) => log.push(chunk));
  try {
    return await eventually(server, () => fetch(`http://127.0.0.1:${port}/`).then((answer) => answer.text()));
  } catch (error) {
    throw new Error(`${String(error)}\n${Buffer.concat(log).toString()}`, { cause: error });
  } finally {
    server.kill("SIGTERM");
  }
}

async function eventually<Value>(server: ChildProcess, task: () => Promise<Value>): Promise<Value> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      return await task();
    } catch (error) {
      if (Date.now() > deadline || server.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
