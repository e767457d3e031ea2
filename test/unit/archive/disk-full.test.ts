import { buildSync } from "esbuild";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "pexjs-full-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a script where no file may grow beyond 1 MiB: the system refuses the write, as it does on a full disk. */
function runOnSmallDisk(script: string): { out: string; err: string } {
  const bundle = join(folder, "script.mjs");
  const stdin = { contents: script, resolveDir: join(import.meta.dirname, "../../.."), loader: "ts" } as const;
  buildSync({ stdin, bundle: true, platform: "node", format: "esm", outfile: bundle, logLevel: "error" });
  const child = spawnSync("bash", ["-c", 'ulimit -f 1024 && exec "$0" "$1"', process.execPath, bundle]);
  return { out: child.stdout.toString(), err: child.stderr.toString() };
}

test("a write that the system refuses is reported with its reason, and nothing is left behind", () => {
  const wheel = join(folder, "wheel");
  writeFileSync(wheel, Buffer.alloc(4_000_000));
  const target = join(folder, "target");
  mkdirSync(target);
  const result = runOnSmallDisk(`
    import { writeZip } from "./src/archive/zip-writer.ts";
    import { storedFileMember } from "./src/archive/zip-member.ts";
    const wheel = { path: ${JSON.stringify(wheel)}, size: 4_000_000, crc32: 0 };
    process.on("unhandledRejection", () => console.log("unhandled"));
    try {
      await writeZip(${JSON.stringify(join(target, "out.pex"))}, {}, (zip) => zip.add(storedFileMember("w", wheel)));
    } catch (error) {
      console.log(error.code, error.message, error.cause.code);
    }
  `);
  expect(result.err).toBe("");
  expect(result.out).toBe(`FILE Cannot write ${join(target, "out.pex")}: file too large EFBIG\n`);
  expect(readdirSync(target)).toEqual([]);
});

test("the wheel store keeps nothing of a wheel that it could not write", () => {
  const root = join(folder, "root");
  const result = runOnSmallDisk(`
    import { WheelStore } from "./src/cache/wheel-store.ts";
    import { cacheLayout } from "./src/cache/layout.ts";
    import { fileStreams } from "./src/archive/file-streams.ts";
    const store = new WheelStore(cacheLayout(${JSON.stringify(root)}), fileStreams);
    const chunks = Array.from({ length: 40 }, () => Buffer.alloc(100_000));
    try {
      await store.add(chunks, "a-1-py3-none-any.whl");
    } catch (error) {
      console.log(error.code, error.cause.code);
    }
  `);
  expect(result).toEqual({ out: "FILE EFBIG\n", err: "" });
  expect(readdirSync(join(root, "pexjs/1/build/wheels"))).toEqual([]);
});
