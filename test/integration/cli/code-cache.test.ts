/** The compiled code of the commands, which one run leaves for the next (docs/decisions/0010). */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { IndexServer } from "../../support/index-server.ts";
import { makeWheel } from "../../support/wheel-maker.ts";
import { Workspace } from "../../support/workspace.ts";

test("what a run leaves that has downloaded something is good enough for the next one", async () => {
  const user = new Workspace();
  const server = await IndexServer.start({ metadataFiles: true });
  try {
    server.add(makeWheel({ name: "app", version: "1.0" }));
    const kept = async (): Promise<readonly string[]> => {
      expect(await user.pex(["app", "--dry-run", "--no-index", "-i", server.url])).toMatchObject({ status: 0 });
      const root = join(user.home, ".cache", "pex", "pexjs", "1", "build", "code");
      const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      const paths = entries.map(({ parentPath, name }) => join(parentPath, name));
      return paths.map((path) => `${path} ${statSync(path, { bigint: true }).mtimeNs}`);
    };
    const first = await kept();
    expect(first).not.toEqual([]);
    expect(await kept()).toEqual(first);
  } finally {
    await server.close();
    user.remove();
  }
});
