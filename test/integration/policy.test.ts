/** What is let in and what stands in for it: every option that decides which versions are taken, down to what the PEX imports. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { IndexServer, type IndexServerOptions } from "../support/index-server.ts";
import { writeSdist } from "../support/sdist-maker.ts";
import { makeWheel, writeWheel, type WheelSpec } from "../support/wheel-maker.ts";
import { Workspace, type Result } from "../support/workspace.ts";

const wheel = (name: string, version: string, requires: readonly string[] = []): WheelSpec => ({
  name,
  version,
  requires,
  files: { [`${name}.py`]: `VERSION = '${version}'\n` },
});

let user: Workspace;
beforeAll(() => {
  user = new Workspace();
  for (const each of [
    wheel("app", "1", ["lib<2", "tool"]),
    wheel("lib", "1", ["deep"]),
    wheel("lib", "2"),
    wheel("lib", "3rc1"),
    wheel("tool", "1"),
    wheel("deep", "1"),
    wheel("other", "1"),
  ]) {
    writeWheel(user.path("wheels"), each);
  }
  user.write(
    "src/main.py",
    "import importlib\n" +
      "for name in ('app', 'lib', 'tool', 'deep', 'other'):\n" +
      "    try:\n        print(name, importlib.import_module(name).VERSION)\n" +
      "    except ImportError:\n        pass\n",
  );
});
afterAll(() => user.remove());

const build = (...args: readonly string[]): Promise<Result> =>
  user.pex(["--no-index", "-f", user.path("wheels"), "-D", user.path("src"), "-m", "main", "app", ...args]);

describe("a PEX is complete, and starts, with", () => {
  const now = "tool=other; python_version >= '3'";
  test.each<readonly [readonly string[], readonly string[]]>([
    [
      ["--exclude", "lib"],
      ["app 1", "tool 1"],
    ],
    [
      ["--exclude", "lib<2", "--exclude", "tool>1"],
      ["app 1", "tool 1"],
    ],
    [
      ["tool", "--exclude", "tool"],
      ["app 1", "lib 1", "deep 1"],
    ],
    [["--intransitive"], ["app 1"]],
    [
      ["--override", "lib==2"],
      ["app 1", "lib 2", "tool 1"],
    ],
    [
      ["--override", "lib=other==1"],
      ["app 1", "tool 1", "other 1"],
    ],
    [
      ["--override", "tool; python_version < '3'", "--override", now],
      ["app 1", "lib 1", "deep 1", "other 1"],
    ],
  ])("%j", async (args, expected) => {
    await build(...args, "-o", "made");
    const ran = await user.run("python3", [user.path("made")]);
    expect(ran).toMatchObject({ status: 0, stdout: expected.map((line) => `${line}\n`).join(""), stderr: "" });
  });

  test("both recorded as upstream does", async () => {
    await build("--exclude", "deep", "--override", "lib = other >=1", "-o", "recorded");
    const code = "import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read('PEX-INFO').decode())";
    const info = JSON.parse((await user.run("python3", ["-c", code, user.path("recorded")])).stdout) as object;
    expect(info).toMatchObject({ excluded: ["deep"], overridden: ["lib=other>=1"], requirements: ["app"] });
  });
});

describe("which versions are taken", () => {
  const PIP = ["--pip-version", "9", "--allow-pip-version-fallback", "--extra-pip-requirement", "x", "--use-pep517"];

  beforeAll(() => {
    user.write("old.txt", "lib<2\ntool==5\n");
    user.write("marked.txt", "lib<2; python_version >= '3'\nlib<1; python_version < '3'\n");
    user.write("away.txt", "lib<2; python_version < '3'\n");
  });

  test.each<readonly [readonly string[], readonly string[]]>([
    [["lib"], ["lib==2"]],
    [["lib", "--pre"], ["lib==3rc1"]],
    [["lib", "--pre", "--no-pre"], ["lib==2"]],
    [["lib>=3rc0"], ["lib==3rc1"]],
    // A constraint limits what is needed, where its marker holds, and adds nothing.
    [
      ["lib", "--constraints", "old.txt"],
      ["deep==1", "lib==1"],
    ],
    [
      ["lib", "--constraints", "marked.txt"],
      ["deep==1", "lib==1"],
    ],
    [["lib", "--constraints", "away.txt"], ["lib==2"]],
    [["app", "--intransitive"], ["app==1"]],
    [
      ["app", "--no-transitive", "--transitive"],
      ["app==1", "deep==1", "lib==1", "tool==1"],
    ],
    [["lib", ...PIP, "--resolver-version", "pip-legacy-resolver"], ["lib==2"]],
  ])("%j", async (args, expected) => {
    const result = await user.pex(["--no-index", "-f", user.path("wheels"), "--dry-run", ...args]);
    expect(result).toMatchObject({ status: 0, stdout: expected.map((line) => `${line}\n`).join(""), stderr: "" });
  });

  test("pip's configuration names places, unless it is not to be used", async () => {
    const env = { PIP_FIND_LINKS: user.path("wheels"), PIP_NO_INDEX: "1" };
    expect(await user.pex(["lib", "--dry-run"], { env })).toMatchObject({ status: 0, stdout: "lib==2\n" });
    const without = await user.pex(["lib", "--dry-run", "--no-pypi", "--no-use-pip-config"], { env });
    expect(without).toMatchObject({ status: 1, stderr: expect.stringContaining("[UNKNOWN_PROJECT]") });
  });
});

describe("--uploaded-prior-to", () => {
  const resolved = async (time: string, options: IndexServerOptions): Promise<Result> => {
    const server = await IndexServer.start(options);
    server.add({ ...makeWheel(wheel("lib", "1")), uploadTime: "2024-01-01T00:00:00Z" });
    server.add({ ...makeWheel(wheel("lib", "2")), uploadTime: "2024-06-01T12:00:00.5Z" });
    try {
      return await user.pex(["--no-pypi", "-i", server.url, "lib", "--dry-run", "--uploaded-prior-to", time]);
    } finally {
      await server.close();
    }
  };

  test.each([
    ["2024-06-02", "lib==2\n"],
    ["2024-06-01T12:00:00Z", "lib==1\n"],
    ["2024-06-01T13:00:00+02:00", "lib==1\n"],
  ])("%s", async (time, stdout) => {
    expect(await resolved(time, { pages: "json" })).toMatchObject({ status: 0, stdout });
  });

  test("that leaves nothing is told with what there is", async () => {
    const { status, stderr } = await resolved("2024-01-01T00:00:00Z", { pages: "json" });
    expect(status).toBe(1);
    expect(stderr).toContain("uploaded too late");
  });

  test("needs an index that tells the times, and a time", async () => {
    expect((await resolved("2024-06-02", { pages: "html" })).stderr).toContain("[UNKNOWN_UPLOAD_TIME]");
    expect(await resolved("yesterday", { pages: "json" })).toMatchObject({ status: 2 });
  });

  test("holds for build requirements", async () => {
    const server = await IndexServer.start({ pages: "json" });
    try {
      const sdist = await writeSdist(user.path("sdists"), { name: "built", buildRequires: ["lib"] });
      server.add({ filename: "built-1.0.tar.gz", bytes: readFileSync(sdist), uploadTime: "2024-01-01T00:00:00Z" });
      server.add({ ...makeWheel(wheel("lib", "1")), uploadTime: "2024-06-01T00:00:00Z" });
      const build = (time: string): Promise<Result> =>
        user.pex(["--no-pypi", "-i", server.url, "built", "--uploaded-prior-to", time, "-o", "built.pex"]);
      const early = await build("2024-02-01");
      expect(early).toMatchObject({ status: 1, stderr: expect.stringContaining("lib") });
      expect(early.stderr).toContain("uploaded too late");
      expect(await build("2024-07-01")).toMatchObject({ status: 0, stderr: "" });
    } finally {
      await server.close();
    }
  });

  test("does not concern files of this machine", async () => {
    const args = ["--no-index", "-f", user.path("wheels"), "tool", "--dry-run", "--uploaded-prior-to", "2000-01-01"];
    expect(await user.pex(args)).toMatchObject({ status: 0, stdout: "tool==1\n" });
  });
});
