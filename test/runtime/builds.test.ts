/** Free-threaded and debug builds beside the usual one of the same version: each gets its own wheels, environments and cache entries. */
import { readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

import type { PythonVersion } from "../support/python-versions.ts";
import { writeWheel, type WheelSpec } from "../support/wheel-maker.ts";
import { builds, printed, User, versions } from "./kit.ts";

const user = new User();
afterAll(() => user.remove());

const special = builds.filter((each) => each.build !== "");
const [free] = special.filter((each) => each.build === "t");
const usual = versions.find((each) => free !== undefined && each.name === `${free.major}.${free.minor}`);
const family = builds.filter((each) => each.major === usual?.major && each.minor === usual.minor);
const digits = usual ? `${usual.major}${usual.minor}` : "";

const KINDS = ["t", "d", "", "abi3", "any"] as const;
type Kind = (typeof KINDS)[number];

/** A wheel for each kind of build; the order of the file is not that of preference. */
function wheelFor(kind: Kind): WheelSpec {
  const files = { "native.py": `where = '${kind}'\n` };
  if (kind === "any") return { name: "native", version: "1.0", files };
  const abi = kind === "abi3" ? kind : `cp${digits}${kind}`;
  return { name: "native", version: "1.0", tag: `cp${digits}-${abi}-linux_${machine}`, purelib: false, files };
}

const machine = process.arch === "arm64" ? "aarch64" : "x86_64";
const PROGRAM = `
import native, sys
gil = getattr(sys, "_is_gil_enabled", lambda: True)()
print(" ".join([native.where or "usual", "gil" if gil else "free", *sys.argv[1:]]))
`;

/** What each build takes of which wheels; undefined if nothing fits. */
const CHOICES: readonly (readonly [readonly Kind[], Readonly<Record<string, Kind | undefined>>])[] = [
  [KINDS, { "": "", t: "t", d: "d" }],
  [["", "abi3", "any"], { "": "", t: "any", d: "" }],
  [["abi3", "any"], { "": "abi3", t: "any", d: "abi3" }],
  [["t"], { t: "t" }],
  [["", "d"], { "": "", d: "d" }],
];

describe.skipIf(usual === undefined)("free-threaded, debug and usual builds of one version", () => {
  const under = (python: PythonVersion, pex: string, env: Readonly<Record<string, string>> = {}, args: string[] = []) =>
    user.run(python.path, [...args, pex], { env: { PATH: "/usr/bin:/bin", ...env } });

  test(`are here: ${special.map((each) => each.name).join(", ")}`, () => {
    expect(family.length).toBe(special.filter((each) => each.minor === usual?.minor).length + 1);
  });

  test.each(CHOICES)("of wheels for %j each takes its own", async (kinds, expected) => {
    const name = `choice-${kinds.join("-")}.pex`;
    const sources = { "app.py": PROGRAM };
    const pex = user.make(name, {
      wheels: kinds.map(wheelFor),
      roots: ["native"],
      sources,
      facts: { entry_point: "app" },
    });
    for (const python of family) {
      const kind = expected[python.build];
      const result = await under(python, pex);
      const gil = python.build.startsWith("t") ? "free" : "gil";
      if (kind !== undefined)
        expect([python.name, printed(result)]).toEqual([python.name, `${kind || "usual"} ${gil}`]);
      else
        expect([python.name, result.stderr]).toEqual([python.name, expect.stringContaining("whose tags do not fit")]);
    }
  });

  test.each(["zipapp", "loose", "venv"])(
    "as %s they share a cache and nothing that is made for one of them",
    async (form) => {
      const more = form === "loose" ? { layout: "loose" as const } : {};
      const facts = { entry_point: "app", venv: form === "venv" };
      const pex = user.make(`shared-${form}`, {
        wheels: KINDS.map(wheelFor),
        roots: ["native"],
        sources: { "app.py": PROGRAM },
        facts,
        ...more,
      });
      const env = { PEX_ROOT: user.path(`root-${form}`) };
      for (const start of ["cold", "warm"]) {
        for (const python of family) {
          const expected = `${python.build || "usual"} ${python.build.startsWith("t") ? "free" : "gil"}`;
          expect([start, python.name, printed(await under(python, pex, env))]).toEqual([start, python.name, expected]);
        }
      }
      if (form === "venv") {
        const venvs = user.path(`root-${form}`, "pexjs", "1", "run", "venvs");
        const libraries = readdirSync(venvs).flatMap((each) => readdirSync(join(venvs, each, "lib")));
        const names = family.map((each) => `python${each.major}.${each.minor}${each.build.replace("d", "")}`);
        expect(libraries.toSorted()).toEqual(names.toSorted());
      }
      if (free === undefined) return;
      const isolated = form === "venv"; // which ignores Python's variables
      expect(printed(await under(free, pex, { ...env, PYTHON_GIL: "1" }))).toBe(isolated ? "t free" : "t gil");
      expect(printed(await under(free, pex, env, ["-X", "gil=1"]))).toBe("t gil");
    },
  );

  test("a PEX finds the build that it needs when both are on PATH", async () => {
    if (free === undefined || usual === undefined) return;
    const env = { PATH: `${dirname(usual.path)}:${dirname(free.path)}` };
    const cases: readonly (readonly [string, PythonVersion, string])[] = [
      [needs("CPython+t"), usual, "t free"],
      [needs("CPython[free-threaded]"), free, "t free"],
      [needs("CPython[gil]"), free, "usual gil"],
      [
        user.make("only-t.pex", {
          wheels: [wheelFor("t")],
          roots: ["native"],
          sources: { "app.py": PROGRAM },
          facts: { entry_point: "app" },
        }),
        usual,
        "t free",
      ],
    ];
    for (const [pex, python, expected] of cases) {
      for (const start of ["cold", "warm"]) {
        expect([pex, start, printed(await under(python, pex, env))]).toEqual([pex, start, expected]);
      }
    }
    const named = { ...env, PEX_PYTHON: `python${free.name}` };
    expect(printed(await under(usual, needs("CPython"), named))).toBe("t free");
    const shebang = user.make("shebang.pex", {
      wheels: KINDS.map(wheelFor),
      roots: ["native"],
      sources: { "app.py": PROGRAM },
      facts: { entry_point: "app" },
      shebang: `/usr/bin/env python${free.name}`,
    });
    expect(printed(await user.run(shebang, [], { env: { PATH: `${env.PATH}:/usr/bin:/bin` } }))).toBe("t free");
  });

  test("the builder takes for each what the build itself would take, be it named or described", async () => {
    if (free === undefined || usual === undefined) return;
    const wheels = user.path("wheels", "builder");
    for (const kind of KINDS) if (kind !== "any") writeWheel(wheels, wheelFor(kind));
    const inputs = ["--no-pypi", "-f", wheels, "native"];
    for (const python of family) {
      const platform = user.path(`${python.name}.json`);
      const inspect = [user.bin("pex3"), "interpreter", "inspect", "--python", python.path, "--markers", "--tags"];
      writeFileSync(platform, printed(await user.run(process.execPath, inspect)));
      for (const target of [
        ["--python", python.path],
        ["--complete-platform", platform],
      ]) {
        const pex = user.path("built.pex");
        printed(await user.run(process.execPath, [user.bin("pex"), ...inputs, ...target, "-o", pex]));
        const code = "import native; print(native.where or 'usual')";
        expect([target, printed(await user.run(python.path, [pex, "-c", code]))]).toEqual([
          target,
          python.build || "usual",
        ]);
      }
    }
  });

  function needs(constraint: string): string {
    const facts = { entry_point: "app", interpreter_constraints: [constraint] };
    return user.make(`needs-${constraint}.pex`, {
      wheels: KINDS.map(wheelFor),
      roots: ["native"],
      sources: { "app.py": PROGRAM },
      facts,
    });
  }
});
