import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, describe, expect, test } from "vitest";

import type { BuildRequest } from "../../../src/app/build-request.ts";
import type { AppContext } from "../../../src/app/context.ts";
import { Cancelled, PexError } from "../../../src/base/errors.ts";
import { pexOptions } from "../../../src/cli/options/pex-options.ts";
import { canonicalFlag, type Option } from "../../../src/cli/options/option.ts";
import { HOST, runFake } from "./fake-session.ts";

const directory = mkdtempSync(join(tmpdir(), "pexjs-command-"));
afterAll(() => rmSync(directory, { recursive: true }));

class Broken extends PexError {
  readonly code = "BROKEN";
}

describe("with --bdist", () => {
  const project = ["--project", ".", "--bdist"];

  test("the whole path of each file is all of stdout", async () => {
    const ran = await runFake("pex", [...project, "--bdist-all", "--bdist-dir", "bin"]);
    expect(ran).toMatchObject({ outcome: { status: 0 }, stdout: "/nowhere/cwd/dist/one\n/nowhere/cwd/dist/two\n" });
    expect(ran.request).toEqual({ requirements: [], projects: ["."], all: true, directory: "bin", digest: false });
  });

  test("--json prints all results", async () => {
    const { stdout } = await runFake("pex", [...project, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject([{ path: "/nowhere/cwd/dist/one" }, { path: "/nowhere/cwd/dist/two" }]);
  });

  test.each([
    [[...project, "-c", "app"], "Option -c/--script cannot be combined with: --bdist"],
    [[...project, "-o", "x.pex"], "Option -o/--output-file cannot be combined with: --bdist"],
    [["--project", ".", "--bdist-all"], "Option --bdist-all needs --bdist"],
    [["--project", ".", "--bdist-dir", "bin"], "Option --bdist-dir needs --bdist"],
  ])("%j is refused", async (args, message) => {
    const { outcome, stderr } = await runFake("pex", args);
    expect(stderr).toContain(`error: ${message} [USAGE]\n`);
    expect(outcome).toEqual({ status: 2 });
  });
});

describe("with -o", () => {
  test("the path, as it was typed, is all of stdout", async () => {
    const ran = await runFake("pex", ["flask", "-o", "deep/app.pex", "gunicorn"]);
    expect(ran).toMatchObject({ outcome: { status: 0 }, stdout: "deep/app.pex\n", stderr: "", child: undefined });
    expect(ran.request).toEqual({ requirements: ["flask", "gunicorn"], outputFile: "deep/app.pex", digest: false });
  });

  test("a {platform} in the path is shown as what it became", async () => {
    expect((await runFake("pex", ["-o", "out/app-{platform}.pex"])).stdout).toBe("out/app.pex\n");
  });

  test("--json prints the result instead", async () => {
    const { stdout } = await runFake("pex", ["flask", "-o", "app.pex", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      path: "/some/where/app.pex",
      size: 1_234_567,
      distributions: [{ project: "click" }, {}],
    });
  });

  test("arguments for a program are refused a meaning, aloud", async () => {
    const ran = await runFake("pex", ["-o", "x.pex", "--", "a", "b"]);
    expect(ran).toMatchObject({ outcome: { status: 0 }, stderr: "warning: Ignored, because nothing is run: -- a b\n" });
  });

  test("somebody at a terminal also hears how it went", async () => {
    const ran = await runFake("pex", ["-o", "x.pex"], { isTTY: true, host: { env: { NO_COLOR: "1" } } });
    expect(ran.stderr).toMatch(/^Built app\.pex: 2 distributions, 1\.2 MB, in \d+\.\d\d s\n$/);
    expect((await runFake("pex", ["-o", "x.pex", "-q"], { isTTY: true })).stderr).toBe("");
  });

  test("--dry-run prints what would be packed as lines that -r reads", async () => {
    const build = async () => ({
      path: undefined,
      sha256: undefined,
      size: undefined,
      targets: [],
      distributions: DISTRIBUTIONS,
    });
    expect(await runFake("pex", ["flask", "--dry-run"], { build })).toMatchObject({
      stdout: "click==8.1.7\nflask==3.0.3\n",
      child: undefined,
    });
  });
});

const DISTRIBUTIONS = ["click==8.1.7", "flask==3.0.3"].map((text) => {
  const [project = "", version = ""] = text.split("==");
  return {
    project,
    version,
    file: "",
    sha256: undefined,
    size: undefined,
    source: undefined,
    built: false,
    requiredBy: [],
  };
});

describe("without -o", () => {
  test("the PEX is run with the arguments untouched, then deleted", async () => {
    const args = ["script.py", "--help", "-v", "--", "-o", "x y"];
    const ran = await runFake("pex", ["cowsay", "--", ...args], { childOutcome: { status: 7 } });
    expect(ran).toMatchObject({ outcome: { status: 7 }, stdout: "", stderr: "", cleanups: 1 });
    expect(ran.child).toMatchObject({ command: "/usr/bin/python3", args: ["app.pex", ...args] });
  });

  test("a signal that ends the program is passed on", async () => {
    expect(await runFake("pex", [], { childOutcome: { signal: "SIGKILL" } })).toMatchObject({
      outcome: { signal: "SIGKILL" },
      cleanups: 1,
    });
  });

  test("--json is refused: stdout belongs to the program", async () => {
    const ran = await runFake("pex", ["flask", "--json"]);
    expect(ran).toMatchObject({ outcome: { status: 2 }, child: undefined, request: undefined });
    expect(JSON.parse(ran.stdout)).toMatchObject({ error: { code: "USAGE" } });
  });
});

describe("a failure", () => {
  const failing = (error: Error) => ({
    async build(): Promise<never> {
      throw error;
    },
  });

  test("is told once on stderr, with status 1 and nothing on stdout", async () => {
    const ran = await runFake("pex", ["flask", "-o", "x.pex"], failing(new Broken("No flask", { hint: "Buy one" })));
    expect(ran).toMatchObject({
      outcome: { status: 1 },
      stdout: "",
      stderr: "error: No flask [BROKEN]\nhint: Buy one.\n",
    });
  });

  test("is JSON on stdout with --json", async () => {
    const ran = await runFake("pex", ["flask", "-o", "x.pex", "--json"], failing(new Broken("No flask")));
    expect(ran).toMatchObject({ outcome: { status: 1 }, stderr: "" });
    expect(JSON.parse(ran.stdout)).toEqual({ error: { code: "BROKEN", message: "No flask", hint: null, causes: [] } });
  });

  test("before a run starts no program", async () => {
    expect(await runFake("pex", ["flask"], failing(new Broken("No flask")))).toMatchObject({
      outcome: { status: 1 },
      child: undefined,
    });
  });

  test("by an interruption has status 130", async () => {
    expect((await runFake("pex", ["-o", "x"], failing(new Cancelled("Cancelled")))).outcome).toEqual({ status: 130 });
  });
});

describe("every option that works", () => {
  const FULL: readonly (readonly [readonly string[], object])[] = [
    [["-r", "a.txt", "--requirements", "-"], { requirementsFiles: ["a.txt", "-"] }],
    [["--constraints", "c.txt"], { constraintsFiles: ["c.txt"] }],
    [["--exclude", "a<2", "--exclude", "b"], { excludes: ["a<2", "b"] }],
    [["--override", "a=b==1"], { overrides: ["a=b==1"] }],
    [["--uploaded-prior-to", "2026-01-31"], { uploadedPriorTo: "2026-01-31" }],
    [["--offline"], { offline: true }],
    [["--refresh"], { refresh: [":all:"] }],
    [["--refresh=flask", "--refresh=click"], { refresh: ["flask", "click"] }],
    [["--no-pep723"], { pep723: false }],
    [["-D", "src", "-R", "res"], { sourcesDirectories: ["src", "res"] }],
    [["-P", "foo@src"], { packages: ["foo@src"] }],
    [["-M", "foo.bar"], { modules: ["foo.bar"] }],
    [["-e", "a:b"], { entryPoint: "a:b" }],
    [["-c", "fab"], { script: "fab" }],
    [["--exe", "run.py"], { executable: "run.py" }],
    [["--inject-args", "a 'b c'", "--inject-args=d"], { injectArgs: ["a", "b c", "d"] }],
    [["--inject-env", "A=b=c", "--inject-env", "D="], { injectEnv: { A: "b=c", D: "" } }],
    [["--inject-python-args", "-u -W 'error'"], { injectPythonArgs: ["-u", "-W", "error"] }],
    [["--bind-resource-path", "A=b/c.txt"], { bindResourcePaths: { A: "b/c.txt" } }],
    [["--pex-path", "one.pex::/two.pex"], { pexPath: ["one.pex", "/two.pex"] }],
    [["-p", "pre.py"], { preambleFile: "pre.py" }],
    [["--seed"], { seed: true }],
    [["--seed", "verbose"], { seed: true }],
    [["--check", "error"], { check: "error" }],
    [["--compile"], { compile: true }],
    [["--validate-entry-point"], { validateEntryPoint: true }],
    [["--use-system-time"], { useSystemTime: true }],
    [["--max-install-jobs", "-1"], { maxInstallJobs: -1 }],
    [["--build-properties", "{}"], { buildProperties: "{}" }],
    [["--build-property", "a=1", "--build-property", "b=c=d"], { buildProperty: ["a=1", "b=c=d"] }],
    [["--record-git-state"], { recordGitState: true }],
    [["--interpreter-selection-strategy", "newest"], { interpreterSelectionStrategy: "newest" }],
    [["--include-tools"], { includeTools: true }],
    [["--python", "python3.11", "--python", "pypy"], { python: ["python3.11", "pypy"] }],
    [["--python-path", "/a:/b"], { pythonPath: "/a:/b" }],
    [["--interpreter-constraint", "CPython>=3.9"], { interpreterConstraints: ["CPython>=3.9"] }],
    [["--platform", "linux_x86_64-cp-311-cp311"], { platforms: ["linux_x86_64-cp-311-cp311"] }],
    [["--complete-platform", "{}"], { completePlatforms: ["{}"] }],
    [
      ["--target", "debian12-py311", "--target", "windows-py313"],
      { namedTargets: ["debian12-py311", "windows-py313"] },
    ],
    [["--manylinux", "manylinux_2_28"], { manylinux: "manylinux_2_28" }],
    [["--no-use-manylinux"], { manylinux: false }],
    [["--resolve-local-platforms"], { resolveLocalPlatforms: true }],
    [["--layout", "packed"], { layout: "packed" }],
    [["--pre-install-wheels"], { preInstallWheels: true }],
    [["--python-shebang", "/usr/bin/env python"], { pythonShebang: "/usr/bin/env python" }],
    [["--sh-boot"], { shBoot: true }],
    [["--no-sh-boot"], { shBoot: false }],
    [["--no-index"], { defaultIndex: false }],
    [["--no-pypi", "--pypi"], { defaultIndex: true }],
    [["-i", "https://index.example/simple"], { indexes: ["https://index.example/simple"] }],
    [["-f", "house", "--repo", "more"], { findLinks: ["house", "more"] }],
    [["--source", "a=torch", "--source", "b=x.*; y"], { sources: ["a=torch", "b=x.*; y"] }],
    [["--derive-sources-from-requirements-files"], { deriveSources: true }],
    [["--keyring-provider", "subprocess"], { keyringProvider: "subprocess" }],
    [["--resume-retries", "7"], { resumeRetries: 7 }],
    [["--pex-repository", "all.pex"], { pexRepository: "all.pex" }],
    [["--venv-repository", "a", "--venv-repository"], { venvRepositories: ["a", ""] }],
    [["--requirements-pex", "a.pex", "--requirements-pex", "b.pex"], { requirementsPexes: ["a.pex", "b.pex"] }],
    [["--pre-resolved-dist", "house", "--pre-resolved-dists", "x.whl"], { preResolvedDists: ["house", "x.whl"] }],
    [["--no-use-pip-config"], { usePipConfig: false }],
    [["--pre"], { prereleases: true }],
    [["--intransitive"], { transitive: false }],
    [["--project", "p"], { projects: ["p"] }],
    [["--group", "g@d"], { groups: ["g@d"] }],
    [["--no-use-wheel"], { wheels: false }],
    [["--no-build"], { builds: false }],
    [["--only-binary", "a", "--only-wheel", "b"], { onlyWheels: ["a", "b"] }],
    [["--only-build", "a"], { onlyBuilds: ["a"] }],
    [["--prefer-binary"], { preferWheels: true }],
    [["--no-build-isolation"], { buildIsolation: false }],
    [["--retries", "0", "--timeout", "7"], { retries: 0, timeout: 7 }],
    [["--proxy", "http://p", "--cert", "c", "--client-cert", "d"], { proxy: "http://p", cert: "c", clientCert: "d" }],
    [["--not-compressed"], { compress: false }],
    [["--ignore-errors"], { ignoreErrors: true }],
    [["--inherit-path"], { inheritPath: "prefer" }],
    [["--runtime-pex-root", "r"], { runtimePexRoot: "r" }],
    [["--no-emit-warnings"], { emitWarnings: false }],
    [["--no-strip-pex-env"], { stripPexEnv: false }],
    [["--venv"], { venv: "false" }],
    [["--venv=append"], { venv: "append" }],
    [["--venv", "prepend"], { venv: "prepend" }],
    [["--venv-copies"], { venvCopies: true }],
    [["--venv-site-packages-copies"], { venvSitePackagesCopies: true }],
    [["--venv-system-site-packages"], { venvSystemSitePackages: true }],
    [["--non-hermetic-venv-scripts"], { nonHermeticVenvScripts: true }],
    [["--pex-root", "p"], { pexRoot: "p" }],
    [["--cache-dir", "p"], { pexRoot: "p" }],
    [["--disable-cache"], { disableCache: true }],
    [["--tmpdir", "/tmp"], { tmpdir: "/tmp" }],
    [["-j", "3"], { jobs: 3 }],
  ];

  test.each(FULL)("%j arrives in the request", async (args, expected) => {
    const { request } = await runFake("pex", [...args, "-o", "x.pex"]);
    expect(request).toEqual({ requirements: [], outputFile: "x.pex", digest: false, ...expected });
  });

  test("is read somewhere: none is accepted and then ignored", () => {
    const shown = FULL.flatMap(([args]) => args).map((each) => each.split("=", 1)[0] ?? each);
    const elsewhere = [
      "-h",
      "-V",
      "--help-variables",
      "--docs",
      "--list-targets",
      "-o",
      "--bdist",
      "--bdist-all",
      "--bdist-dir",
      "--dry-run",
      "--json",
      "-v",
      "-q",
      "--rcfile",
      "--pip-log",
    ];
    const isShown = (option: Option): boolean => option.flags.some((flag) => [...shown, ...elsewhere].includes(flag));
    const missing = pexOptions
      .flatMap((group) => group.options)
      .filter((option) => option.status === "works" && !isShown(option));
    expect(missing.map(canonicalFlag)).toEqual([]);
  });

  test.each([
    ["pex", ["--docs"]],
    ["pex", ["--help-html"]],
    ["pex3", ["docs"]],
  ] as const)("%s %j prints where the pages lie", async (command, args) => {
    const { stdout, outcome } = await runFake(command, args);
    expect([outcome, stdout]).toEqual([
      { status: 0 },
      `${fileURLToPath(new URL("../../../docs/README.md", import.meta.url))}\n`,
    ]);
  });

  test("--list-targets lists systems, as data with --json", async () => {
    expect((await runFake("pex", ["--list-targets"])).stdout).toContain(
      "  debian12  x86_64  Debian 12; its own py311 is 3.11.2\n",
    );
    expect(JSON.parse((await runFake("pex", ["--list-targets", "--json"])).stdout)).toMatchObject([
      { system: "debian12" },
    ]);
  });

  test("-v sets PEX_VERBOSE for the run, unless it is set", async () => {
    expect((await runFake("pex", ["-vv", "-o", "x"])).context?.host.env["PEX_VERBOSE"]).toBe("2");
    const ran = await runFake("pex", ["-vv"], { host: { env: { PEX_VERBOSE: "0" } } });
    expect(ran.child?.env["PEX_VERBOSE"]).toBe("0");
  });

  test("--tmpdir is where temporary files go, for the program, too", async () => {
    const { context } = await runFake("pex", ["--tmpdir", directory]);
    expect(context?.host).toMatchObject({ tmp: directory, env: { TMPDIR: directory } });
  });

  test("--pip-log keeps what was told, in a file", async () => {
    const build = async (_: BuildRequest, { onEvent }: AppContext): Promise<never> => {
      onEvent({ kind: "step", level: 3, text: "Take click 8.1" });
      throw new Broken("No flask");
    };
    const forms: [string[], string][] = [
      [["--pip-log"], "pex-build.log"],
      [["--pip-log", "own.log"], "own.log"],
    ];
    for (const [args, name] of forms) {
      await runFake("pex", ["-o", "x", ...args], { build, host: { cwd: directory } });
      expect(readFileSync(join(directory, name), "utf8")).toMatch(/^ +\d+ ms {2}Take click 8\.1\n$/);
    }
    const args = ["-o", "x", "--pip-log", "none.log", "--no-preserve-pip-download-log"];
    await runFake("pex", args, { host: { cwd: directory } });
    expect(existsSync(join(directory, "none.log"))).toBe(false);
  });

  test("--rcfile gives defaults of PEX_ variables", async () => {
    writeFileSync(join(directory, "settings"), "PEX_ROOT=/from/file\n");
    const ran = await runFake("pex", ["-o", "x", "--rcfile", "settings"], { host: { cwd: directory } });
    expect(ran.context?.host.env).toEqual({ PEX_ROOT: "/from/file" });
  });
});

describe("options that do not work yet", () => {
  const later = pexOptions.flatMap((group) => group.options).filter((option) => option.status === "later");

  test.each(later.map((option) => [canonicalFlag(option), option] as const))(
    "%s says so and does nothing",
    async (flag, option) => {
      const ran = await runFake("pex", [...unusual(option), "-o", "x.pex"]);
      expect(ran).toMatchObject({ outcome: { status: 1 }, stdout: "", request: undefined });
      expect(ran.stderr).toContain(`error: Not available yet: `);
      expect(ran.stderr).toContain(flag);
      expect(ran.stderr).toContain("[NOT_IMPLEMENTED]");
    },
  );

  test("are named together, in one error", async () => {
    const { stderr } = await runFake("pex", ["--scie-only", "--scie", "eager", "--layout", "zipapp"]);
    expect(stderr).toMatch(/^error: Not available yet: --scie-only, --scie \[NOT_IMPLEMENTED\]\nhint: .*\n$/);
  });

  test("may say what holds anyway", async () => {
    const args = ["--no-sh-boot", "--seed", "none", "--check=none", "--build", "--wheel"];
    expect(await runFake("pex", [...args, "-o", "x.pex"])).toMatchObject({ outcome: { status: 0 }, stderr: "" });
  });
});

/** The option with a value that is not its default. */
function unusual(option: Option): string[] {
  const flag = canonicalFlag(option);
  switch (option.kind) {
    case "toggle":
      return [option.flags.find((each) => each.startsWith("--no") === (option.default === true)) ?? flag];
    case "text":
      return [`${flag}=${option.choices?.find((choice) => choice !== option.default) ?? "x"}`];
    case "integer":
      return [`${flag}=7`];
    case "words":
      return [`${flag}=a`];
    case "assignment":
      return [`${flag}=A=B`];
    default:
      return [flag];
  }
}

test("options that only pip's part of the work would need are accepted, and change nothing", async () => {
  const accepted = pexOptions.flatMap((group) => group.options).filter((option) => option.status === "accepted");
  expect(accepted.map(canonicalFlag)).toContain("--pip-version");
  for (const option of accepted) {
    expect(option.help).toMatch(/^It changes nothing/);
    const ran = await runFake("pex", [...unusual(option), "-o", "x.pex"]);
    expect(ran).toMatchObject({ outcome: { status: 0 }, stderr: "" });
    expect(ran.request).toEqual({ requirements: [], outputFile: "x.pex", digest: false });
  }
});

describe("deprecated options", () => {
  const deprecated = pexOptions.flatMap((group) => group.options).filter((option) => option.status === "deprecated");

  test.each(deprecated.map((option) => [canonicalFlag(option), option] as const))(
    "%s warns once and harms nobody",
    async (flag, option) => {
      const value = option.kind === "text" ? ["x"] : option.kind === "integer" ? ["1"] : [];
      const ran = await runFake("pex", [flag, ...value, flag, ...value, "-o", "x.pex"]);
      expect(ran).toMatchObject({ outcome: { status: 0 }, stdout: "x.pex\n" });
      expect(ran.stderr.match(/warning: /g)).toHaveLength(1);
      expect(ran.stderr).toContain(flag);
    },
  );

  test("--zip-safe --not-zip-safe --unzip -R --no-seed --cache-dir --cache-ttl -H --always-write-cache are those", () => {
    expect(deprecated.flatMap((option) => option.flags).toSorted()).toEqual(
      "--always-write-cache --cache-dir --cache-ttl --header --no-seed --no-unzip --not-zip-safe --resources-directory --unzip --zip-safe -H -R".split(
        " ",
      ),
    );
  });
});

test("what is asked of no one touches nothing: help, version", async () => {
  for (const args of [["-h"], ["flask", "--help"], ["-V"], ["-vV"], ["--vers"]]) {
    const ran = await runFake("pex", args, { host: { ...HOST, env: { PEX_VERBOSE: "nonsense" } } });
    expect(ran).toMatchObject({ outcome: { status: 0 }, stderr: "", request: undefined });
  }
});
