/** What the documents show is typed as it stands, with the real package index. */
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

import { faultsOf } from "../support/shell-document.ts";
import { pathWithoutShims, Workspace } from "../support/workspace.ts";

const DOCS = fileURLToPath(new URL("../../docs", import.meta.url));

const documents = readdirSync(join(DOCS, "recipes")).map((name) => `recipes/${name}`);

test.each(documents)("%s is true", { timeout: 300_000 }, async (document) => {
  const user = new Workspace();
  try {
    const path = [dirname(user.bin("pex")), pathWithoutShims()].join(":");
    expect(await faultsOf(join(DOCS, document), user, path)).toEqual([]);
  } finally {
    user.remove();
  }
});
