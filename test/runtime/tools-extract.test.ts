/** `repository extract`: the sources as a source distribution, and a server for installers. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";

import { oraclePython } from "../support/python-oracle.ts";
import { newest, oldest, printed, User } from "./kit.ts";

const user = new User();
let pex: string;
beforeAll(() => {
  pex = user.make("My.App.pex", {
    wheels: [{ name: "apple", version: "3", files: { "apple.py": "name = 'apple'\n" } }],
    sources: {
      "app/__init__.py": "",
      "app/main.py": "import apple\ndef run():\n    print(apple.name)\n",
      "words.txt": "größe",
    },
    facts: { entry_point: "app.main:run" },
    info: { entry_point: "app.main:run" },
    tools: true,
  });
});
afterAll(() => user.remove());

const env = { PEX_TOOLS: "1" };

test("pip builds and installs the sources without a network, and the name of the PEX is their command", async () => {
  const folder = user.path("sources");
  const told = printed(await user.start(newest, pex, ["extract", "-D", "-f", folder], { env })).split("\n");
  expect(told).toHaveLength(2);
  const [sdist = ""] = told;
  expect(sdist).toMatch(/\/my_app-0\.0\.0\+[0-9a-f]{40}\.tar\.gz$/);
  const again = user.path("again");
  printed(await user.start(oldest, pex, ["extract", "-D", "-f", again], { env }));
  const listed = async (path: string) => printed(await user.run("tar", ["tvzf", path]));
  expect(await listed(sdist.replace("/sources/", "/again/"))).toBe(await listed(sdist));

  const target = user.path("target");
  const options = ["-q", "--disable-pip-version-check", "--no-index", "-f", folder, "--target", target];
  printed(await user.run(oraclePython(), ["-m", "pip", "install", ...options, sdist]));
  expect(printed(await user.run(`${target}/bin/my-app`, [], { env: { PYTHONPATH: target } }))).toBe("apple");
  expect(readFileSync(`${target}/words.txt`, "utf8")).toBe("größe");
}, 60_000);

test.each([oldest, newest])(
  "--serve under Python $name serves the wheels until it is interrupted, and tidies up",
  async (python) => {
    const pidFile = user.path("pid");
    const child = spawn(python.path, [pex, "extract", "--serve", "--pid-file", pidFile], {
      env: { PATH: user.searchPath, HOME: user.home, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let told = "";
    for await (const chunk of child.stdout.setEncoding("utf8")) {
      told += String(chunk);
      if (told.includes("Serving")) break;
    }
    const [wheel = "", greeting = ""] = told.split("\n");
    const [, folder = "", url = ""] =
      /^Serving find-links repo of My\.App\.pex via (\S+) at (\S+)$/.exec(greeting) ?? [];
    expect(readFileSync(pidFile, "utf8")).toBe(`${child.pid}:${new URL(url).port}`);
    const page = await (await fetch(url)).text();
    expect(page).toContain('href="apple-3-py2.py3-none-any.whl"');
    const served = await fetch(`${url}/apple-3-py2.py3-none-any.whl`);
    expect((await served.arrayBuffer()).byteLength).toBe(statSync(wheel).size);
    child.kill("SIGTERM");
    const [status] = (await once(child, "exit")) as [number | null];
    expect([status, existsSync(pidFile), existsSync(folder)]).toEqual([0, false, false]);
  },
);
