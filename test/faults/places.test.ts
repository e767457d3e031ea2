/** Wherever the caches are to lie, and whatever the process was given, a boot is right or one clear error. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

import { newest, oldest, printed, sample } from "../runtime/kit.ts";
import type { Result } from "../support/workspace.ts";
import { ALL, IS_FIRST_PART, PATIENCE, PRUNE, report, verdict, World } from "./world.ts";

const world = new World();
chmodSync(world.dir, 0o755);
afterAll(() => world.remove());

const isRoot = process.getuid?.() === 0;
/** An interpreter that every user may run. */
const SYSTEM = "/usr/bin/python3";

/** Runs a shell line in which `$BOOT` starts the PEX. */
function shell(line: string, root: string, env: Readonly<Record<string, string | undefined>> = {}): Promise<Result> {
  const boot = `${newest.path} ${world.file}`;
  return world.run("/bin/sh", ["-c", line], {
    env: { BOOT: boot, PATH: "/usr/sbin:/usr/bin:/sbin:/bin", PEX_ROOT: root, ...env },
  });
}

describe.each([
  ["zipapp", {}],
  ["venv", { PEX_VENV: "1" }],
])("as %s", (_, mode) => {
  test.each([
    ["with spaces", "a b/ c "],
    ["with quotes and a newline", "a'b\"c\nd"],
    ["beyond ASCII", "räksmörgås-字"],
    ["as long as paths may be", `${"d".repeat(200)}/${"e".repeat(200)}/${"f".repeat(200)}`],
    ["with what shells expand", "$HOME*?"],
  ])("a cache in a folder %s", async (_, name) => {
    for (let boot = 0; boot < 2; boot++) {
      const result = await world.boot(world.path("places", name), { env: mode });
      expect([verdict(result), result.stderr]).toEqual(["right", ""]);
    }
  });

  test("a cache whose name is too long for any system gives way to a temporary one", async () => {
    const result = await world.boot(world.path("x".repeat(300)), { env: mode });
    expect([verdict(result), result.stderr]).toEqual(["right", expect.stringContaining("File name too long")]);
    expect(readdirSync(world.path("tmp"))).toEqual([]);
  });

  test("a cache that is a file gives way to a temporary one", async () => {
    const root = world.write(`file-${_}`, "content");
    const result = await world.boot(root, { env: mode });
    expect([verdict(result), result.stderr]).toEqual(["right", expect.stringContaining("is not writable")]);
  });

  test("a cache by a link is made where that leads, also when nothing is there", async () => {
    const link = world.path(`link-${_}`);
    const target = world.path(`emptied-${_}`, "disk");
    symlinkSync(target, link);
    for (let boot = 0; boot < 2; boot++) expect(verdict(await world.boot(link, { env: mode }))).toBe("right");
    expect(readdirSync(target)).toEqual(["pexjs"]);
  });

  test("without HOME, and with a HOME that is not there", async () => {
    for (const HOME of [undefined, "/dev/null/at/all"]) {
      const result = await world.boot(world.newRoot(), { env: { ...mode, HOME, PEX_ROOT: undefined } });
      expect(verdict(result)).toBe("right");
    }
  });

  test.each(["umask 077", "umask 0777", "ulimit -n 32"])("after `%s`", async (line) => {
    const root = world.newRoot();
    for (let boot = 0; boot < 2; boot++) {
      const result = await shell(`${line}; exec $BOOT`, root, mode);
      expect(["right", "error"]).toContain(verdict(result));
    }
  });

  test.each(["<&-", ">&- 2>&-", "<&- >&- 2>&-"])("with streams that are closed: %s", async (streams) => {
    const root = world.newRoot();
    for (let boot = 0; boot < 2; boot++) {
      const result = await shell(`$BOOT ${streams}; echo $?`, root, mode);
      expect([result.stdout.split("\n").at(-2), result.stderr]).toEqual(["0", ""]);
    }
  });

  test("with ten thousand variables", async () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_each, number) => [`VARIABLE_${number}`, "value"]));
    const root = world.newRoot();
    for (let boot = 0; boot < 2; boot++)
      expect(verdict(await world.boot(root, { env: { ...mode, ...many } }))).toBe("right");
  });

  test("in 1970, and with files from the future", async () => {
    const root = world.newRoot();
    expect(verdict(await world.boot(root, { env: mode }))).toBe("right");
    const run = join(root, "pexjs", "1", "run");
    for (const name of readdirSync(run, { recursive: true, encoding: "utf8" })) {
      if (name.endsWith(".last-access")) utimesSync(join(run, name), 0, 0);
      else if (existsSync(join(run, name))) utimesSync(join(run, name), 4e9, 4e9);
    }
    for (let boot = 0; boot < 2; boot++) expect(verdict(await world.boot(root, { env: mode }))).toBe("right");
    for (const where of [root, world.newRoot()]) {
      for (let boot = 0; boot < 2; boot++)
        expect(verdict(await world.boot(where, { env: mode, fault: "1970" }))).toBe("right");
    }
  });

  test("many first boots at once where locks do not work: the first rename wins", async () => {
    const root = world.newRoot();
    const fault = "ENOLCK@flock:1+,EXDEV@link:1+";
    const boots = Array.from({ length: 6 }, () => world.boot(root, { env: mode, fault }));
    for (const result of await Promise.all(boots)) expect([verdict(result), result.stderr]).toEqual(["right", ""]);
    expect(verdict(await world.boot(root, { env: mode }))).toBe("right");
  });

  test("nothing can be written: one error that names the layout for that", async () => {
    const result = await world.boot(world.newRoot(), { env: mode, fault: "EROFS@mkdir:1+,EROFS@create:1+" });
    expect([verdict(result), result.stderr]).toEqual(["error", expect.stringContaining("--layout loose")]);
  });
});

