import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { afterAll, expect, test } from "vitest";

import { writeWheel } from "../../support/wheel-maker.ts";

const folder = mkdtempSync(join(tmpdir(), "pexjs-same-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SCRIPT = `
import { fileStreams } from "./src/archive/file-streams.ts";
import { cacheLayout } from "./src/cache/layout.ts";
import { WheelStore } from "./src/cache/wheel-store.ts";
import { writeZipapp } from "./src/pex/layout-zipapp.ts";
import { sampleImage, sourceFile } from "./test/unit/pex/sample-image.ts";
import { normalizeName } from "./src/standards/project-name.ts";
const [wheel, root, out] = process.argv.slice(2);
const store = new WheelStore(cacheLayout(root), fileStreams);
const stored = await store.adopt(wheel);
const sources = ["Z.py", "a.py", "größe/ä.py", "zz.py"].map((path) => sourceFile(path, path.repeat(2000)));
if (process.env.REVERSED) sources.reverse();
const settings = { injectEnv: process.env.REVERSED ? { B: "2", A: "1" } : { A: "1", B: "2" } };
const demo = { stored, project: normalizeName("demo"), version: "1", requiresPython: undefined, requires: [] };
await writeZipapp(sampleImage({ wheels: [demo], sources, settings, requirements: ["demo"] }), out);
`;

interface Circumstances {
  readonly umask: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly clock: number;
}

test("equal inputs give equal bytes under another umask, directory, time zone, locale, clock, pool and order", () => {
  const wheel = writeWheel(folder, { name: "demo", version: "1", files: { "demo.py": "x\n".repeat(999) } });
  const bundle = join(folder, "build.mjs");
  const stdin = { contents: SCRIPT, resolveDir: join(import.meta.dirname, "../../.."), loader: "ts" } as const;
  buildSync({ stdin, bundle: true, platform: "node", format: "esm", outfile: bundle, logLevel: "error" });
  const build = (name: string, { umask, cwd, env, clock }: Circumstances): string => {
    utimesSync(wheel, clock / 1000, clock / 1000);
    const out = join(folder, name);
    const preload = `data:text/javascript,Date.now=()=>${clock}`;
    const args = ["--import", preload, bundle, wheel, join(folder, `root-${name}`), out];
    const child = spawnSync("sh", ["-c", `umask ${umask} && exec "$0" "$@"`, process.execPath, ...args], {
      cwd,
      env: { PATH: process.env["PATH"], ...env },
      encoding: "utf8",
    });
    expect(child.stderr).toBe("");
    return createHash("sha256").update(readFileSync(out)).digest("hex");
  };
  const elsewhere = join(folder, "elsewhere");
  mkdirSync(elsewhere);
  const one = build("one.pex", { umask: "022", cwd: folder, clock: 1e12, env: { TZ: "UTC", LC_ALL: "C" } });
  const two = build("two.pex", {
    umask: "077",
    cwd: elsewhere,
    clock: 2e12,
    env: { TZ: "Asia/Tokyo", LC_ALL: "tr_TR.UTF-8", UV_THREADPOOL_SIZE: "1", REVERSED: "1" },
  });
  expect(two).toBe(one);
  expect([statSync(join(folder, "one.pex")).mode & 0o777, statSync(join(folder, "two.pex")).mode & 0o777]).toEqual([
    0o755, 0o700,
  ]);
});
