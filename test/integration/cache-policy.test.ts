/** `--offline` and `--refresh`: what of the cache counts, against a real index. */
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { IndexServer } from "../support/index-server.ts";
import { writeSdist } from "../support/sdist-maker.ts";
import { makeWheel, type WheelSpec } from "../support/wheel-maker.ts";
import { Workspace, type Result } from "../support/workspace.ts";

let user: Workspace;
let server: IndexServer;

beforeEach(async () => {
  user = new Workspace();
  server = await IndexServer.start({ metadataFiles: true, maxAge: 3600 });
  offer({ name: "app", version: "1.0", requires: ["helper"] });
  offer({ name: "helper", version: "1.0" });
});
afterEach(async () => {
  await server.close();
  user.remove();
});

function offer(spec: WheelSpec): void {
  server.add(makeWheel(spec));
}

/** The distributions of a build, or the error. */
async function build(...args: readonly string[]): Promise<Result & { readonly told: Told; readonly asked: string[] }> {
  server.takePaths();
  const result = await user.pex(["--no-index", "-i", server.url, "--json", "-o", "out.pex", ...args]);
  return { ...result, told: JSON.parse(result.stdout) as Told, asked: server.takePaths() };
}

interface Told {
  readonly error?: { readonly code: string; readonly message: string; readonly missing?: readonly string[] };
  readonly distributions?: readonly { readonly file: string }[];
}

function files({ distributions = [] }: Told): string[] {
  return distributions.map(({ file }) => file.replace("-py2.py3-none-any.whl", ""));
}

/** Files of one bucket of the cache. */
function cached(bucket: string): string[] {
  const root = user.path("home", ".cache", "pex", "pexjs", "1", "build", bucket);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe("--offline", () => {
  test("builds the same from the cache, and asks nobody", async () => {
    await build("app");
    const online = readFileSync(user.path("out.pex"));
    const offline = await build("app", "--offline");
    expect(offline, offline.stdout).toMatchObject({ status: 0, asked: [] });
    expect(readFileSync(user.path("out.pex"))).toEqual(online);
    await server.close();
    expect(await build("app", "--offline")).toMatchObject({ status: 0 });
  });

  test("takes what is cached rather than what is newer", async () => {
    await build("app");
    offer({ name: "helper", version: "2.0" });
    expect(files((await build("helper", "--dry-run", "--refresh")).told)).toEqual(["helper-2.0"]);
    expect(files((await build("app", "--offline")).told)).toEqual(["app-1.0", "helper-1.0"]);
  });

  test("names every page of the requirements that is missing", async () => {
    const { told, asked } = await build("app", "helper", "--offline");
    expect(asked).toEqual([]);
    expect(told.error).toMatchObject({
      code: "NOT_CACHED",
      missing: [`${server.url}app/`, `${server.url}helper/`],
    });
  });

  test("names every file that is missing", async () => {
    await build("app", "--dry-run");
    const { told } = await build("app", "--offline");
    expect(told.error).toMatchObject({
      code: "NOT_CACHED",
      missing: ["app-1.0-py2.py3-none-any.whl", "helper-1.0-py2.py3-none-any.whl"],
    });
  });

  test("names the metadata that is missing", async () => {
    await build("app", "--dry-run");
    rmSync(user.path("home", ".cache", "pex", "pexjs", "1", "build", "metadata"), { recursive: true });
    const { told } = await build("app", "--offline");
    expect(told.error?.missing).toEqual([`${server.origin}/files/app-1.0-py2.py3-none-any.whl.metadata`]);
  });

  test("says of a version that it is not cached, where another reason stands beside it", async () => {
    await build("helper");
    const { told } = await build("helper>1", "--offline");
    expect(told.error).toMatchObject({ code: "NO_MATCHING_VERSION" });
  });

  test("reads wheels on this machine, and no file from a server", async () => {
    const house = user.path("house");
    await writeSdist(house, { name: "built" });
    expect((await build("built", "-f", "house", "--offline")).status).toBe(0);
    const file = await build("-r", `${server.origin}/requirements.txt`, "--offline");
    expect(file.told.error).toMatchObject({ code: "NOT_CACHED", missing: [`${server.origin}/requirements.txt`] });
    const git = await build("it @ git+https://index.example/it.git", "--offline");
    expect(git.told.error).toMatchObject({ code: "NOT_CACHED" });
    expect([...file.asked, ...git.asked]).toEqual([]);
  });
});

describe("--refresh", () => {
  test("of a project asks for its page again, of no other", async () => {
    await build("app");
    expect((await build("app")).asked).toEqual([]);
    const { asked } = await build("app", "--refresh=helper");
    expect(asked).toEqual(["/simple/helper/"]);
    offer({ name: "helper", version: "1.5" });
    expect(files((await build("app")).told)).toEqual(["app-1.0", "helper-1.0"]);
    expect(files((await build("app", "--refresh=Helper")).told)).toEqual(["app-1.0", "helper-1.5"]);
  });

  test("without a project means all, and leaves the next word alone", async () => {
    await build("app");
    const { asked, status } = await build("--refresh", "app");
    expect(status).toBe(0);
    expect(asked.toSorted()).toEqual(["/simple/app/", "/simple/helper/"]);
  });

  test("fetches damaged files again", async () => {
    await build("app");
    const sound = readFileSync(user.path("out.pex"));
    const [wheel = ""] = cached("wheels").filter((path) => path.includes("helper"));
    const bytes = readFileSync(wheel);
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    writeFileSync(wheel, bytes);
    const { asked } = await build("app", "--refresh=helper");
    expect(asked).toContain("/files/helper-1.0-py2.py3-none-any.whl");
    expect(readFileSync(user.path("out.pex"))).toEqual(sound);
  });

  test("builds sources again", async () => {
    const house = user.path("house");
    await writeSdist(house, { name: "built" });
    const steps = async (...args: readonly string[]): Promise<number> => {
      const result = await user.pex(["-v", "--no-index", "-f", "house", "built", "-o", "out.pex", ...args]);
      return result.stderr.match(/building built/g)?.length ?? 0;
    };
    expect([await steps(), await steps(), await steps("--refresh=built"), await steps("--refresh=other")]).toEqual([
      1, 0, 1, 0,
    ]);
  });

  test("is at odds with --offline", async () => {
    expect(await user.pex(["app", "-o", "x.pex", "--refresh", "--offline"])).toMatchObject({ status: 2 });
  });
});

test("--disable-cache leaves nothing, and says that it needs no root", async () => {
  const { status, stderr } = await build("app", "--disable-cache", "--pex-root", "root");
  expect({ status, stderr }).toEqual({
    status: 0,
    stderr: "warning: Ignored, because the cache is disabled: --pex-root root\n",
  });
  expect(readdirSync(user.dir)).not.toContain("root");
  expect(readdirSync(user.path("tmp"))).toEqual([]);
});

test("a damaged page is asked for again", async () => {
  await build("app");
  for (const page of cached("pages")) truncateSync(page, 20);
  expect(files((await build("app")).told)).toEqual(["app-1.0", "helper-1.0"]);
});
