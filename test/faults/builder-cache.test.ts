/**
 * Builds that share a cache with damage, kills, a crowd and a full disk: each is right, or one clear error, and leaves a cache
 * from which the next build is right.
 *
 * BUILDER_FAULTS=200 damages and kills that often instead of a few times, and lets 32 builds begin at once instead of 12.
 */
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { IndexServer } from "../support/index-server.ts";
import { SeededRandom } from "../support/seeded-random.ts";
import { writeSdist } from "../support/sdist-maker.ts";
import { makeWheel, writeWheel } from "../support/wheel-maker.ts";
import { Workspace, type Result } from "../support/workspace.ts";

let user: Workspace;
let server: IndexServer;
let right: Buffer;

const MORE = Number(process.env["BUILDER_FAULTS"] ?? 0);
const ROUNDS = MORE || 4;
const KILLS = MORE || 6;
/** Builds at once. */
const CROWD = MORE === 0 ? 12 : 32;

beforeAll(async () => {
  user = new Workspace();
  server = await IndexServer.start({ metadataFiles: true, etag: true, pages: "json" });
  const noise = { "data.bin": Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 251) };
  server.add(makeWheel({ name: "app", version: "1.0", requires: ["helper"], files: noise }));
  server.add(makeWheel({ name: "helper", version: "1.0", files: { "helper.py": "" } }));
  writeWheel(user.path("house"), { name: "local", version: "1.0", files: { "local.py": "" } });
  await writeSdist(user.path("house"), { name: "built" });
  expect(await build()).toMatchObject({ status: 0, stderr: "" });
  right = readFileSync(user.path("out.pex"));
  cpSync(user.path("root"), user.path("sound"), { recursive: true, preserveTimestamps: true });
});
afterAll(async () => {
  await server.close();
  user.remove();
});

const ARGS = ["app", "local", "built", "-f", "house", "--no-index", "-i"];

function build(root = "root", output = "out.pex", ...more: readonly string[]): Promise<Result> {
  return user.pex([...ARGS, server.url, "--pex-root", root, "-o", output, ...more]);
}