const mounts = isRoot && spawnSync("unshare", ["-m", "true"]).status === 0;

describe.skipIf(!mounts)("on file systems of its own (needs root)", () => {
  const IN = "unshare -m sh -ec";

  test("a disk that is really full, at each size", async () => {
    const verdicts: Record<string, number> = {};
    const root = world.newRoot();
    mkdirSync(root);
    for (const venv of ["0", "1"]) {
      for (let size = 16; size <= 480; size += 48) {
        const line = `${IN} 'mount -t tmpfs -o size=${size}k none "$PEX_ROOT"; exec $BOOT'`;
        const found = verdict(await shell(line, root, { PEX_VENV: venv }));
        verdicts[found] = (verdicts[found] ?? 0) + 1;
      }
    }
    report(`full tmpfs: ${JSON.stringify(verdicts)}`);
    expect(Object.keys(verdicts).toSorted()).toEqual(["error", "right"]);
  });

  test.each(["noexec", "nosuid,nodev"])("a cache that is mounted %s, on another device", async (option) => {
    const root = world.newRoot();
    mkdirSync(root);
    const line = `${IN} 'mount -t tmpfs -o ${option} none "$PEX_ROOT"; $BOOT; exec $BOOT'`;
    const result = await shell(line, root);
    expect([result.status, result.stdout, result.stderr]).toEqual([0, "right\nright\n", ""]);
    expect(["right", "error"]).toContain(verdict(await shell(line.replace("$BOOT; ", ""), root, { PEX_VENV: "1" })));
  });

  /** The PEX in `/mnt`; `/tmp` and `/dev/shm` are read-only. */
  const BARE = `mount --bind ${world.dir} /mnt; for i in /tmp /dev/shm; do mount -t tmpfs -o ro none $i; done; cd /mnt`;

  test("without a /tmp the working folder serves, and with that read-only there is one error; a loose PEX runs", async () => {
    const loose = await world.build("loose", "--layout", "loose");
    expect(loose).toBe(world.path("loose"));
    for (const venv of ["0", "1"]) {
      const env = { PEX_VENV: venv, TMPDIR: undefined, HOME: "/nonexistent" };
      const start = `${newest.path} x.pex`;
      const served = await shell(
        `${IN} '${BARE}; mkdir here; cd here; ${newest.path} ../x.pex; rmdir ../here'`,
        "/tmp/root",
        env,
      );
      expect([verdict(served), served.stderr]).toEqual(["right", expect.stringContaining("is not writable")]);
      const none = await shell(
        `${IN} '${BARE}; mount -o remount,bind,ro /mnt; cd /mnt; exec ${start}'`,
        "/tmp/root",
        env,
      );
      expect([verdict(none), none.stderr]).toEqual(["error", expect.stringContaining("--layout loose")]);
    }
    const line = `${IN} '${BARE}; mount -o remount,bind,ro /mnt; cd /mnt; exec ${newest.path} loose -c "import one, two; print(two.where)"'`;
    const env = { PEX_INTERPRETER: "1", TMPDIR: undefined, HOME: "/nonexistent" };
    const result = await shell(line, "/tmp/root", env);
    expect([result.status, result.stdout, result.stderr]).toEqual([0, "two\n", ""]);
  });

  test.each(["0", "1"])(
    "a cache in the image of a container, whose folders cannot be renamed, is mended and pruned (PEX_VENV=%s)",
    async (venv) => {
      const layers = world.newRoot();
      for (const name of ["image", "changes", "work", "merged"]) mkdirSync(join(layers, name), { recursive: true });
      const root = join(layers, "merged", "root");
      const REQUEST = JSON.stringify({ run: join(root, "pexjs", "1", "run"), before: null, dry_run: false });
      const env = { PEX_VENV: venv, LAYERS: layers, REQUEST };
      printed(await shell("exec $BOOT", join(layers, "image", "root"), env));
      const lines = [
        "mount -t overlay -o lowerdir=$LAYERS/image,upperdir=$LAYERS/changes,workdir=$LAYERS/work none $LAYERS/merged",
        "run=$PEX_ROOT/pexjs/1/run",
        "for file in $(find $run -name two.py); do echo changed > $file; done",
        "PEX_VERIFY=1 $BOOT",
        "rm -rf $run/sites/*/contents $run/venvs/*/bin/python $run/wheels/*/files",
        "$BOOT",
        `printf %s "$REQUEST" | ${newest.path} ${PRUNE} > /dev/null`,
        "for kind in sites venvs; do if [ -d $run/$kind ]; then ls -A $run/$kind; fi; done",
        "exec $BOOT",
      ];
      const result = await shell(`exec unshare -m sh -ec '${lines.join("\n")}'`, root, env);
      expect([result.status, result.stdout, result.stderr]).toEqual([0, "right\nright\nright\n", ""]);
    },
  );

  test("a complete cache that became read-only serves; an empty one gives way", async () => {
    const root = world.newRoot();
    mkdirSync(root);
    const full = `${IN} 'mount -t tmpfs none "$PEX_ROOT"; $BOOT; mount -o remount,ro "$PEX_ROOT"; exec $BOOT'`;
    expect((await shell(full, root)).stdout).toBe("right\nright\n");
    const empty = `${IN} 'mount -t tmpfs -o ro none "$PEX_ROOT"; exec $BOOT'`;
    const result = await shell(empty, root);
    expect([verdict(result), result.stderr]).toEqual(["right", expect.stringContaining("Read-only file system")]);
  });
});

