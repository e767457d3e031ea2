import { expect, test } from "vitest";

import { parseEntryPoints, parseObjectReference } from "../../../src/standards/entry-points.ts";

test("entry points are read group by group", () => {
  const text = `# comment
[console_scripts]
flask = flask.cli:main
pip3.11=pip._internal.cli.main:main
; another comment
with extras = pkg.mod : Class.method [one, two]

[flask.plugins]
Module = pkg.plugin
broken = not a reference!
no value
`;
  expect(parseEntryPoints(text)).toEqual([
    { group: "console_scripts", name: "flask", module: "flask.cli", attribute: "main", extras: [] },
    { group: "console_scripts", name: "pip3.11", module: "pip._internal.cli.main", attribute: "main", extras: [] },
    {
      group: "console_scripts",
      name: "with extras",
      module: "pkg.mod",
      attribute: "Class.method",
      extras: ["one", "two"],
    },
    { group: "flask.plugins", name: "Module", module: "pkg.plugin", attribute: undefined, extras: [] },
  ]);
});

test.each([
  ["module", { module: "module", attribute: undefined, extras: [] }],
  ["a.b:c", { module: "a.b", attribute: "c", extras: [] }],
  ["a.b : c.d [x]", { module: "a.b", attribute: "c.d", extras: ["x"] }],
  ["a-b:c", undefined],
  ["a:b:c", undefined],
  ["", undefined],
])("%j refers to %j", (text, expected) => {
  expect(parseObjectReference(text)).toEqual(expected);
});
