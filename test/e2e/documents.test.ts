/** What the documents show is typed as it stands, with the real package index. */
import { chmodSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

import { faultsOf } from "../support/shell-document.ts";
import { pythonVersions } from "../support/python-versions.ts";
import { pathWithoutShims, Workspace } from "../support/workspace.ts";

const DOCS = fileURLToPath(new URL("../../docs", import.meta.url));

const documents = [
  "runtime.md",
  "guides/debugging.md",
  ...readdirSync(join(DOCS, "recipes")).map((name) => `recipes/${name}`),
];

const DOCKER = fileURLToPath(new URL("../support/docker_stand_in.py", import.meta.url));

/** The commands, and every interpreter by its full name. */
const path = [join(DOCS, "..", "bin"), pathWithoutShims(), ...pythonVersions().map((each) => dirname(each.path))].join(
  ":",
);

test.each(documents)("%s is true", { timeout: 300_000 }, async (document) => {
  const user = new Workspace();
  try {
    chmodSync(user.write("home/bin/docker", `#!/bin/sh\nexec python3 ${DOCKER} "$@"\n`), 0o755);
    expect(await faultsOf(join(DOCS, document), user, `${user.path("home", "bin")}:${path}`)).toEqual([]);
  } finally {
    user.remove();
  }
});
