/** The Node.js that builds a file leaves no trace in it: the oldest and the newest that we run on give equal bytes. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { newestNode } from "../support/newest-node.ts";
import { writeWheel } from "../support/wheel-maker.ts";
import { Workspace } from "../support/workspace.ts";

let user: Workspace;
beforeAll(() => {
  user = new Workspace();
  const data = Array.from({ length: 20_000 }, (_, index) => `${index * 7919} ${index % 13}\n`).join("");
  writeWheel(user.path("house"), {
    name: "alpha",
    version: "1.0",
    files: { "alpha/__init__.py": "", "alpha/data": data },
  });
  user.write("src/app.py", "import alpha\nprint(alpha)\n");
  user.write("src/größe/data.txt", data);
});
afterAll(() => user.remove());

test.each([
  ["one file", []],
  ["one file with installed wheels, begun by a shell", ["--pre-install-wheels", "--sh-boot"]],
  ["a packed directory", ["--layout", "packed", "--pre-install-wheels"]],
  ["a loose directory", ["--layout", "loose"]],
])("%s", async (title, options) => {
  const args = ["--no-index", "-f", "house", "alpha", "-D", "src", "-m", "app", "--disable-cache", ...options, "-o"];
  const digests = [];
  for (const [index, node] of [process.execPath, newestNode()].entries()) {
    const output = `${title.replaceAll(" ", "-")}-${index}.pex`;
    const built = await user.run(node, [user.bin("pex"), ...args, output]);
    expect(built).toMatchObject({ stdout: `${output}\n`, stderr: "", status: 0 });
    digests.push(digestsBelow(user.path(output)));
  }
  expect(digests[1]).toEqual(digests[0]);
});

/** Path → mode and digest of each file. */
function digestsBelow(path: string): ReadonlyMap<string, string> {
  const names = statSync(path).isDirectory() ? readdirSync(path, { recursive: true, encoding: "utf8" }) : [""];
  const files = names.toSorted().map((name) => [name, join(path, name)] as const);
  return new Map(files.filter(([, file]) => statSync(file).isFile()).map(([name, file]) => [name, fingerprint(file)]));
}

function fingerprint(file: string): string {
  const digest = createHash("sha256").update(readFileSync(file)).digest("hex");
  return `${statSync(file).mode.toString(8)} ${digest}`;
}