/** Files below a directory of the builder's cache. */
function entries(bucket: string): string[] {
  return readdirSync(user.path("root/pexjs/1/build", bucket), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The cache as it was after a build without faults. */
function restore(): void {
  rmSync(user.path("root"), { recursive: true });
  cpSync(user.path("sound"), user.path("root"), { recursive: true, preserveTimestamps: true });
}

const isContent = (path: string): boolean => path.endsWith(".content");

async function expectRight(): Promise<void> {
  const result = await build();
  expect(result, result.stderr).toMatchObject({ status: 0, stderr: "" });
  expect(readFileSync(user.path("out.pex")).equals(right)).toBe(true);
}

const DAMAGES: readonly (readonly [string, (path: string) => void])[] = [
  ["is empty", (path) => writeFileSync(path, "")],
  ["is cut off", (path) => truncateSync(path, Math.floor(statSync(path).size / 2))],
  [
    "holds other bytes",
    (path) =>
      writeFileSync(
        path,
        readFileSync(path).map((byte) => byte ^ 0x55),
      ),
  ],
  ["is gone", (path) => rmSync(path)],
  [
    "is a directory",
    (path) => {
      rmSync(path);
      mkdirSync(join(path, "inside"), { recursive: true });
    },
  ],
];

describe("what the cache holds", () => {
  test.each(DAMAGES)("and %s is made again", async (_name, damage) => {
    restore();
    const damaged = ["wheels", "local", "contents", "pages", "metadata", "built", "interpreters"].map((bucket) => {
      const found = entries(bucket);
      expect(found, bucket).not.toEqual([]);
      return found;
    });
    for (const path of damaged.flat()) damage(path);
    await expectRight();
  });

  test.each(DAMAGES.filter(([name]) => name !== "is a directory"))(
    "and %s, with sound notes about it",
    async (name, damage) => {
      restore();
      const files = [
        ...entries("wheels").filter((path) => !path.endsWith(".json")),
        ...entries("pages").filter(isContent),
      ];
      // The notes tell the length of a page; other bytes of the same number are believed.
      for (const path of files) if (name !== "holds other bytes" || !isContent(path)) damage(path);
      await expectRight();
    },
  );

  test(`in any state of any of its files (${ROUNDS} times)`, async () => {
    const random = new SeededRandom(5);
    for (let round = 0; round < ROUNDS; round++) {
      restore();
      for (const path of entries(".")) {
        const [, damage] = random.pick(DAMAGES);
        if (!path.includes("/pages/") && random.chance(0.3)) damage(path);
      }
      await expectRight();
    }
  });
});

describe("builds", () => {
  test("of one moment share an empty cache, also with those that are killed", { timeout: 300_000 }, async () => {
    const random = new SeededRandom(9);
    const results = await Promise.all(
      Array.from({ length: CROWD }, (_, index) =>
        index % 4 === 3 ? killed("crowd", 200 + random.below(2500)) : build("crowd", `crowd-${index}.pex`),
      ),
    );
    for (const [index, result] of results.entries()) {
      if (result === undefined) continue;
      expect(result, result.stderr).toMatchObject({ status: 0, stderr: "" });
      expect(readFileSync(user.path(`crowd-${index}.pex`)).equals(right), `crowd-${index}.pex`).toBe(true);
    }
  });

  test(`that are killed leave a cache that works (${KILLS} times)`, { timeout: 3_600_000 }, async () => {
    const random = new SeededRandom(3);
    rmSync(user.path("root"), { recursive: true });
    for (let round = 0; round < KILLS; round++) await killed("root", 100 + random.below(500));
    await expectRight();
  });

  test("on a full disk fail with one error, and leave nothing that harms the next one", async () => {
    // A limit on the size of files stands for a full disk: it needs no privileges. In blocks of 512 bytes.
    for (const blocks of [0, 4, 300]) {
      rmSync(user.path("root"), { recursive: true, force: true });
      const script = `trap "" XFSZ; ulimit -f ${blocks}; exec "$@"`;
      const command = [process.execPath, user.bin("pex"), ...ARGS, server.url, "--pex-root", "root", "-o", "full.pex"];
      const result = await user.run("sh", ["-c", script, "sh", ...command]);
      expect(result, result.stderr).toMatchObject({ status: 1, stdout: "" });
      expect(result.stderr).toMatch(/^error: .*\[(?:FILE|ARCHIVE|BUILD_FAILED)\]\n/);
      expect(readdirSync(user.dir)).not.toContain("full.pex");
      expect(readdirSync(user.path("tmp"))).toEqual([]);
      await expectRight();
    }
  });

  const mounts = process.getuid?.() === 0 && spawnSync("unshare", ["-m", "true"]).status === 0;

  test.skipIf(!mounts)("on a full file system go on when there is room again (needs root)", async () => {
    const command = `${process.execPath} ${user.bin("pex")} ${ARGS.join(" ")} ${server.url} --pex-root small -o`;
    mkdirSync(user.path("small"));
    for (const kilobytes of [16, 32]) {
      const full = `mount -t tmpfs -o size=${kilobytes}k none small; ${command} none.pex`;
      const script = `${full}; mount -o remount,size=64m small; ${command} late.pex`;
      const result = await user.run("unshare", ["-m", "sh", "-c", script]);
      expect(result, `${kilobytes} kB: ${result.stderr}`).toMatchObject({ status: 0, stdout: "late.pex\n" });
      expect(result.stderr).toMatch(/^error: .*no space left on the device \[FILE\]\nhint: Free some [^\n]*\n$/);
      expect(readdirSync(user.dir)).not.toContain("none.pex");
      expect(readFileSync(user.path("late.pex")).equals(right)).toBe(true);
    }
  });

  test.skipIf(!mounts)("in a container replace what its image holds, whose directories cannot be renamed", async () => {
    for (const name of ["image", "changes", "work", "merged"])
      mkdirSync(user.path("layers", name), { recursive: true });
    expect(await build("layers/image/root", "layers/image/app", "--layout", "loose")).toMatchObject({ status: 0 });
    const layers = "lowerdir=layers/image,upperdir=layers/changes,workdir=layers/work";
    const command = `${process.execPath} ${user.bin("pex")} ${ARGS.join(" ")} ${server.url} --pex-root layers/merged/root`;
    const purge = `${process.execPath} ${user.bin("pex3")} cache purge --pex-root layers/merged/root`;
    const script = [
      `mount -t overlay -o ${layers} none layers/merged`,
      `${command} --layout loose -o layers/merged/app`,
      `${purge} > /dev/null`,
      `${command} -o purged.pex`,
    ].join("\n");
    const result = await user.run("unshare", ["-m", "sh", "-ec", script]);
    expect(result, result.stderr).toMatchObject({ status: 0, stdout: "layers/merged/app\npurged.pex\n" });
    expect(readFileSync(user.path("purged.pex")).equals(right)).toBe(true);
  });
});

/** Starts a build and kills it, whatever it is doing after so many milliseconds. */
async function killed(root: string, after: number): Promise<undefined> {
  const args = [user.bin("pex"), ...ARGS, server.url, "--pex-root", root, "-o", "killed.pex"];
  const env = { PATH: process.env["PATH"], HOME: user.home, TMPDIR: user.path("killed") };
  mkdirSync(env.TMPDIR, { recursive: true });
  const child = spawn(process.execPath, args, { cwd: user.dir, env, stdio: "ignore" });
  const ended = new Promise((resolve) => child.on("close", resolve));
  const timer = setTimeout(() => child.kill("SIGKILL"), after);
  await ended;
  clearTimeout(timer);
}
