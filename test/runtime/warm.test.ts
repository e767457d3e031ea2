/** A warm start is what users meet every day: it imports nothing that a plain start would not; `budget.test.ts` counts its calls. */
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { newest, printed, User, versions } from "./kit.ts";

const user = new User();
let pex: string;
let bare: string;
beforeAll(async () => {
  const modules = "import sys; print('\\n'.join(sorted(sys.modules)))\n";
  pex = user.make("warm.pex", {
    wheels: [{ name: "one", version: "1", files: { "one.py": modules } }],
    sources: { "app.py": `def main():\n    ${modules}` },
    facts: { entry_point: "app:main" },
  });
  user.write("bare/__main__.py", modules);
  await user.run(newest.path, ["-m", "zipfile", "-c", user.path("bare.pyz"), user.path("bare", "__main__.py")]);
  bare = user.path("bare.pyz");
});
afterAll(() => user.remove());

/** What a warm start may import beyond Python's own start of a zip file: C modules, for the cache, the lock and its date. */
const ALLOWED = new Set(["fcntl", "time", "marshal", "app"]);

describe.each(versions)("under Python $name", (python) => {
  test("it imports only what Python itself has imported to start a zip file", async () => {
    const plain = new Set(printed(await user.run(python.path, [bare])).split("\n"));
    printed(await user.start(python, pex));
    const warm = printed(await user.start(python, pex)).split("\n");
    expect(warm.filter((name) => !plain.has(name) && !ALLOWED.has(name))).toEqual([]);
  });

  test("it needs no part of the file but `__main__.py`", async () => {
    printed(await user.start(python, pex));
    const script = `
import os, sys
opened = []
if sys.version_info >= (3, 8):
    sys.addaudithook(lambda event, values: opened.append(values[0]) if event == 'open' else None)
sys.argv = [${JSON.stringify(pex)}]
import runpy
try:
    runpy.run_path(sys.argv[0], run_name='__main__')
except SystemExit:
    pass
sys.stderr.write(str(len([path for path in opened if 'wheels' in str(path) or 'locks' in str(path)])))
`;
    const result = await user.run(python.path, ["-c", script]);
    expect([result.status, result.stderr]).toEqual([0, "0"]);
  });
});

test("an incomplete set of compiled modules is no harm", async () => {
  printed(await user.start(newest, pex));
  const folder = join(user.runFolder, "warm");
  expect(existsSync(folder)).toBe(true);
  for (const name of readdirSync(folder)) {
    const code = `import marshal, sys; p = sys.argv[1]; d = marshal.loads(open(p, 'rb').read()); d.pop(sorted(d)[-1]); open(p, 'wb').write(marshal.dumps(d) + b'\\npexjs 1\\n')`;
    for (const python of versions) await user.run(python.path, ["-c", code, join(folder, name)]);
  }
  for (const python of versions) expect(printed(await user.start(python, pex))).toContain("app");
  for (const name of readdirSync(folder)) writeFileSync(join(folder, name), "");
  for (const python of versions) expect(printed(await user.start(python, pex))).toContain("app");
});