test.skipIf(!isRoot || !existsSync(SYSTEM))("a cache of another user gives way to a temporary one", async () => {
  const root = world.newRoot();
  expect(verdict(await shell(`umask 077; exec ${SYSTEM} ${world.file}`, root))).toBe("right");
  const open = world.path("open");
  mkdirSync(open);
  chmodSync(open, 0o1777);
  const line = `exec setpriv --reuid 65534 --regid 65534 --clear-groups ${SYSTEM} ${world.file}`;
  const result = await shell(line, root, { TMPDIR: open, HOME: "/nonexistent" });
  expect([verdict(result), result.stderr]).toEqual(["right", expect.stringContaining("is not writable")]);
  expect(readdirSync(open)).toEqual([]);
});

test.each(sample)(
  "two hundred first boots of one file, at once and one after the other, under Python $name",
  { timeout: PATIENCE },
  async (python) => {
    const count = ALL && IS_FIRST_PART ? 200 : python === newest ? 60 : 8;
    for (const venv of [false, true]) {
      const root = world.newRoot();
      const boots = Array.from({ length: count }, async (_each, number) => {
        await new Promise((resolve) => setTimeout(resolve, number % 2 === 0 ? 0 : number * 3));
        return world.boot(root, { python, venv });
      });
      const wrong = (await Promise.all(boots)).filter((each) => verdict(each) !== "right" || each.stderr !== "");
      report(`crowd of ${count}, Python ${python.name}, venv ${venv}: ${wrong.length} wrong`);
      expect(wrong).toEqual([]);
      const left = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.includes(".tmp-"));
      expect(left).toEqual([]);
      rmSync(root, { recursive: true, force: true });
    }
  },
);

test("what a cleaner takes while the program runs is made again for the next", async () => {
  for (const python of [oldest, newest]) {
    const root = world.newRoot();
    expect(verdict(await world.boot(root, { python }))).toBe("right");
    const run = join(root, "pexjs", "1", "run");
    for (const kind of ["sites", "code", "warm", "activations", "wheels"]) {
      for (const entry of readdirSync(join(run, kind))) {
        const marks =
          kind === "sites" || kind === "code" ? [".last-access", kind === "sites" ? "contents" : "names", ""] : [""];
        for (const mark of marks) {
          rmSync(join(run, kind, entry, mark), { recursive: true, force: true });
          const result = await world.boot(root, { python });
          expect([kind, mark, verdict(result), result.stderr]).toEqual([kind, mark, "right", ""]);
        }
      }
    }
    writeFileSync(join(run, "wheels", "not-ours"), "");
    expect(verdict(await world.boot(root, { python }))).toBe("right");
  }
});
