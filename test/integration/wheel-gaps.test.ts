/** What other machines have no wheels of: one table for all of it, and nothing that only looks like a gap. */
import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { expectGolden } from "../support/golden.ts";
import { writeSdist } from "../support/sdist-maker.ts";
import { writeWheel } from "../support/wheel-maker.ts";
import { Workspace, type Result } from "../support/workspace.ts";

const LINUX = "linux_x86_64-cp-39-cp39";
const MAC = "macosx_11_0_arm64-cp-39-cp39";
const WINDOWS = "win_amd64-cp-39-cp39";

let user: Workspace;

beforeAll(async () => {
  user = new Workspace();
  const house = user.path("house");
  const native = { name: "native", purelib: false };
  writeWheel(house, { ...native, version: "1.0", tag: "cp39-cp39-win_amd64" });
  writeWheel(house, { ...native, version: "2.0", tag: "cp39-cp39-manylinux_2_17_x86_64" });
  writeWheel(house, { ...native, version: "2.0", tag: "cp39-cp39-manylinux_2_17_aarch64" });
  writeWheel(house, { name: "app", version: "1.0", requires: ["native>=2", "compiled", "portable", "broken"] });
  writeWheel(house, { name: "flexible", version: "2.0", requires: ["native>=2"] });
  writeWheel(house, { name: "flexible", version: "1.0", requires: ["native<2"] });
  writeWheel(house, { name: "rival", version: "1.0", requires: ["native<2"] });
  await writeSdist(house, { name: "portable" });
  await writeSdist(house, { name: "static", isStatic: true, requires: ["portable"] });
  await writeSdist(house, { name: "compiled", builds: "native", requires: ["below"] });
  await writeSdist(house, { name: "below", builds: "native", isStatic: true });
  await writeSdist(house, { name: "broken", body: "raise RuntimeError('no compiler today')" });
});
afterAll(() => user.remove());

const on = (...platforms: readonly string[]): string[] => platforms.flatMap((each) => ["--platform", each]);

function pex(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Result> {
  return user.pex(["--no-index", "-f", "house", ...args], { env });
}

async function expectTable(golden: string, args: readonly string[], env?: Readonly<Record<string, string>>) {
  const result = await pex([...args, "-o", "out.pex"], env);
  expect(result, result.stderr).toMatchObject({ status: 1, stdout: "" });
  expect(readdirSync(user.dir)).not.toContain("out.pex");
  expect(readdirSync(user.path("tmp"))).toEqual([]);
  const text = result.stderr.replaceAll(user.dir, "<dir>").replace(/cp3\d+-cp3\d+-linux_\w+/g, "<tag>");
  expectGolden(`build-errors/${golden}.txt`, text);
}

test("all gaps of all targets are told in one table", () =>
  expectTable("missing-wheels", ["app", ...on(LINUX, MAC, WINDOWS)]));

test("what only needs a newer system is told with the option that means one", async () => {
  const house = user.path("new");
  for (const platform of ["manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "macosx_14_0_arm64"]) {
    writeWheel(house, { name: "modern", version: "1.0", purelib: false, tag: `cp39-abi3-${platform}` });
  }
  writeWheel(house, { name: "newest", version: "1.0", tag: "cp39-cp39-manylinux_2_34_x86_64" });
  await writeSdist(house, { name: "newest" });
  const named = ["--target", "amazonlinux2-py39", "--target", "lambda-py311"];
  await expectTable("missing-wheels-newer-system", [
    "modern",
    "newest",
    "-f",
    "new",
    "--no-build",
    ...named,
    ...on(LINUX, MAC),
  ]);
});

test("without a Python here, sources are gaps", () =>
  expectTable("missing-wheels-without-python", ["static", "native==2.0", ...on(MAC)], { PATH: "/nowhere" }));

test("without building, sources are gaps that building might close", () =>
  expectTable("missing-wheels-no-build", ["static", "native==2.0", "--no-build", ...on(MAC)]));

test("a local project that is compiled is a gap on other machines", async () => {
  await writeSdist(user.path("alone"), { name: "lonely", builds: "native" });
  await expectTable("missing-wheels-local-project", ["./alone/lonely-1.0.tar.gz", ...on(LINUX, MAC)]);
});

test("`--json` lists the gaps", async () => {
  const result = await pex(["native==2.0", "compiled", ...on(LINUX, WINDOWS), "-o", "out.pex", "--json"]);
  const { error } = JSON.parse(result.stdout) as { readonly error: Record<string, unknown> };
  expect(error["code"]).toBe("MISSING_WHEELS");
  expect(error["missing"]).toMatchObject([
    { project: "below", version: "1.0", target: LINUX, exists: "compiled-sdist", fittingVersion: null },
    { project: "below", target: WINDOWS },
    { project: "compiled", target: LINUX },
    { project: "compiled", target: WINDOWS },
    {
      project: "native",
      version: "2.0",
      target: WINDOWS,
      exists: "other-wheels",
      fittingVersion: "1.0",
      neededSystem: null,
    },
  ]);
});

describe("no gap", () => {
  test("is a version with wheels that another choice leads to", async () => {
    const result = await pex(["flexible", ...on(LINUX, WINDOWS), "--dry-run", "--json"]);
    const { distributions } = JSON.parse(result.stdout) as { readonly distributions: readonly { file: string }[] };
    expect(distributions.map(({ file }) => file)).toEqual([
      "flexible-1.0-py2.py3-none-any.whl",
      "flexible-2.0-py2.py3-none-any.whl",
      "native-1.0-cp39-cp39-win_amd64.whl",
      "native-2.0-cp39-cp39-manylinux_2_17_x86_64.whl",
    ]);
  });

  test("is a source of pure Python, built once for all", async () => {
    await writeSdist(user.path("house"), { name: "once", requires: ["static"] });
    const result = await pex(["-v", "once", ...on(LINUX, MAC, WINDOWS), "-o", "once.pex"]);
    expect(result, result.stderr).toMatchObject({ status: 0, stdout: "once.pex\n" });
    expect(result.stderr.match(/building once/g)).toHaveLength(1);
  });

  test("is a contradiction", async () => {
    const result = await pex(["rival", "native>=2", ...on(MAC), "-o", "out.pex"]);
    expect(result.stderr).toContain("[UNSATISFIABLE]");
  });

  test("are the wheels that one interpreter lacks", async () => {
    const result = await pex(["native", "-o", "out.pex"]);
    expect(result.stderr).toContain("[NO_MATCHING_VERSION]");
  });
});
