/** The Node API, called as another program would call it. */
import { existsSync, readdirSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

import { build, PexError, type Event } from "../../src/api.ts";
import { currentHost } from "../../src/base/host.ts";
import { writeProject } from "../support/project-maker.ts";
import { writeSdist } from "../support/sdist-maker.ts";
import { writeWheel } from "../support/wheel-maker.ts";
import { Workspace } from "../support/workspace.ts";

let user: Workspace;
beforeAll(() => {
  user = new Workspace();
  const scripts = "[console_scripts]\ngreet = greeter:main\n";
  const files = { "greeter.py": "def main():\n    print('hello')\n" };
  writeWheel(user.path("wheels"), {
    name: "greeter",
    version: "1.0",
    files,
    entryPoints: scripts,
    requires: ["polite"],
  });
  writeWheel(user.path("wheels"), { name: "polite", version: "2.0" });
});
afterAll(() => user.remove());

function host(): ReturnType<typeof currentHost> {
  const env = { PATH: process.env["PATH"], HOME: user.home };
  return { ...currentHost(), env, home: user.home, cwd: user.dir, tmp: user.path("tmp") };
}
const offline = { defaultIndex: false, usePipConfig: false, findLinks: ["wheels"] };

test("build() returns what the command prints with --json", async () => {
  const events: Event[] = [];
  const request = { ...offline, requirements: ["greeter"], script: "greet", outputFile: "deep/greet.pex" };
  const result = await build(request, { host: host(), onEvent: (event) => events.push(event) });
  expect(result).toMatchObject({
    path: user.path("deep", "greet.pex"),
    distributions: [
      { project: "greeter", version: "1.0", file: "greeter-1.0-py2.py3-none-any.whl", requiredBy: [] },
      { project: "polite", version: "2.0", requiredBy: ["greeter"] },
    ],
  });
  expect(result.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(events.some((event) => event.kind === "span")).toBe(true);
  const printed = await user.pex(
    ["--no-index", "-f", "wheels", "greeter", "-c", "greet", "-o", "deep/greet.pex", "--json"],
    {},
  );
  expect(JSON.parse(printed.stdout)).toEqual(JSON.parse(JSON.stringify(result)));
  expect((await user.run(user.path("deep", "greet.pex"), [])).stdout).toBe("hello\n");
});

test("it is told where each distribution comes from, and what is built", async () => {
  const sdist = await writeSdist(user.path("sources"), { name: "made", isStatic: true, requires: ["polite"] });
  writeProject(user.path("local"), { name: "local", version: "1.0", files: { "local.py": "" } });
  const request = { ...offline, findLinks: ["wheels", "sources"], requirements: ["made", "./local"] };
  const expected = [
    { project: "local", source: "./local", built: true },
    { project: "made", source: pathToFileURL(sdist).href, built: true },
    { project: "polite", source: expect.stringMatching(/^file:.*polite-2\.0.*\.whl$/), built: false },
  ];
  const planned = await build({ ...request, dryRun: true }, { host: host() });
  expect(planned.distributions).toMatchObject(expected);
  expect(planned.distributions[1]?.file).toBe("made-1.0.tar.gz");
  const made = await build({ ...request, outputFile: "made.pex" }, { host: host() });
  expect(made.distributions).toMatchObject(expected);
  expect(made.distributions[1]?.file).toBe("made-1.0-py3-none-any.whl");
  const again = await build({ usePipConfig: false, pexRepository: "made.pex", dryRun: true }, { host: host() });
  expect(again.distributions.map(({ source, built }) => [source, built])).toEqual(
    expected.map(() => [undefined, false]),
  );
});

test("a dry run decides everything and writes nothing", async () => {
  const before = readdirSync(user.dir);
  const result = await build({ ...offline, requirements: ["greeter"], dryRun: true }, { host: host() });
  expect(result.path).toBeUndefined();
  expect(result.distributions.map((each) => each.project)).toEqual(["greeter", "polite"]);
  expect(readdirSync(user.dir)).toEqual(before);
});

test("failures are typed, with a stable code and a hint", async () => {
  const failure = await build({ ...offline, requirements: ["greeter>5"], outputFile: "x.pex" }, { host: host() }).catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(PexError);
  expect(failure).toMatchObject({ code: "NO_MATCHING_VERSION", hint: expect.stringMatching(/\w/) });
  expect(existsSync(user.path("x.pex"))).toBe(false);
});

test("an aborted build rejects with CANCELLED and leaves nothing", async () => {
  const stop = new AbortController();
  const building = build(
    { ...offline, requirements: ["greeter"], outputFile: "aborted.pex" },
    { host: host(), signal: stop.signal, onEvent: () => stop.abort() },
  );
  await expect(building).rejects.toMatchObject({ code: "CANCELLED" });
  expect(existsSync(user.path("aborted.pex"))).toBe(false);
  expect(readdirSync(user.path("tmp"))).toEqual([]);
});

test("the documented example runs", async () => {
  const example = new URL("../../examples/build-a-pex.mjs", import.meta.url).pathname;
  const env = { PIP_NO_INDEX: "1", PIP_FIND_LINKS: user.path("wheels") };
  const result = await user.run(process.execPath, [example, "greeter", "-c", "greet", "example.pex"], { env });
  expect(result.stdout).toMatch(/example\.pex: \d+ bytes, sha256 [0-9a-f]{64}\n {2}greeter 1\.0 /);
});
