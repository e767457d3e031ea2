/** Projects that come from one place only, whatever others offer under their name. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import type { BuildResult } from "../../src/app/build-request.ts";
import { IndexServer } from "../support/index-server.ts";
import { makeWheel, writeWheel, type WheelSpec } from "../support/wheel-maker.ts";
import { Workspace, type Result } from "../support/workspace.ts";

let user: Workspace;
let open: IndexServer;
let house: IndexServer;
beforeAll(async () => {
  user = new Workspace();
  open = await IndexServer.start();
  house = await IndexServer.start({ credentials: { user: "me", password: "hunter2" } });
  publish(open, { name: "corp-tool", version: "99.0" }, { name: "flask", version: "3.0", requires: ["corp-tool"] });
  publish(open, { name: "corp-gone", version: "99.0" });
  publish(house, { name: "corp-tool", version: "1.0" }, { name: "flask", version: "9.9" });
});
beforeEach(() => {
  open.requests.length = 0;
  house.requests.length = 0;
});
afterAll(async () => {
  await open.close();
  await house.close();
  user.remove();
});

function publish(server: IndexServer, ...specs: readonly WheelSpec[]): void {
  for (const spec of specs) server.add(makeWheel({ ...spec, files: {} }));
}

const secretly = (url: string): string => url.replace("://", "://me:hunter2@");
const asked = (server: IndexServer, project: string): boolean =>
  server.requests.some(({ path }) => path.includes(`/${project}/`));

function pex(...args: readonly string[]): Promise<Result> {
  return user.pex(["--no-pypi", "-i", open.url, ...args, "-o", "out.pex", "--json"]);
}

async function chosen(...args: readonly string[]): Promise<string[]> {
  const { status, stdout, stderr } = await pex(...args);
  if (status !== 0) throw new Error(stdout + stderr);
  return (JSON.parse(stdout) as BuildResult).distributions.map(({ project, version }) => `${project} ${version}`);
}

describe("--source", () => {
  test("takes a project from its place alone, and everything else from the others", async () => {
    const house1 = ["-i", `house=${secretly(house.url)}`];
    expect(await chosen(...house1, "--source", "house=corp-.*", "flask")).toEqual(["corp-tool 1.0", "flask 3.0"]);
    expect([asked(open, "corp-tool"), asked(house, "corp-tool")]).toEqual([false, true]);
    expect([asked(open, "flask"), asked(house, "flask")]).toEqual([true, false]);
    // A name without a scope limits nothing.
    expect(await chosen(...house1, "flask", "--no-transitive")).toEqual(["flask 9.9"]);
  });

  test("never looks elsewhere when the place lacks the project or refuses to answer", async () => {
    const lacking = await pex("-i", `house=${secretly(house.url)}`, "--source", "house=corp-gone", "corp-gone");
    expect(lacking.status).toBe(1);
    expect(lacking.stdout).toContain("UNKNOWN_PROJECT");
    const { message } = (JSON.parse(lacking.stdout) as { error: { message: string } }).error;
    expect(message).toBe(`No project named "corp-gone" in ${house.url.replace("://", "://****@")}`);
    const refused = await pex("-i", `house=${house.url}`, "--source", "house=corp-tool", "corp-tool");
    expect(refused.stdout).toContain("INDEX_AUTH");
    expect([asked(open, "corp-gone"), asked(open, "corp-tool")]).toEqual([false, false]);
    expect(lacking.stdout + lacking.stderr + refused.stdout + refused.stderr).not.toContain("hunter2");
  });

  test("may depend on the machine, and limits find-links as well", async () => {
    writeWheel(user.path("local"), { name: "corp-tool", version: "2.0", files: {} });
    const local = ["-f", "local=local", "corp-tool"];
    expect(await chosen(...local, "--source", "local=corp-tool; sys_platform == 'linux'")).toEqual(["corp-tool 2.0"]);
    expect(await chosen(...local, "--source", "local=corp-tool; sys_platform == 'win32'")).toEqual(["corp-tool 99.0"]);
    const two = ["--platform", "linux_x86_64-cp-312-cp312", "--platform", "macosx_14_0_arm64-cp-312-cp312"];
    const both = await chosen(...local, ...two, "--source", "local=corp-tool; sys_platform == 'darwin'");
    expect(both).toEqual(["corp-tool 2.0", "corp-tool 99.0"]);
  });

  test.each([
    ["a value without a name", ["--source", "bad"], "write it as `NAME=SCOPE`"],
    ["a broken pattern", ["--source", "a=[", "-f", "a=local"], "name a project or a pattern"],
    ["a name that no place has", ["--source", "hous=x", "-i", "house=https://index.example/"], "write `house`"],
    ["a name that two places have", ["-f", "a=local", "-f", "a=other"], ""],
  ])("refuses %s", async (_, args, hint) => {
    const { status, stdout } = await pex(...args, "flask");
    expect([status, stdout]).toEqual([2, expect.stringContaining('"code":"USAGE"')]);
    expect(stdout.toLowerCase()).toContain(hint.toLowerCase());
  });
});

test("places of a requirements file can be for its requirements alone", async () => {
  user.write("house.txt", `--index-url ${secretly(house.url)}\ncorp-tool\n`);
  user.write("open.txt", "flask\n");
  const files = ["-r", "house.txt", "-r", "open.txt"];
  const derive = "--derive-sources-from-requirements-files";
  expect(await chosen(...files, derive)).toEqual(["corp-tool 1.0", "flask 3.0"]);
  expect([asked(open, "corp-tool"), asked(house, "flask")]).toEqual([false, false]);
});

test("an error about an index tells no password", async () => {
  const { stdout, stderr } = await pex("-i", secretly(house.url), "nobody-has-this");
  expect(stdout).toContain("No project named");
  expect(stdout + stderr).not.toContain("hunter2");
});
