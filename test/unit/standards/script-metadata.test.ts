import { describe, expect, test } from "vitest";

import { readScriptMetadata } from "../../../src/standards/script-metadata.ts";

const read = (source: string): ReturnType<typeof readScriptMetadata> => readScriptMetadata(source, "tool.py");

describe("readScriptMetadata", () => {
  test("reads dependencies and requires-python", async () => {
    const source =
      '#!/usr/bin/env python\n# /// script\n# requires-python = ">=3.9"\n# dependencies = [\n#   "rich",\n# ]\n# ///\n';
    expect(await read(source)).toEqual({ dependencies: ["rich"], requiresPython: ">=3.9" });
  });

  test("a script without a block has none", async () => {
    expect(await read("print('# /// script')\n# /// scripts\n# ///\n")).toBeUndefined();
  });

  test("an empty block asks for nothing", async () => {
    expect(await read("# /// script\r\n#\r\n# ///\r\n")).toEqual({ dependencies: [], requiresPython: undefined });
  });

  test("the last closing line of the comment run ends the block", async () => {
    const source = "# /// script\n# dependencies = ['''\n# ///\n# ''']\n# ///\ncode\n# ///\n";
    expect((await read(source))?.dependencies).toEqual(["///\n"]);
  });

  test.each([
    ["# /// script\n# dependencies = []\nprint()\n", /not closed: line 1/],
    ["# /// script\n# ///\n\n# /// script\n# ///\n", /More than one block/],
    ["# /// script\n# dependencies = 'rich'\n# ///\n", /must be a list of strings/],
    ["# /// script\n# requires-python = 3\n# ///\n", /must be a string/],
    ["# /// script\n# dependencies = [\n# ///\n", /Invalid TOML in the script metadata of tool\.py, line 1/],
  ])("refuses %j", async (source, message) => {
    await expect(read(source)).rejects.toThrow(message);
  });
});
