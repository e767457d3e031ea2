import { describe, expect, test } from "vitest";

import { InvalidMetadata, parseCoreMetadata } from "../../../src/standards/core-metadata.ts";

const START = "Metadata-Version: 2.1\nName: Flask\nVersion: 3.0\n";

describe("core metadata", () => {
  test("tells what a distribution is and needs", () => {
    const text = `Metadata-Version: 2.4
Name: Flask
Version: 3.0.3
Summary: Ein Rahmenwerk — klein
Requires-Python: >=3.8
Requires-Dist: Werkzeug>=3.0.0
requires-dist: asgiref>=3.2 ; extra == "async"
Provides-Extra: async
Provides-Extra: dotenv
Dynamic: Requires-Dist
Author:

# Flask
Requires-Dist: not-this-one
`;
    expect(parseCoreMetadata(text)).toEqual({
      metadataVersion: "2.4",
      name: "Flask",
      version: "3.0.3",
      summary: "Ein Rahmenwerk — klein",
      requiresDist: ["Werkzeug>=3.0.0", 'asgiref>=3.2 ; extra == "async"'],
      requiresPython: ">=3.8",
      providesExtra: ["async", "dotenv"],
      dynamic: ["requires-dist"],
    });
  });

  test.each([
    ["folded lines", `${START}Requires-Dist: a\n   >=1\n\t,<2\n`, ["a >=1 ,<2"]],
    ["Windows line ends", `${START}Requires-Dist: a>=1\n\nbody`.replaceAll("\n", "\r\n"), ["a>=1"]],
    ["a byte order mark", `\uFEFF${START}Requires-Dist: a\n`, ["a"]],
    [
      "a description in a header",
      `${START}Description: long\n        text: no field\n        \n        more\nRequires-Dist: a\n`,
      ["a"],
    ],
    ["a body without a blank line", `${START}Requires-Dist: a\nno field\nRequires-Dist: b\n`, ["a"]],
    ["empty values", `${START}Requires-Dist:\nRequires-Dist: a\n`, ["a"]],
    ["the obsolete field Requires", `${START}Requires: os\nRequires-Dist: a\n`, ["a"]],
  ])("is read with %s", (_what, text, requiresDist) => {
    expect(parseCoreMetadata(text)).toMatchObject({ name: "Flask", version: "3.0", requiresDist });
  });

  test("takes UNKNOWN for nothing", () => {
    expect(parseCoreMetadata(`${START}Summary: UNKNOWN\nRequires-Python:\n`)).toMatchObject({
      summary: undefined,
      requiresPython: undefined,
    });
  });

  test.each(["", "Name: a\n", "Version: 1\n", "\nName: a\nVersion: 1\n", "{}"])(
    "needs a name and a version: %j",
    (text) => {
      expect(() => parseCoreMetadata(text)).toThrow(InvalidMetadata);
    },
  );
});
