/** What the documents show is typed as it stands, with the real package index. */
import { chmodSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

import { typeDocument } from "../support/shell-document.ts";
import { pythonVersions } from "../support/python-versions.ts";
import { pathWithoutShims, Workspace } from "../support/workspace.ts";

const DOCS = fileURLToPath(new URL("../../docs", import.meta.url));

const documents = [
  "runtime.md",
  "guides/first-pex.md",
  "guides/debugging.md",
  "guides/other-machines.md",
  "guides/pex-tools.md",
  "guides/ci.md",
  ...readdirSync(join(DOCS, "recipes")).map((name) => `recipes/${name}`),
];

const DOCKER = fileURLToPath(new URL("../support/docker_stand_in.py", import.meta.url));
const pythons = pythonVersions();

/** Types a document in an empty folder, with our commands, and every interpreter by its full name. */
async function faultsOf(document: string): Promise<string[]> {
  const user = new Workspace();
  try {
    chmodSync(user.write("home/bin/docker", `#!/bin/sh\nexec python3 ${DOCKER} "$@"\n`), 0o755);
    const folders = pythons.map((each) => dirname(each.path));
    const path = [user.path("home", "bin"), join(DOCS, "..", "bin"), pathWithoutShims(), ...folders].join(":");
    return await typeDocument(document, user, path);
  } finally {
    user.remove();
  }
}

for (const document of documents) {
  const text = readFileSync(join(DOCS, document), "utf8");
  const typed = text.split("\n").filter((line) => /^[$>] /.test(line));
  const needed = new Set([...typed.join("\n").matchAll(/\bpython(\d\.\d+)/g)].map(([, version = ""]) => version));
  const missing = [...needed].filter((version) => !pythons.some(({ name }) => name === version));
  const name = missing.length === 0 ? `${document} is true` : `${document}: Python ${missing.join(", ")} is not here`;
  test.skipIf(missing.length > 0)(name, { timeout: 300_000 }, async () => {
    expect(await faultsOf(text)).toEqual([]);
  });
}

test("a document that is not true is found out", async () => {
  const file = "`words.txt`:\n\n```text\none\ntwo\n```\n\n";
  const typed = (...lines: readonly string[]): string => `${file}\`\`\`console\n${lines.join("\n")}\n\`\`\`\n`;
  expect(await faultsOf(typed("$ cat words.txt", "one", "two", "$ echo a; \\", ">   echo b", "a", "…"))).toEqual([]);
  expect(await faultsOf(typed("$ cat words.txt", "one"))).toEqual([expect.stringContaining("expected: one")]);
  expect(await faultsOf(typed("$ false", "$ sh -c 'echo x; exit 3'", "x"))).toHaveLength(2);
  expect(await faultsOf(typed("$ exit"))).toHaveLength(1);
});
