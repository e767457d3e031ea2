/**
 * What the documents show is typed as it stands, with the real package index.
 *
 * `npm run recipes` types the large ones as well. Other commands than the built ones are typed if `PEXJS_COMMANDS` names their
 * folder: that of an environment, say, into which the Python package is installed.
 */
import { chmodSync, existsSync, readdirSync, readFileSync } from "node:fs";
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
const COMMANDS = process.env["PEXJS_COMMANDS"] ?? join(DOCS, "..", "bin");
const pythons = pythonVersions();

/** Where the commands are: ours, a `docker`, and every interpreter by its full name. */
function searchPath(user: Workspace): string {
  const folders = pythons.map((each) => dirname(each.path));
  return [user.path("home", "bin"), COMMANDS, pathWithoutShims(), ...folders].join(":");
}

/** Types a document in an empty folder. */
async function faultsOf(document: string, seconds = 280): Promise<string[]> {
  const user = new Workspace();
  try {
    chmodSync(user.write("home/bin/docker", `#!/bin/sh\nexec python3 ${DOCKER} "$@"\n`), 0o755);
    return await typeDocument(document, user, { path: searchPath(user), seconds });
  } finally {
    user.remove();
  }
}

for (const document of documents) {
  const text = readFileSync(join(DOCS, document), "utf8");
  const missing = new Set([...namedBy(text), ...typedBy(text)].filter((command) => !isHere(command)));
  const isLarge = text.includes("`npm run recipes` types this page");
  const reasons = [
    ...(isLarge && process.env["PEXJS_RECIPES"] !== "all" ? ["it is large: npm run recipes"] : []),
    ...(missing.size > 0 ? [`${[...missing].join(", ")} is not here`] : []),
  ];
  const seconds = isLarge ? 1200 : 280;
  test.skipIf(reasons.length > 0)(
    [`${document} is true`, ...reasons].join("; "),
    { timeout: (seconds + 20) * 1000 },
    async () => {
      expect(await faultsOf(text, seconds)).toEqual([]);
    },
  );
}

/** What a document says at its top that it needs. */
function namedBy(text: string): string[] {
  const [, paragraph = ""] = /^# .*\n\n(Needed[^]*?)\n\n/.exec(text) ?? [];
  return [...paragraph.matchAll(/`([\w.-]+)`/g)].map(([, name = ""]) => name);
}

/** The commands that it types, of those that not every machine has. */
function typedBy(text: string): string[] {
  const typed = text.split("\n").filter((line) => /^[$>] /.test(line));
  const found = typed
    .join("\n")
    .matchAll(/(?<![\w./-])(python3?\.\d+|curl|docker|java|make|ps|systemd-analyze)(?![\w./-])/g);
  return [...new Set([...found].map(([command]) => command))];
}

function isHere(command: string): boolean {
  if (command === "pex" || command === "docker") return true; // ours
  const [, version] = /^python(\d\.\d+)$/.exec(command) ?? [];
  if (version !== undefined) return pythons.some(({ name }) => name === version);
  return pathWithoutShims()
    .split(":")
    .some((folder) => existsSync(join(folder, command)));
}

test.each(documents.filter((each) => each.startsWith("recipes/")))("%s names at its top what it needs", (document) => {
  const text = readFileSync(join(DOCS, document), "utf8");
  expect(namedBy(text)).toEqual(expect.arrayContaining(["pex", ...typedBy(text)]));
});

test("what a workflow runs is typed in its page", () => {
  const text = readFileSync(join(DOCS, "recipes", "github-actions.md"), "utf8");
  const run = [...text.matchAll(/^ *- run: (.*)$/gm)].map(([, command = ""]) => command);
  expect(run.filter((command) => !command.startsWith("python -m pip install"))).toHaveLength(3);
  for (const command of run.slice(1)) expect(text).toContain(`\n$ ${command}\n`);
});

test("a document that is not true is found out", async () => {
  const file = "`words.txt`:\n\n```text\none\ntwo\n```\n\n";
  const typed = (...lines: readonly string[]): string => `${file}\`\`\`console\n${lines.join("\n")}\n\`\`\`\n`;
  expect(await faultsOf(typed("$ cat words.txt", "one", "two", "$ echo a; \\", ">   echo b", "a", "…"))).toEqual([]);
  expect(await faultsOf(typed("$ cat words.txt", "one"))).toEqual([expect.stringContaining("expected: one")]);
  expect(await faultsOf(typed("$ false", "$ sh -c 'echo x; exit 3'", "x"))).toHaveLength(2);
  expect(await faultsOf(typed("$ exit"))).toHaveLength(1);
});
